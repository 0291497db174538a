import { createServer as createTcpServer, type Server as TcpServer, type Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { track } from "../net/listening.ts";

export interface Certificate {
  cert: string | Buffer;
  key: string | Buffer;
}

export interface Doors {
  /** HTTP/2 connections: gRPC. */
  http2(socket: Socket): void;
  /** HTTP/1 connections: REST, gRPC-Web, pages. */
  http1(socket: Socket): void;
  /** HTTP/1 without TLS where TLS is served: sent to https. */
  redirect(socket: Socket): void;
}

export interface Listener {
  tcp: TcpServer;
  sockets: Set<Socket>;
  /** Serves the next connection with another certificate. */
  setCertificate(certificate: Certificate): void;
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const TLS_HANDSHAKE = 0x16;
/** How long a fresh connection may stay silent before we know what it speaks. */
const FIRST_BYTES_MS = 10_000;

/** One port whose connections are told apart by their first bytes. */
export function listenerFor(doors: Doors, certificate: Certificate | undefined): Listener {
  const sockets = new Set<Socket>();
  const tls = certificate && tlsServer(certificate, doors);
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    track(sockets, socket);
    whenTold(socket, (first) => {
      if (first[0] === TLS_HANDSHAKE && tls) tls.emit("connection", socket);
      else if (isPreface(first)) tls ? socket.destroy() : doors.http2(socket);
      else if (tls) doors.redirect(socket);
      else doors.http1(socket);
    });
  });
  return { tcp, sockets, setCertificate: ({ cert, key }) => tls?.setSecureContext({ cert, key, minVersion: "TLSv1.2" }) };
}

/** Browsers offer both protocols and get HTTP/1.1, gRPC clients offer h2 alone; who offers none is told by the preface. */
function tlsServer({ cert, key }: Certificate, doors: Doors): TlsServer {
  const server = createTlsServer({ cert, key, minVersion: "TLSv1.2", ALPNProtocols: ["http/1.1", "h2"] }, (socket) => {
    if (socket.alpnProtocol === "h2") doors.http2(socket);
    else if (socket.alpnProtocol === "http/1.1") doors.http1(socket);
    else whenTold(socket, (first) => (isPreface(first) ? doors.http2(socket) : doors.http1(socket)));
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  return server;
}

/** Reads until the preface is decided, puts the bytes back and hands the socket on. */
function whenTold(socket: Socket, decide: (first: Buffer) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const silent = setTimeout(() => socket.destroy(), FIRST_BYTES_MS).unref();
  const onError = (): void => void socket.destroy();
  const onData = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    if (seen.length < PREFACE.length && seen.equals(PREFACE.subarray(0, seen.length))) return;
    clearTimeout(silent);
    socket.off("data", onData);
    socket.off("error", onError);
    socket.pause();
    socket.unshift(seen);
    decide(seen);
  };
  socket.on("error", onError);
  socket.on("data", onData);
  socket.once("close", () => clearTimeout(silent));
}

function isPreface(first: Buffer): boolean {
  return first.subarray(0, PREFACE.length).equals(PREFACE);
}
