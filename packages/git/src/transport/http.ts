import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { authorization, basic, displayUrl, type RepositoryAccess } from "../access.ts";
import { refused, timedOut, tooLarge, unreachable, protocolError } from "../errors.ts";
import { GithubApps, isGithubApp, TOKEN_USER } from "./github-app.ts";

export interface HttpLimits {
  /** Longest wait for a connection, for an answer's head, and between two pieces of its body. */
  requestTimeoutMs: number;
  /** Called for each HTTP request that is sent. */
  onHttp?: (what: string) => void;
  now?: () => number;
}

export interface HttpAnswer {
  body: AsyncIterable<Uint8Array>;
  contentType: string;
  /** Where the answer came from, after redirects. */
  url: string;
}

const AGENT = "git/trireme";
const MAX_REDIRECTS = 5;

/** One request and what may still become of it. */
interface Asked {
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: Buffer;
  patienceMs: number;
  /** Redirects that are still followed. */
  redirects: number;
  /** Sent again already, because a kept connection was closed. */
  again?: boolean;
  /** Sent again already, with a new token of a GitHub App. */
  renewed?: boolean;
}

/** The HTTP side of one process: connections are kept and shared by TLS options and proxy. */
export class HttpPool {
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #limits: HttpLimits;
  readonly #apps: GithubApps;

  constructor(limits: HttpLimits) {
    this.#limits = limits;
    this.#apps = new GithubApps({ dispatcher: (access, url) => this.#dispatcher(access, url), requestTimeoutMs: limits.requestTimeoutMs, now: limits.now ?? Date.now });
  }

  get(access: RepositoryAccess, url: string, headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#send(access, { method: "GET", url, headers, redirects: MAX_REDIRECTS, patienceMs: this.#limits.requestTimeoutMs }, signal);
  }

  /** `patienceMs` stands for the usual wait where an answer takes preparing. */
  post(access: RepositoryAccess, url: string, headers: Record<string, string>, body: Buffer, signal: AbortSignal, patienceMs = this.#limits.requestTimeoutMs): Promise<HttpAnswer> {
    return this.#send(access, { method: "POST", url, headers, body, redirects: 0, patienceMs }, signal);
  }

  /** The same access with a user and password that stand for its GitHub App, for programs that know only those. */
  async signedIn(access: RepositoryAccess, signal?: AbortSignal): Promise<RepositoryAccess> {
    return isGithubApp(access) ? { ...access, username: TOKEN_USER, password: await this.#apps.token(access, signal) } : access;
  }

  async #send(access: RepositoryAccess, asked: Asked, signal: AbortSignal): Promise<HttpAnswer> {
    const { method, url, headers, body, patienceMs } = asked;
    // Credentials go only to the host that they were given for.
    const home = new URL(access.url).host === new URL(url).host;
    const token = home && isGithubApp(access) ? await this.#apps.token(access, signal) : undefined;
    const auth = !home ? undefined : token === undefined ? authorization(access) : basic(TOKEN_USER, token);
    this.#limits.onHttp?.(`${method} ${new URL(url).pathname.split("/").at(-1)}`);
    let response: Dispatcher.ResponseData;
    try {
      response = await request(withoutUser(url), {
        method,
        dispatcher: this.#dispatcher(access, url),
        headers: { "user-agent": AGENT, accept: "*/*", ...headers, ...(auth === undefined ? {} : { authorization: auth }) },
        body: body ?? null,
        signal,
        headersTimeout: patienceMs,
        bodyTimeout: patienceMs,
      });
    } catch (error) {
      // A kept connection that the server closed in this very moment. All that we ask is reading: asked again.
      if (asked.again !== true && !signal.aborted && ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes((error as { code?: string }).code ?? "")) return this.#send(access, { ...asked, again: true }, signal);
      throw this.#wordsFor(error, url, signal, patienceMs);
    }
    const { statusCode, headers: answered } = response;
    if (statusCode === 401 && token !== undefined && asked.renewed !== true) {
      // Taken back before its time; whether the app may still read is for GitHub to say.
      await response.body.dump();
      this.#apps.refused(access, token);
      return this.#send(access, { ...asked, renewed: true }, signal);
    }
    if (statusCode >= 300 && statusCode < 400 && answered["location"] !== undefined) {
      await response.body.dump();
      if (asked.redirects === 0) throw protocolError(url, `redirects (${statusCode}) where it must not`);
      const target = new URL(String(answered["location"]), url).href;
      if (!/^https?:/.test(target) || (url.startsWith("https:") && !target.startsWith("https:"))) throw protocolError(url, `redirects to ${displayUrl(target)}, which is not followed`);
      return this.#send(access, { ...asked, url: target, redirects: asked.redirects - 1 }, signal);
    }
    if (statusCode !== 200) throw refused(url, statusCode, await firstText(response.body));
    return { body: this.#worded(response.body, url, signal, patienceMs), contentType: String(answered["content-type"] ?? ""), url };
  }

  /** The body's pieces; what breaks on the way is said in our words. */
  async *#worded(body: AsyncIterable<Uint8Array>, url: string, signal: AbortSignal, patienceMs: number): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      throw this.#wordsFor(error, url, signal, patienceMs);
    }
  }

  #wordsFor(error: unknown, url: string, signal: AbortSignal, patienceMs: number): unknown {
    if (signal.aborted) return signal.reason ?? error;
    const code = (error as { code?: string }).code ?? "";
    if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT" || code === "UND_ERR_CONNECT_TIMEOUT") return timedOut(url, "answer", patienceMs);
    return unreachable(url, error);
  }

  #dispatcher(access: RepositoryAccess, url: string): Dispatcher {
    const proxy = access.proxy && !bypasses(new URL(url).hostname, access.noProxy ?? "") ? access.proxy : "";
    const key = JSON.stringify([proxy, access.insecure === true, access.caData, access.tlsClientCertData, access.tlsClientCertKey]);
    let dispatcher = this.#dispatchers.get(key);
    if (dispatcher === undefined) {
      const tls = {
        rejectUnauthorized: access.insecure !== true,
        ...(access.caData ? { ca: access.caData } : {}),
        ...(access.tlsClientCertData ? { cert: access.tlsClientCertData } : {}),
        ...(access.tlsClientCertKey ? { key: access.tlsClientCertKey } : {}),
      };
      const common = { connections: 8, keepAliveTimeout: 30_000, pipelining: 1 };
      dispatcher = proxy === "" ? new Agent({ ...common, connect: { ...tls, timeout: this.#limits.requestTimeoutMs } }) : new ProxyAgent({ ...common, uri: proxy, requestTls: tls });
      this.#dispatchers.set(key, dispatcher);
    }
    return dispatcher;
  }

  async close(): Promise<void> {
    const all = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(all.map((dispatcher) => dispatcher.destroy()));
  }
}

/** Hosts that go around the proxy: exact names, suffixes (`.corp`, `corp`), or `*`. */
export function bypasses(host: string, noProxy: string): boolean {
  const name = host.toLowerCase();
  return noProxy.split(",").some((part) => {
    const rule = part.trim().toLowerCase().replace(/^\*?\./, "").replace(/:\d+$/, "");
    return rule === "*" || (rule !== "" && (name === rule || name.endsWith(`.${rule}`)));
  });
}

export function limited(body: AsyncIterable<Uint8Array>, limit: number, url: string, what: string): AsyncIterable<Uint8Array> {
  return (async function* () {
    let total = 0;
    for await (const chunk of body) {
      total += chunk.byteLength;
      if (total > limit) throw tooLarge(url, what, limit);
      yield chunk;
    }
  })();
}

async function firstText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of body) {
      parts.push(chunk);
      total += chunk.byteLength;
      if (total > 4096) break;
    }
  } catch {
    // The status says enough.
  }
  const text = Buffer.concat(parts).toString("utf8");
  return /<html|<!doctype/i.test(text) ? (/<title>([^<]*)/i.exec(text)?.[1] ?? "") : text;
}

function withoutUser(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
