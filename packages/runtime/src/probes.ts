import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./metrics.ts";

export interface Probes extends AsyncDisposable {
  url: string;
  /** Ready once all that a request needs is there; off first when stopping. */
  setReady(ready: boolean, because?: string): void;
}

/** `/healthz` (alive), `/readyz` (ready, or 503 with the reason) and `/metrics` on one plain port. */
export async function startProbes(options: { host: string; port: number; metrics?: Metrics; live?: () => boolean }): Promise<Probes> {
  let ready = false;
  let because = "starting";
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0];
    const answer = (status: number, body: string, type = "text/plain; charset=utf-8") => response.writeHead(status, { "content-type": type }).end(body);
    if (path === "/healthz") {
      const alive = options.live?.() ?? true;
      return void answer(alive ? 200 : 503, alive ? "ok" : "not alive");
    }
    if (path === "/readyz") return void answer(ready ? 200 : 503, ready ? "ok" : because);
    if (path === "/metrics" && options.metrics !== undefined) {
      const { metrics } = options;
      return void metrics.registry.metrics().then(
        (text) => answer(200, text, metrics.registry.contentType),
        (error: unknown) => answer(500, String(error)),
      );
    }
    return void answer(404, "not found");
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    setReady(value, reason) {
      ready = value;
      because = reason ?? (value ? "" : "not ready");
    },
    async [Symbol.asyncDispose]() {
      ready = false;
      because = "stopping";
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
