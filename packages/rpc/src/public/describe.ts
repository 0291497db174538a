import { publicContract } from "./contract.ts";

/** One REST route, for descriptions of the API. */
export interface PublicRoute {
  /** `GET`. */
  verb: string;
  template: string;
  service: string;
  name: string;
  parameters: { name: string; in: "path" | "query"; required: boolean; type: string }[];
  body: boolean;
  stream: boolean;
}

const TYPES: Record<string, string> = { string: "string", bytes: "string", bool: "boolean", double: "number", float: "number" };

/** Every REST route with the parameters that its path and query take. */
export function publicRoutes(): PublicRoute[] {
  return publicContract().methods.flatMap((method) =>
    method.http.map(({ verb, template, body }) => {
      const inPath = [...template.matchAll(/\{([\w.]+)(?:=\*\*)?\}/g)].map((match) => match[1]!);
      const query = body === "*" ? [] : method.request.fields.filter((field) => "scalar" in field.of && field.shape !== "map" && field.json !== body && !inPath.includes(field.json));
      return {
        verb,
        template,
        service: method.service,
        name: method.name,
        parameters: [
          ...inPath.map((name) => ({ name, in: "path" as const, required: true, type: "string" })),
          ...query.map((field) => ({ name: field.json, in: "query" as const, required: false, type: field.shape === "repeated" ? "array" : (TYPES[(field.of as { scalar: string }).scalar] ?? "integer") })),
        ],
        body: body !== undefined,
        stream: method.responseStream,
      };
    }),
  );
}
