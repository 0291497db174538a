import { createInternalServer, repository } from "@trireme/rpc";
import { AppError, startProbes } from "@trireme/runtime";
import type { Config } from "./config.ts";
import { type Context, createContext } from "./context.ts";
import { atTheEdge, createHandlers } from "./handlers/index.ts";

export interface RepoServer extends AsyncDisposable {
  /** `host:port` for gRPC. */
  address: string;
  /** Base of `/healthz`, `/readyz`, `/metrics`. */
  probes: string;
}

/** Serves `trireme.repo.v1.Repository`, with health and metrics beside it. */
export async function startRepoServer(config: Config, ctx: Context = createContext(config)): Promise<RepoServer> {
  const probes = await startProbes({ ...config.probes, metrics: ctx.events.metrics });
  const server = await createInternalServer({
    services: { [repository.REPOSITORY_SERVICE]: createHandlers(ctx) },
    listen: config.listen,
    ...(config.tls && { tls: config.tls }),
    async around(call, _request, next) {
      const started = performance.now();
      try {
        await next();
      } catch (thrown) {
        const error = atTheEdge(thrown);
        const facts = { method: call.method, ms: Math.round(performance.now() - started) };
        // What somebody else must mend is told in one line; where it was thrown helps only with what we did not expect.
        if (error instanceof AppError) ctx.log.info({ ...facts, reason: error.reason, error: error.message }, "call failed");
        else ctx.log.error({ ...facts, error }, "call failed");
        throw error;
      }
    },
  });
  probes.setReady(true);
  ctx.log.info({ address: server.address, probes: probes.url }, "listening");
  void ctx.store.sweep();
  return {
    address: server.address,
    probes: probes.url,
    async [Symbol.asyncDispose]() {
      probes.setReady(false, "stopping");
      await server.stop();
      await probes[Symbol.asyncDispose]();
      await ctx[Symbol.asyncDispose]();
    },
  };
}
