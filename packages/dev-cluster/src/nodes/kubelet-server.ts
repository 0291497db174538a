import { asAppError, Code } from "@trireme/runtime/errors";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createClusterKeys } from "../pki/certificates.ts";
import type { PodExec } from "./exec/pod-exec.ts";
import type { PodLogs } from "./pod-logs.ts";

export interface KubeletServer extends AsyncDisposable {
  port: number;
}

/**
 * The part of a kubelet's HTTPS port that an API server calls for `kubectl logs` and `kubectl exec`. On loopback, with a certificate
 * of its own making: API servers do not verify kubelets unless they are given an authority for them.
 */
export async function startKubeletServer(kubelet: PodLogs & PodExec): Promise<KubeletServer> {
  const { server: pair } = createClusterKeys(Date.now());
  const server = createServer({ cert: pair.cert, key: pair.key }, (request, response) => void answer(kubelet, request, response));
  const upgradedSockets = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    upgradedSockets.add(socket.once("close", () => upgradedSockets.delete(socket)));
    void upgraded(kubelet, request, socket, head);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      for (const socket of upgradedSockets) socket.destroy();
      await once(server, "close");
    },
  };
}

async function answer(logs: PodLogs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "https://kubelet");
  const [, door, namespace, pod, container] = url.pathname.split("/").map(decodeURIComponent);
  if (door === "exec") return void response.writeHead(400, { "content-type": "text/plain" }).end("Upgrade request required");
  const unserved = CONNECTING[door ?? ""];
  if (unserved !== undefined) {
    response.writeHead(501, { "content-type": "text/plain" }).end(`${unserved} is not served by this node: its containers are simulated and run no processes to connect to\n`);
    return;
  }
  if (request.method !== "GET" || door !== "containerLogs" || !namespace || !pod || !container) {
    response.writeHead(404, { "content-type": "text/plain" }).end("the simulated kubelet serves container logs and exec only\n");
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

/** `GET` or `POST /exec/{namespace}/{pod}/{container}` with a change of protocol. */
async function upgraded(kubelet: PodLogs & PodExec, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  socket.on("error", () => socket.destroy());
  const response = new (process.getBuiltinModule("node:http").ServerResponse)(request);
  response.assignSocket(socket as never);
  const { pathname, searchParams } = new URL(request.url ?? "/", "https://kubelet");
  const [, door, namespace, pod, container, ...more] = pathname.split("/").map(decodeURIComponent);
  if (door !== "exec" || !namespace || !pod || !container || more.length > 0) return answer(kubelet, request, response);
  const flag = (name: string): boolean => searchParams.get(name) === "1";
  const { serveExec } = await import("./exec/remote-command.ts");
  await serveExec(kubelet, { namespace, pod, container, command: searchParams.getAll("command") }, { stdin: flag("input"), stdout: flag("output"), stderr: flag("error"), tty: flag("tty") }, { request, socket, head }, response);
}

/** Doors of a kubelet that lead into containers. */
const CONNECTING: Record<string, string> = { attach: "attach", portForward: "port-forward", run: "run" };

const CLOSED = new Error("the reader left");

function optionsOf(query: URLSearchParams) {
  const number = (name: string) => (query.has(name) ? { [name]: Number(query.get(name)) } : {});
  const flag = (name: string) => (query.get(name) === "true" ? { [name]: true } : {});
  return { ...flag("follow"), ...flag("previous"), ...flag("timestamps"), ...number("tailLines"), ...number("limitBytes"), ...number("sinceSeconds"), ...(query.has("sinceTime") && { sinceTime: query.get("sinceTime")! }) };
}
