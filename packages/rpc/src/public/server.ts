import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { grpcEndpoint } from "../grpc/endpoint.ts";
import type { Around } from "../grpc/serve-methods.ts";
import type { Services } from "../handlers.ts";
import { allClosed, hostPort, listening, shuttingDown, type Where } from "../net/listening.ts";
import { publicDefinition } from "./contract.ts";
import { publicDefinitions } from "./reflected.ts";
import { listenerFor, type Certificate } from "./doors.ts";
import { answerGrpcWeb, isGrpcWeb, type GrpcWebOptions } from "./grpc-web.ts";
import { createRest } from "./rest.ts";

export interface PublicServerOptions {
  /** `{ "application.ApplicationService": { List: … } }`, messages in Argo CD's JSON shape. */
  services: Services;
  /** Whatever is not an RPC: pages, webhooks, badges. Must be ready. */
  http?: FastifyInstance;
  listen: Where;
  /** Without it plain text is served. */
  tls?: Certificate;
  /** Called around every handler, whichever the door: authentication, logging, metrics. */
  around?: Around;
  /** A path before all others, as a proxy keeps it: `/argocd`. */
  rootPath?: string;
  /** Paths below which `/api/v1/` is served as well. */
  apiRoots?: readonly string[];
  /** Content types that may change something over REST; empty: any. */
  contentTypes?: readonly string[];
  /** Compresses REST answers for clients that take gzip. Default true. */
  gzip?: boolean;
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
  const { services, around, messageLimit = DEFAULT_LIMIT } = options;
  const closing = new AbortController();
  const shared = { services, closing: closing.signal, ...(around && { around }) };
  const endpoint = grpcEndpoint({ ...shared, definition: publicDefinition, definitions: publicDefinitions, messageLimit, errorDetails: false });
  const http = publicHttp(options, { ...shared, bodyLimit: messageLimit });
  const redirect = createHttpServer((request, response) => redirectToHttps(request, response, options.rootPath));
  const listener = listenerFor({ http2: (socket) => endpoint.accept(socket), http1: (socket) => handOver(http, socket), redirect: (socket) => handOver(redirect, socket) }, options.tls);
  const port = await listening(listener.tcp, options.listen);

  const stop = async (): Promise<void> => {
    endpoint.setServing(false);
    listener.tcp.close();
    closing.abort(shuttingDown());
    http.close();
    endpoint.drain(DRAIN_MS);
    await allClosed(listener.sockets, DRAIN_MS);
    endpoint.close();
  };
  return {
    url: `${options.tls ? "https" : "http"}://${hostPort(options.listen.host, port)}`,
    port,
    setCertificate: (certificate) => listener.setCertificate(certificate),
    setServing: (serving) => endpoint.setServing(serving),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function publicHttp({ http, rootPath, apiRoots = [], contentTypes = ["application/json"], gzip = true }: PublicServerOptions, shared: GrpcWebOptions): HttpServer {
  const rest = createRest({ ...shared, gzip, contentTypes: contentTypes.map((type) => type.toLowerCase()) });
  const server = createHttpServer({ keepAliveTimeout: 60_000, requestTimeout: 120_000, headersTimeout: 20_000 }, (request, response) => {
    if (shared.closing.aborted) response.setHeader("connection", "close");
    stripRoot(request, rootPath);
    for (const root of apiRoots) if (request.url?.startsWith(`/${root}/api/v1/`)) stripRoot(request, root);
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
