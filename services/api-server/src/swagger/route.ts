import type { FastifyInstance } from "fastify";
import { publicRoutes } from "@trireme/rpc";
import { VERSION } from "../version.ts";

/** `/swagger.json`: every REST route with its parameters, made from the same descriptions that serve it. */
export function registerSwagger(http: FastifyInstance): void {
  let text: string | undefined;
  http.get("/swagger.json", async (_request, reply) => {
    text ??= JSON.stringify(description());
    return reply.type("text/plain; charset=utf-8").send(text);
  });
}

function description() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { verb, template, service, name, parameters, body, stream } of publicRoutes()) {
    const path = template.replaceAll("=**", "");
    (paths[path] ??= {})[verb.toLowerCase()] = {
      tags: [service.split(".")[1]],
      operationId: `${service.split(".")[1]}_${name}`,
      parameters: [...parameters, ...(body ? [{ name: "body", in: "body", required: true, schema: { type: "object" } }] : [])],
      responses: { 200: { description: stream ? "A stream of messages, one by line." : "A successful response.", schema: { type: "object" } }, default: { description: "An error: code, message.", schema: { type: "object" } } },
    };
  }
  return { swagger: "2.0", info: { title: "Trireme: the API of Argo CD", version: VERSION.compatible }, consumes: ["application/json"], produces: ["application/json"], paths };
}
