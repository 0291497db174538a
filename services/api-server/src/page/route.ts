import type { FastifyInstance } from "fastify";
import type { Context } from "../context.ts";

export function registerPage(http: FastifyInstance, _ctx: Context): void {
  http.get("/", async (_request, reply) => reply.type("text/html; charset=utf-8").send("<!doctype html><title>Trireme</title>"));
}
