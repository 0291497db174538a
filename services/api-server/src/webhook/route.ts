import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { PROVIDERS, type Headers } from "./providers.ts";
import { refreshFor } from "./refresh.ts";

/**
 * `POST /api/webhook`: who sent it is told by its headers, its secret is checked over the raw body, and
 * only then is the body parsed. Answers as soon as the pushes are handed on.
 */
export function registerWebhook(http: FastifyInstance, ctx: Context): void {
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error: { statusCode?: number }, _request, reply) => text(reply, 400, error.statusCode === 413 ? `Webhook payload is larger than ${ctx.settings.current().webhook.maxPayloadBytes} bytes` : "Webhook processing failed"));
    scope.post("/api/webhook", (request, reply) => receive(request, reply, ctx));
    scope.route({ method: ["GET", "PUT", "DELETE", "PATCH"], url: "/api/webhook", handler: async (_request, reply) => text(reply, 405, "Webhook processing failed: only POST is taken") });
  });
}

async function receive(request: FastifyRequest, reply: FastifyReply, ctx: Context): Promise<FastifyReply> {
  const { webhook } = ctx.settings.current();
  const headers = request.headers as Headers;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const provider = PROVIDERS.find((one) => one.recognises(headers));
  if (provider === undefined) return text(reply, 400, "Unknown webhook event");
  if (body.length > webhook.maxPayloadBytes) return text(reply, 400, `Webhook payload is larger than ${webhook.maxPayloadBytes} bytes`);
  if (!provider.verify(headers, body, webhook.secrets)) {
    ctx.log.warn({ provider: provider.name, peer: request.ip }, "webhook refused: its signature does not fit the configured secret");
    return text(reply, 400, "Webhook processing failed");
  }
  const payload = parsed(body, headers);
  if (payload === undefined) return text(reply, 400, "Webhook processing failed");
  const pushes = provider.pushes(headers, payload);
  await Promise.all(pushes.map((push) => refreshFor(push, ctx)));
  return reply.code(200).send();
}

/** GitHub can be told to send a form that holds the JSON. */
function parsed(body: Buffer, headers: Headers): Record<string, unknown> | undefined {
  try {
    const form = (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
    const value: unknown = JSON.parse(form ? (new URLSearchParams(body.toString()).get("payload") ?? "") : body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).type("text/plain; charset=utf-8").header("x-content-type-options", "nosniff").send(`${message}\n`);
}
