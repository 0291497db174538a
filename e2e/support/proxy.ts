import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { load } from "js-yaml";

export interface SeenRequest {
  method: string;
  /** Path without its query. */
  path: string;
  query: string;
  userAgent: string;
}

/** What a test may do at a request: look, delay it, answer instead of the server, or let the sender die. */
export interface Tap {
  /** Before the request is passed on. Answering a status ends it here. */
  before?(request: SeenRequest, ordinal: number): Promise<void | { status: number; body: string }> | void;
  /** After the server has answered, before its sender hears of it. */
  after?(request: SeenRequest, ordinal: number): Promise<void> | void;
  /** What the server answers, as it comes and uncompressed. */
  chunk?(request: SeenRequest, chunk: Buffer): void;
}

/**
 * A proxy on loopback that sees each request of one client, so that requests can be counted and things
 * can be made to happen at the n-th of them, on whatever stands behind it.
 */
export interface Proxy extends AsyncDisposable {
  url: string;
  requests: SeenRequest[];
  tap: Tap;
  /** Forgets what was counted. */
  reset(): void;
}

export interface Upstream {
  url: string;
  ca?: string;
  cert?: string;
  key?: string;
}

export async function startProxy(upstream: Upstream): Promise<Proxy> {
  const target = new URL(upstream.url);
  const secure = target.protocol === "https:";
  const agent = secure ? new Agent({ keepAlive: true, ca: upstream.ca, cert: upstream.cert, key: upstream.key, ALPNProtocols: ["http/1.1"] }) : undefined;
  const proxy = { requests: [] as SeenRequest[], tap: {} as Tap };

  const server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const [path, query = ""] = incoming.url!.split("?");
      const seen: SeenRequest = { method: incoming.method!, path: path!, query, userAgent: incoming.headers["user-agent"] ?? "" };
      proxy.requests.push(seen);
      const ordinal = proxy.requests.length;
      // The body is read first: what kills the sender must not leave half a request at the server.
      const body = await bytesOf(incoming);
      const instead = await proxy.tap.before?.(seen, ordinal);
      if (instead != null) return void outgoing.writeHead(instead.status, { "content-type": "application/json" }).end(instead.body);
      const headers = { ...incoming.headers, host: target.host, ...(proxy.tap.chunk !== undefined && { "accept-encoding": "identity" }) };
      const forwarded = (secure ? httpsRequest : httpRequest)({ host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers, ...(agent && { agent }) });
      outgoing.on("close", () => forwarded.destroy());
      forwarded.on("error", () => outgoing.destroy());
      forwarded.on("response", (response) => {
        void (async () => {
          await proxy.tap.after?.(seen, ordinal);
          outgoing.writeHead(response.statusCode!, response.headers);
          response.on("data", (chunk: Buffer) => proxy.tap.chunk?.(seen, chunk));
          response.pipe(outgoing);
          response.on("error", () => outgoing.destroy());
        })();
      });
      forwarded.end(body);
    })().catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    ...proxy,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return proxy.requests;
    },
    get tap() {
      return proxy.tap;
    },
    set tap(tap: Tap) {
      proxy.tap = tap;
    },
    reset() {
      proxy.requests.length = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      agent?.destroy();
    },
  };
}

/** A proxy before a kubeconfig's cluster, acting as its user; and a kubeconfig that leads through it. */
export async function proxyKubeconfig(kubeconfig: string, file: string): Promise<Proxy> {
  const config = load(await readFile(kubeconfig, "utf8")) as any;
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const decode = (data: string | undefined): string | undefined => (data === undefined ? undefined : Buffer.from(data, "base64").toString());
  const text = async (data: string | undefined, path: string | undefined): Promise<string | undefined> => decode(data) ?? (path === undefined ? undefined : readFile(path, "utf8"));
  const [ca, cert, key] = await Promise.all([text(cluster["certificate-authority-data"], cluster["certificate-authority"]), text(user["client-certificate-data"], user["client-certificate"]), text(user["client-key-data"], user["client-key"])]);
  const proxy = await startProxy({ url: cluster.server, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) });
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "proxy",
      contexts: [{ name: "proxy", context: { cluster: "proxy", user: "proxy" } }],
      clusters: [{ name: "proxy", cluster: { server: proxy.url } }],
      users: [{ name: "proxy", user: {} }],
    }),
  );
  return proxy;
}

const READS = new Set(["GET", "HEAD"]);

export const isWatch = ({ query }: SeenRequest): boolean => /(^|&)watch=(1|true)/.test(query);
export const isEvent = ({ path }: SeenRequest): boolean => /\/events(\/|$)/.test(path);
export const isLease = ({ path }: SeenRequest): boolean => /\/leases(\/|$)/.test(path);
/** Changes of state; events and the shard's Lease are counted apart. */
export const isWrite = (request: SeenRequest): boolean => !READS.has(request.method) && !isEvent(request) && !isLease(request) && !/\/(selfsubject|token)[a-z]*s$/.test(request.path);
/** Single reads and lists that were not watches. */
export const isRead = (request: SeenRequest): boolean => READS.has(request.method) && !isWatch(request) && !isLease(request);

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
