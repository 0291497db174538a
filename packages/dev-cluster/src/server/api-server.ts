import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { duplexPair, type Duplex } from "node:stream";
import { AppError, Code } from "@trireme/runtime/errors";
import type { Upgrade } from "../nodes/exec/remote-command.ts";
import type { ClusterKeys } from "../pki/certificates.ts";
import type { Call } from "./context.ts";
import { requestInfo } from "./request-info.ts";
import { respondError, send } from "./respond.ts";
import { tooLarge } from "./status-error.ts";
import type { Router } from "./router.ts";

// Importing from node:http reads all that it exports, a WebSocket among it, and with that a second HTTP client: 30 ms.
const { createServer: createPlainServer, ServerResponse: PlainResponse } = process.getBuiltinModule("node:http");

/** etcd's own limit on a request decides on a real server; this is its order of size. */
const MAX_BODY = 3 * 1024 * 1024;

export interface ApiServer {
  url: string;
  /** The client's end of a new connection within the process: no port, no TLS. */
  connect(): Duplex;
  close(): Promise<void>;
}

/** What tests look at and put in the way; called around every request. */
export interface Door {
  /** May wait, throw a StatusError, or return "drop" to cut the connection. */
  enter(request: { method: string; url: string; userAgent: string }): Promise<"drop" | void> | "drop" | void;
  left(request: { method: string; url: string; code: number; milliseconds: number }): void;
}

/** Serves the router over HTTPS on loopback. `port` 0 takes a free one. */
export async function serveApi(router: Router, keys: ClusterKeys, options: { port: number; door: Door }): Promise<ApiServer> {
  const sockets = new Set<Duplex>();
  const server: Server = createServer({ key: keys.server.key, cert: `${keys.server.cert}${keys.ca.cert}`, ca: keys.ca.cert, requestCert: true, rejectUnauthorized: false, minVersion: "TLSv1.2", shouldUpgradeCallback }, (request, response) => void handle(request, response));
  const inner = createPlainServer({ shouldUpgradeCallback }, (request, response) => void handle(request, response));
  for (const each of [server, inner]) {
    each.keepAliveTimeout = 120_000;
    each.requestTimeout = 0;
    each.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => void handleUpgrade(request, socket, head));
  }
  server.on("secureConnection", (socket: Socket) => {
    socket.setNoDelay(true);
    keep(socket);
  });

  function keep(socket: Duplex): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  }

  async function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    const response = new PlainResponse(request);
    response.assignSocket(socket as Socket);
    response.shouldKeepAlive = false;
    response.once("finish", () => socket.end());
    await handle(request, response, { request, socket, head });
  }

  async function handle(request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): Promise<void> {
    const started = performance.now();
    const method = request.method ?? "GET";
    const url = request.url ?? "/";
    response.setHeader("Audit-Id", randomUUID());
    const exchange = upgrade?.socket ?? response;
    exchange.once("close", () => options.door.left({ method, url, code: response.statusCode, milliseconds: performance.now() - started }));
    let call: Call | undefined;
    try {
      const entered = await options.door.enter({ method, url, userAgent: String(request.headers["user-agent"] ?? "") });
      if (entered === "drop") {
        request.socket.destroy();
        return;
      }
      const gone = new AbortController();
      exchange.once("close", () => gone.abort());
      const body = upgrade ? Buffer.alloc(0) : await readBody(request);
      call = { info: requestInfo(method, url), user: { name: "", groups: [] }, method, headers: request.headers, body, warnings: [], signal: gone.signal, manager: "", ...(upgrade && { upgrade }) };
      await router.handle(call, request, response);
    } catch (error) {
      respondError(response, error, call);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(taken ? new AppError(`port ${options.port} of 127.0.0.1 is in use by another process`, { reason: "PortInUse", code: Code.FailedPrecondition, cause: error }) : error);
    });
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connect() {
      const [theirs, ours] = duplexPair();
      keep(ours);
      inner.emit("connection", ours);
      return theirs;
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}

/** Other protocols than these are not spoken: requests that offer them are answered as they are. */
function shouldUpgradeCallback({ headers }: IncomingMessage): boolean {
  return /^(websocket|spdy\/3\.1)$/i.test(headers.upgrade ?? "");
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (request.method === "GET" || request.method === "HEAD") {
    request.resume();
    return Buffer.alloc(0);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw tooLarge("Request entity too large: limit is 3145728");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

export { send };
