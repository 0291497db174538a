import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { AppError, Code } from "@trireme/runtime";

export interface Where {
  host: string;
  /** 0: any that is free. */
  port: number;
}

/** Listens and tells the port. @throws AppError AddressInUse. */
export async function listening(server: Server, { host, port }: Where): Promise<number> {
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new AppError(`cannot listen on ${host}:${port}: ${(cause as Error).message}`, { reason: "AddressInUse", code: Code.Unavailable, retry: "never", cause });
  }
  return (server.address() as AddressInfo).port;
}

/** `host:port`, an IPv6 address in brackets. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Waits until all are closed, and closes after `ms` what is not. */
export async function allClosed(sockets: ReadonlySet<Socket>, ms: number): Promise<void> {
  const timeout = AbortSignal.timeout(ms);
  for (const socket of sockets) {
    if (!socket.destroyed) await once(socket, "close", { signal: timeout }).catch(() => socket.destroy());
  }
}

/** Keeps a socket in the set while it is open. */
export function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

/** What streams end with when their server stops. */
export function shuttingDown(): AppError {
  return new AppError("the server is shutting down", { reason: "ShuttingDown", code: Code.Unavailable, retry: "now" });
}
