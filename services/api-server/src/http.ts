import { fastify, type FastifyInstance } from "fastify";
import { registerBadge } from "./badge/route.ts";
import type { Context } from "./context.ts";
import { registerPage } from "./page/route.ts";
import { registerSwagger } from "./swagger/route.ts";
import { registerWebhook } from "./webhook/route.ts";

/** What is not an RPC: health, webhooks, badges, the API's description and the page. */
export async function createHttp(ctx: Context, isReady: () => boolean): Promise<FastifyInstance> {
  const http = fastify({ logger: false, bodyLimit: ctx.settings.current().webhook.maxPayloadBytes });
  http.get("/healthz", async (_request, reply) => {
    const ready = isReady();
    return reply.code(ready ? 200 : 503).type("text/plain; charset=utf-8").send(ready ? "ok\n" : "not ready\n");
  });
  registerWebhook(http, ctx);
  registerBadge(http, ctx);
  registerSwagger(http);
  registerPage(http, ctx);
  http.setNotFoundHandler((_request, reply) => reply.code(404).type("text/plain; charset=utf-8").send("Not Found\n"));
  await http.ready();
  return http;
}
