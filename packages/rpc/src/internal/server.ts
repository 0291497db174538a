import { createServer as createTcpServer, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { grpcEndpoint } from "../grpc/endpoint.ts";
import type { Around } from "../grpc/serve-methods.ts";
import type { Services } from "../handlers.ts";
import { allClosed, hostPort, listening, shuttingDown, track, type Where } from "../net/listening.ts";
import { watchTlsFiles, type TlsFiles } from "../tls/files.ts";
import { requireLoopback } from "../tls/loopback.ts";
import { internalProtos, internalService } from "./protos.ts";

/** Largest message that either side takes. */
export const MAX_MESSAGE_BYTES = 200 * 1024 * 1024;
const DRAIN_MS = 5_000;

export interface InternalServerOptions {
  /** `{ "trireme.repo.v1.Repository": { Resolve: … } }`. */
  services: Services;
  listen: Where;
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
  /** Ends streams with Unavailable, answers running calls, refuses new ones; within five seconds. */
  stop(): Promise<void>;
}

/**
 * Serves one process to the other two, with health and reflection.
 * @throws AppError PlaintextRefused, TlsFilesInvalid, UnknownService, or AddressInUse.
 */
export async function createInternalServer({ services, listen, tls, around }: InternalServerOptions): Promise<InternalServer> {
  if (!tls) requireLoopback(listen.host, "internal gRPC server");
  const closing = new AbortController();
  const endpoint = grpcEndpoint({ services, definition: internalService, definitions: internalProtos, messageLimit: MAX_MESSAGE_BYTES, errorDetails: true, closing: closing.signal, ...(around && { around }) });
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    track(sockets, socket);
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
    endpoint.accept(socket);
  };
  const { listener, close } = tls ? tlsListener(tls, accept) : { listener: createTcpServer(accept), close: () => {} };
  const port = await listening(listener, listen);

  const stop = async (): Promise<void> => {
    endpoint.setServing(false);
    listener.close();
    close();
    closing.abort(shuttingDown());
    endpoint.drain(DRAIN_MS);
    await allClosed(sockets, DRAIN_MS);
    endpoint.close();
  };
  return { address: hostPort(listen.host, port), port, setServing: (serving) => endpoint.setServing(serving), stop, [Symbol.asyncDispose]: stop };
}

/** TLS ends before gRPC, so that new files serve the next connection without a restart. */
function tlsListener(files: TlsFiles, accept: (socket: Socket) => void): { listener: TlsServer; close: () => void } {
  const watched = watchTlsFiles(files);
  const listener = createTlsServer({ ...watched.current(), requestCert: true, rejectUnauthorized: true, ALPNProtocols: ["h2"], minVersion: "TLSv1.2" }, accept);
  watched.onChange((material) => listener.setSecureContext({ ...material, minVersion: "TLSv1.2" }));
  return { listener, close: () => watched.stop() };
}
