import { fastify, type FastifyInstance } from "fastify";
import type { Context } from "./context.ts";
import { registerWebhook } from "./webhook/route.ts";
import { registerPage } from "./page/route.ts";

/** What is not an RPC: health, webhooks, badges and the page. */
export async function createHttp(ctx: Context): Promise<FastifyInstance> {
  const http = fastify({ logger: false, bodyLimit: ctx.settings.current().webhook.maxPayloadBytes, routerOptions: { ignoreTrailingSlash: false } });
  http.get("/healthz", async (_request, reply) => reply.type("text/plain; charset=utf-8").send("ok\n"));
  registerWebhook(http, ctx);
  registerPage(http, ctx);
  http.setNotFoundHandler((_request, reply) => reply.code(404).type("text/plain; charset=utf-8").send("Not Found\n"));
  await http.ready();
  return http;
}
