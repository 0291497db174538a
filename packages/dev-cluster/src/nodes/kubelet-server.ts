import { asAppError, Code } from "@trireme/runtime/errors";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createClusterKeys } from "../pki/certificates.ts";
import type { PodLogs } from "./pod-logs.ts";

export interface KubeletServer extends AsyncDisposable {
  port: number;
}

/**
 * The part of a kubelet's HTTPS port that an API server calls for `kubectl logs`. On loopback, with a certificate
 * of its own making: API servers do not verify kubelets unless they are given an authority for them.
 */
export async function startKubeletServer(logs: PodLogs): Promise<KubeletServer> {
  const { server: pair } = createClusterKeys(Date.now());
  const server = createServer({ cert: pair.cert, key: pair.key }, (request, response) => void answer(logs, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(logs: PodLogs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "https://kubelet");
  const [, door, namespace, pod, container] = url.pathname.split("/").map(decodeURIComponent);
  const unserved = CONNECTING[door ?? ""];
  if (unserved !== undefined) {
    response.writeHead(501, { "content-type": "text/plain" }).end(`${unserved} is not served by this node: its containers are simulated and run no processes to connect to\n`);
    return;
  }
  if (request.method !== "GET" || door !== "containerLogs" || !namespace || !pod || !container) {
    response.writeHead(404, { "content-type": "text/plain" }).end("the simulated kubelet serves container logs only\n");
    return;
  }
  const stop = new AbortController();
  response.on("close", () => stop.abort(CLOSED));
  try {
    for await (const line of logs.podLogs({ namespace, pod, container, ...optionsOf(url.searchParams), signal: stop.signal })) {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/plain" });
      if (!response.write(line)) await once(response, "drain", { signal: stop.signal });
    }
    response.end();
  } catch (thrown) {
    if (stop.signal.aborted) return;
    const error = asAppError(thrown);
    if (!response.headersSent) response.writeHead(error.code === Code.NotFound ? 404 : error.code === Code.InvalidArgument ? 400 : 500, { "content-type": "text/plain" });
    response.end(error.message);
  }
}

/** Doors of a kubelet that lead into containers. */
const CONNECTING: Record<string, string> = { exec: "exec", attach: "attach", portForward: "port-forward", run: "run" };

const CLOSED = new Error("the reader left");

function optionsOf(query: URLSearchParams) {
  const number = (name: string) => (query.has(name) ? { [name]: Number(query.get(name)) } : {});
  const flag = (name: string) => (query.get(name) === "true" ? { [name]: true } : {});
  return { ...flag("follow"), ...flag("previous"), ...flag("timestamps"), ...number("tailLines"), ...number("limitBytes"), ...number("sinceSeconds"), ...(query.has("sinceTime") && { sinceTime: query.get("sinceTime")! }) };
}
