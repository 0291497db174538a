import type { Socket } from "node:net";
import { Agent, ProxyAgent, Socks5ProxyAgent, type Dispatcher } from "undici";
import type { Connection, Credentials } from "./connection.ts";
import { proxyFromEnvironment } from "./proxy-environment.ts";

/** Keep-alive connections to one API server: a bounded pool for exchanges, an unbounded one for streams. */
export interface Pools {
  /** The client certificate that they were opened with: another one needs other connections. */
  cert: string | undefined;
  exchanges: Dispatcher;
  streams: Dispatcher;
}

interface PoolOptions {
  connection: Connection;
  credentials: Credentials;
  connections: number;
  connectTimeoutMs: number;
}

export function openPools(options: PoolOptions): Pools {
  return { cert: options.credentials.cert, exchanges: pool(options, options.connections), streams: pool(options, null) };
}

function pool({ connection, credentials, connectTimeoutMs }: PoolOptions, connections: number | null): Dispatcher {
  const common = { connections, pipelining: 1, allowH2: false, keepAliveTimeout: 60_000, keepAliveMaxTimeout: 80_000, maxHeaderSize: 64 << 10 };
  const { open } = connection;
  // A socket that is there at once would be there before the pool has noted that it wants one.
  if (open) return new Agent({ ...common, connect: (_: unknown, done: (error: null, socket: Socket) => void) => void setImmediate(() => done(null, open() as Socket)) });
  const tls = {
    ...(connection.tls?.ca && { ca: connection.tls.ca }),
    ...(connection.tls?.serverName && { servername: connection.tls.serverName }),
    ...(connection.tls?.insecure && { rejectUnauthorized: false }),
    ...(credentials.cert && { cert: credentials.cert }),
    ...(credentials.key && { key: credentials.key }),
  };
  // TCP asks after 5 s of silence, then every second, ten times: a vanished peer is noticed within 15 s, without a request.
  const connect = { ...tls, timeout: connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: 5_000, allowH2: false };
  const proxyUrl = connection.proxyUrl ?? proxyFromEnvironment(connection.server, process.env);
  if (!proxyUrl) return new Agent({ ...common, connect });
  // Names are always resolved by the proxy, which is what socks5h asks for.
  const socks = /^socks5h?:/.test(proxyUrl) ? proxyUrl.replace(/^socks5h:/, "socks5:") : undefined;
  if (socks !== undefined) return new Socks5ProxyAgent(socks, { ...common, requestTls: { ...tls, timeout: connectTimeoutMs } });
  return new ProxyAgent({ ...common, uri: proxyUrl, requestTls: connect, connect: { timeout: connectTimeoutMs } });
}
