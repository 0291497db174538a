import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { once } from "node:events";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { AppError, Code } from "@trireme/runtime";
import type { Services } from "../handlers.ts";
import { addReflection } from "../grpc/reflection.ts";
import { serveMethods, type Around } from "../grpc/serve-methods.ts";
import { requireLoopback } from "../tls/loopback.ts";
import { watchTlsFiles, type TlsFiles } from "../tls/files.ts";
import { internalProtos, internalService } from "./protos.ts";

/** Largest message that either side takes. */
export const MAX_MESSAGE_BYTES = 200 * 1024 * 1024;
const DRAIN_MS = 5_000;

export interface InternalServerOptions {
  /** `{ "trireme.repo.v1.Repository": { Resolve: … } }`. */
  services: Services;
  listen: { host: string; port: number };
  /** Mutual TLS; without it only loopback is served. */
  tls?: TlsFiles;
  /** Called around each handler: logging, metrics. */
  around?: Around;
}

export interface InternalServer extends AsyncDisposable {
  /** `host:port`, as createClient takes it. */
  address: string;
  port: number;
  /** What `grpc.health.v1.Health/Check` answers; true from the start. */
  setServing(serving: boolean): void;
  /** Answers running calls, refuses new ones, ends within five seconds. */
  stop(): Promise<void>;
}

/**
 * Serves one process to the other two, with health and reflection.
 * @throws AppError PlaintextRefused, TlsFilesInvalid, UnknownService, or AddressInUse.
 */
export async function createInternalServer({ services, listen, tls, around }: InternalServerOptions): Promise<InternalServer> {
  if (!tls) requireLoopback(listen.host, "internal gRPC server");
  const grpc = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  for (const service of Object.keys(services)) serveMethods(grpc, service, internalService(service), services, { errorDetails: true, ...(around && { around }) });
  const health = new HealthImplementation({ "": "SERVING" });
  health.addToServer(grpc);
  addReflection(grpc, internalProtos, Object.keys(services));

  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    injector.injectConnection(socket);
  };
  const { listener, close } = tls ? tlsListener(tls, accept) : { listener: createTcpServer(accept), close: () => {} };
  await listening(listener, listen);
  const { port } = listener.address() as AddressInfo;

  const stop = async (): Promise<void> => {
    health.setStatus("", "NOT_SERVING");
    listener.close();
    close();
    injector.drain(DRAIN_MS);
    const over = Date.now() + DRAIN_MS;
    while (sockets.size > 0 && Date.now() < over) {
      const [socket] = sockets;
      await Promise.race([once(socket!, "close"), new Promise((resolve) => setTimeout(resolve, over - Date.now()).unref())]);
    }
    for (const socket of sockets) socket.destroy();
    injector.destroy();
    grpc.forceShutdown();
  };
  return {
    address: `${listen.host.includes(":") ? `[${listen.host}]` : listen.host}:${port}`,
    port,
    setServing: (serving) => health.setStatus("", serving ? "SERVING" : "NOT_SERVING"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** TLS ends before gRPC, so that new files serve the next connection without a restart. */
function tlsListener(files: TlsFiles, accept: (socket: Socket) => void): { listener: TlsServer; close: () => void } {
  const watched = watchTlsFiles(files);
  const listener = createTlsServer({ ...watched.current(), requestCert: true, rejectUnauthorized: true, ALPNProtocols: ["h2"], minVersion: "TLSv1.2" }, accept);
  watched.onChange((material) => listener.setSecureContext({ ...material, minVersion: "TLSv1.2" }));
  return { listener, close: () => watched.stop() };
}

async function listening(listener: TcpServer, { host, port }: { host: string; port: number }): Promise<void> {
  listener.listen({ host, port });
  try {
    await once(listener, "listening");
  } catch (cause) {
    throw new AppError(`cannot listen on ${host}:${port}: ${(cause as Error).message}`, { reason: "AddressInUse", code: Code.Unavailable, retry: "never", cause });
  }
}
