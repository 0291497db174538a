import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Server as GrpcServer, ServerCredentials } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";
import type { FastifyInstance } from "fastify";
import { HealthImplementation } from "grpc-health-check";
import { AppError, Code } from "@trireme/runtime";
import { addReflection } from "../grpc/reflection.ts";
import { serveMethods, type Around } from "../grpc/serve-methods.ts";
import type { Services } from "../handlers.ts";
import { publicContract, publicDefinition } from "./contract.ts";
import { listenerFor, type Certificate, type Listener } from "./doors.ts";
import { answerGrpcWeb, isGrpcWeb } from "./grpc-web.ts";
import { createRest } from "./rest.ts";

export interface PublicServerOptions {
  /** `{ "application.ApplicationService": { List: … } }`, messages in Argo CD's JSON shape. */
  services: Services;
  /** Whatever is not an RPC: pages, webhooks, badges. Must be ready. */
  http?: FastifyInstance;
  listen: { host: string; port: number };
  /** Without it plain text is served. */
  tls?: Certificate;
  /** Called around every handler, whichever the door: authentication, logging, metrics. */
  around?: Around;
  /** A path before all others, as a proxy keeps it: `/argocd`. */
  rootPath?: string;
  /** Content types that may change something over REST; empty: any. */
  contentTypes?: readonly string[];
  /** Largest message or body in bytes. */
  messageLimit?: number;
}

export interface PublicServer extends AsyncDisposable {
  /** `http://host:port`, with the address that was really bound. */
  url: string;
  port: number;
  setCertificate(certificate: Certificate): void;
  setServing(serving: boolean): void;
  /** Ends streams with Unavailable, lets unary calls finish for five seconds. */
  stop(): Promise<void>;
}

const DRAIN_MS = 5_000;
const DEFAULT_LIMIT = 200 * 1024 * 1024;

/** One port for REST, gRPC and gRPC-Web, told apart by preface and content type. @throws AppError AddressInUse. */
export async function createPublicServer(options: PublicServerOptions): Promise<PublicServer> {
  const closing = new AbortController();
  const grpc = publicGrpc(options, closing.signal);
  const http = publicHttp(options, closing.signal);
  const redirect = createHttpServer((request, response) => redirectToHttps(request, response, options.rootPath));
  const injector = grpc.server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = listenerFor(
    {
      http2: (socket) => injector.injectConnection(socket),
      http1: (socket) => handOver(http, socket),
      redirect: (socket) => handOver(redirect, socket),
    },
    options.tls,
  );
  await listening(listener, options.listen);
  const { port } = listener.tcp.address() as AddressInfo;

  const stop = async (): Promise<void> => {
    grpc.health.setStatus("", "NOT_SERVING");
    listener.tcp.close();
    closing.abort(new AppError("the server is shutting down", { reason: "ShuttingDown", code: Code.Unavailable, retry: "now" }));
    http.close();
    injector.drain(DRAIN_MS);
    const timeout = AbortSignal.timeout(DRAIN_MS);
    for (const socket of listener.sockets) {
      if (socket.destroyed) continue;
      await once(socket, "close", { signal: timeout }).catch(() => socket.destroy());
    }
    injector.destroy();
    grpc.server.forceShutdown();
  };
  const { host } = options.listen;
  return {
    url: `${options.tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    setCertificate: (certificate) => listener.setCertificate(certificate),
    setServing: (serving) => grpc.health.setStatus("", serving ? "SERVING" : "NOT_SERVING"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function publicGrpc({ services, around, messageLimit = DEFAULT_LIMIT }: PublicServerOptions, closing: AbortSignal): { server: GrpcServer; health: HealthImplementation } {
  const server = new GrpcServer({ "grpc.max_receive_message_length": messageLimit, "grpc.max_send_message_length": messageLimit });
  for (const service of Object.keys(services)) serveMethods(server, service, publicDefinition(service), services, { errorDetails: false, closing, ...(around && { around }) });
  const health = new HealthImplementation({ "": "SERVING" });
  health.addToServer(server);
  addReflection(server, () => fromJSON(publicContract().root.toJSON(), { keepCase: true }), Object.keys(services));
  return { server, health };
}

function publicHttp(options: PublicServerOptions, closing: AbortSignal): HttpServer {
  const { services, around, http, rootPath, messageLimit = DEFAULT_LIMIT, contentTypes = ["application/json"] } = options;
  const shared = { services, ...(around && { around }), bodyLimit: messageLimit, closing };
  const rest = createRest({ ...shared, contentTypes: contentTypes.map((type) => type.toLowerCase()) });
  const server = createHttpServer({ keepAliveTimeout: 60_000, requestTimeout: 120_000, headersTimeout: 20_000 }, (request, response) => {
    if (closing.aborted) response.setHeader("connection", "close");
    stripRoot(request, rootPath);
    const path = (request.url ?? "/").split("?", 1)[0]!;
    if (isGrpcWeb(request)) void answerGrpcWeb(request, response, shared);
    else if (path.startsWith("/api/v1/") || rest.knows(path) || !http) void rest.handle(request, response);
    else http.routing(request, response);
  });
  // Connections are handed in, so the server never listens; it tracks their idleness and timeouts from this event on.
  server.emit("listening");
  if (http) server.on("upgrade", (request: IncomingMessage, socket, head) => http.server.emit("upgrade", (stripRoot(request, rootPath), request), socket, head));
  return server;
}

function stripRoot(request: IncomingMessage, rootPath: string | undefined): void {
  const root = rootPath?.replace(/^\/+|\/+$/g, "");
  if (!root || !request.url) return;
  if (request.url === `/${root}` || request.url.startsWith(`/${root}/`) || request.url.startsWith(`/${root}?`)) request.url = request.url.slice(root.length + 1).replace(/^(?!\/)/, "/");
}

function redirectToHttps(request: IncomingMessage, response: ServerResponse, rootPath = ""): void {
  const root = rootPath.replace(/^\/+|\/+$/g, "");
  const path = request.url ?? "/";
  const prefix = root === "" || path === `/${root}` || path.startsWith(`/${root}/`) ? "" : `/${root}`;
  response.writeHead(307, { location: `https://${request.headers.host ?? "localhost"}${prefix}${path}`, connection: "close" });
  response.end();
}

function handOver(server: HttpServer, socket: Socket): void {
  server.emit("connection", socket);
  socket.resume();
}

async function listening({ tcp }: Listener, { host, port }: { host: string; port: number }): Promise<void> {
  tcp.listen({ host, port });
  try {
    await once(tcp, "listening");
  } catch (cause) {
    throw new AppError(`cannot listen on ${host}:${port}: ${(cause as Error).message}`, { reason: "AddressInUse", code: Code.Unavailable, retry: "never", cause });
  }
}
