import type { ClusterId } from "@trireme/api";
import { AppError } from "@trireme/runtime/errors";
import { pause } from "@trireme/runtime/waited";
import { isNativeError } from "node:util/types";
import type { Dispatcher } from "undici";
import type { Connection, Credentials } from "./connection.ts";
import { KubeError, KubeUnreachableError, statusOf } from "./errors.ts";
import { openPools, type Pools } from "./pools.ts";
import { onSilence } from "./silence.ts";

/** One exchange with an API server as it was sent, for metrics, logs and tests that count. */
export interface KubeRequestEvent {
  cluster: ClusterId;
  method: string;
  /** Path without the query. */
  path: string;
  query: string;
  /** The identity it was sent as, where that is an impersonated one. */
  impersonated?: string;
}

export interface KubeResponseEvent extends KubeRequestEvent {
  /** HTTP status; 0 where no answer came. */
  status: number;
  /** Until the head of the answer, in milliseconds. */
  ms: number;
}

export interface TransportOptions {
  cluster: ClusterId;
  connection: Connection;
  /** For a whole exchange that is no stream. Default 30 s. */
  requestTimeoutMs?: number;
  /** For TCP and TLS together. Default 10 s. */
  connectTimeoutMs?: number;
  /** An exchange that waits for so long, with nothing heard from the server meanwhile, makes it be asked. Absent: never. */
  silenceMs?: number;
  /** At most so many at once to this cluster; watches and logs do not count. Default 32. */
  connections?: number;
  userAgent?: string;
  /** Called for everything that is sent, repeated attempts included. */
  onRequest?: (event: KubeRequestEvent) => void;
  onResponse?: (event: KubeResponseEvent) => void;
}

export interface TransportRequest {
  method: string;
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string | string[]>;
  /** Sent as it stands where it is text or bytes, else as JSON. */
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  impersonated?: string;
}

export interface StreamResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Dispatcher.ResponseData["body"];
}

const MAX_ANSWER_BYTES = 512 << 20;
const MAX_ERROR_BYTES = 1 << 20;
const MAX_RETRIES = 10;

/**
 * HTTP/1.1 to one API server with one set of credentials. Two keep-alive pools: a bounded one for
 * exchanges, an unbounded one for streams, so that watches never use up the room for requests.
 */
export class Transport {
  readonly cluster: ClusterId;
  readonly requestTimeoutMs: number;
  readonly #options: TransportOptions;
  readonly #base: URL;
  readonly #prefix: string;
  #pools: Pools | undefined;
  #closed = false;
  /** Asks whether the server is there, for exchanges that wait too long; rejects when it is not. */
  probe: (() => Promise<void>) | undefined;
  /** When the server was last heard of, by `performance.now()`: answers and bytes of any stream alike. */
  heardAt = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.cluster = options.cluster;
    this.requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
    this.#base = new URL(options.connection.server);
    this.#prefix = this.#base.pathname.replace(/\/+$/, "");
  }

  /** One exchange, answer parsed. Throws KubeError for every status from 400 on. */
  async json<T>(request: TransportRequest): Promise<T> {
    return this.#withDeadline(request, async (signal) => {
      const response = await this.#answered(request, signal, false);
      const text = (await this.#read(response, request, MAX_ANSWER_BYTES)).toString("utf8");
      try {
        return JSON.parse(text) as T;
      } catch (cause) {
        throw new KubeUnreachableError(`${request.method} ${request.path} on ${this.cluster} answered ${response.status} with a body that is not JSON`, { cluster: this.cluster, reason: "ClusterUnreachable", cause });
      }
    });
  }

  /** The head of the answer under the deadline, its body as it comes. Statuses from 400 on throw KubeError. */
  async stream(request: TransportRequest): Promise<StreamResponse> {
    return this.#streaming(request, true);
  }

  /** As `stream`, but every status is an answer. */
  async raw(request: TransportRequest): Promise<StreamResponse> {
    return this.#streaming(request, false);
  }

  /**
   * Gives up every connection: what is under way on them fails with `why`, and the next request opens new ones. For
   * connections that look open and lead nowhere, of which one would be taken after the other.
   */
  abandonConnections(why: Error): void {
    const pools = this.#pools;
    this.#pools = undefined;
    for (const pool of [pools?.exchanges, pools?.streams]) pool?.destroy(why).catch(() => {});
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pools = this.#pools;
    this.#pools = undefined;
    await Promise.all([pools?.exchanges.destroy(), pools?.streams.destroy()]);
  }

  async #streaming(request: TransportRequest, throws: boolean): Promise<StreamResponse> {
    const stop = new AbortController();
    const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
    return this.#timed(request, stop, () => (throws ? this.#answered(request, signal, true) : this.#sendOnce(request, signal, true)));
  }

  async #withDeadline<T>(request: TransportRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const cancel = () => stop.abort();
    if (request.signal?.aborted) cancel();
    else request.signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await this.#timed(request, stop, () => work(stop.signal));
    } finally {
      request.signal?.removeEventListener("abort", cancel);
    }
  }

  /** Stops the work when the request's time is over, has the server asked while it is silent, and says in our words what went wrong. */
  async #timed<T>(request: TransportRequest, stop: AbortController, work: () => Promise<T>): Promise<T> {
    const timeoutMs = request.timeoutMs ?? this.requestTimeoutMs;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stop.abort();
    }, timeoutMs);
    const watchman = this.#watchOver(timeoutMs);
    try {
      return await work();
    } catch (thrown) {
      throw this.#explained(thrown, request, late ? timeoutMs : undefined);
    } finally {
      clearTimeout(timer);
      watchman?.();
    }
  }

  /** While an exchange waits and nothing at all is heard, the server is asked: a deadline alone is noticed late. */
  #watchOver(timeoutMs: number): (() => void) | undefined {
    const { silenceMs } = this.#options;
    if (silenceMs === undefined || timeoutMs <= silenceMs) return undefined;
    return onSilence(silenceMs, () => this.heardAt, () => void this.probe?.().catch(() => {}));
  }

  /** Sends until there is an answer below 400: waits as told by Retry-After, renews credentials once after a 401. */
  async #answered(request: TransportRequest, signal: AbortSignal, stream: boolean): Promise<StreamResponse> {
    const deadline = Date.now() + (request.timeoutMs ?? this.requestTimeoutMs);
    for (let attempt = 0; ; attempt++) {
      const response = await this.#sendOnce(request, signal, stream);
      if (response.status < 400) return response;

      const body = (await this.#read(response, request, MAX_ERROR_BYTES)).toString("utf8");
      const waitMs = retryAfterMs(response);
      const maySendAgain = attempt < MAX_RETRIES && (request.body === undefined || typeof request.body !== "object" || !(Symbol.asyncIterator in (request.body as object)));
      if (response.status === 401 && attempt === 0 && maySendAgain && (await this.#renewed(response.sentAs, signal))) continue;
      if (waitMs !== undefined && maySendAgain && Date.now() + waitMs < deadline) {
        await pause(waitMs, signal);
        continue;
      }
      throw new KubeError(statusOf(response.status, body), { cluster: this.cluster, method: request.method, path: request.path }, waitMs);
    }
  }

  /** Whether there are other credentials than those just refused: renewed now, or by somebody else meanwhile. */
  async #renewed(refused: Credentials, signal: AbortSignal): Promise<boolean> {
    const { connection } = this.#options;
    const differ = (credentials: Credentials) => credentials.authorization !== refused.authorization || credentials.cert !== refused.cert;
    return differ(await connection.credentials({ signal })) || differ(await connection.credentials({ renew: true, signal }));
  }

  async #sendOnce(request: TransportRequest, signal: AbortSignal, stream: boolean): Promise<StreamResponse & { sentAs: Credentials }> {
    signal.throwIfAborted();
    const { connection, onRequest, onResponse } = this.#options;
    const credentials = await connection.credentials({ signal });
    const query = queryText(request.query);
    const event: KubeRequestEvent = { cluster: this.cluster, method: request.method, path: request.path, query, ...(request.impersonated !== undefined && { impersonated: request.impersonated }) };
    const pools = this.#poolsFor(credentials);
    const started = performance.now();
    onRequest?.(event);
    try {
      const response = await this.#dispatch(stream ? pools.streams : pools.exchanges, request, query, credentials, signal);
      this.heardAt = performance.now();
      onResponse?.({ ...event, status: response.statusCode, ms: performance.now() - started });
      return { status: response.statusCode, headers: response.headers, body: response.body, sentAs: credentials };
    } catch (thrown) {
      onResponse?.({ ...event, status: 0, ms: performance.now() - started });
      throw thrown;
    }
  }

  async #dispatch(pool: Dispatcher, request: TransportRequest, query: string, credentials: Credentials, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const hasBody = request.body !== undefined;
    const options: Dispatcher.RequestOptions = {
      origin: this.#base.origin,
      method: request.method,
      path: this.#prefix + request.path + query,
      headers: {
        accept: "application/json",
        "user-agent": this.#options.userAgent ?? "trireme",
        ...(credentials.authorization && { authorization: credentials.authorization }),
        ...credentials.headers,
        ...(hasBody && { "content-type": request.contentType ?? "application/json" }),
        ...request.headers,
      },
      ...(hasBody && { body: typeof request.body === "string" || request.body instanceof Uint8Array ? request.body : JSON.stringify(request.body) }),
      signal,
      // Deadlines are ours, per exchange; a stream may be silent for as long as its reader allows.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    try {
      return await pool.request(options);
    } catch (thrown) {
      // The server closed an idle connection just as we used it. Reading again is always safe.
      if (request.method === "GET" && !signal.aborted && isStaleSocket(thrown)) return pool.request(options);
      throw thrown;
    }
  }

  #poolsFor(credentials: Credentials): Pools {
    if (this.#closed) throw new KubeUnreachableError(`the client of ${this.cluster} is closed`, { cluster: this.cluster, reason: "ClusterUnreachable" });
    if (this.#pools !== undefined && this.#pools.cert === credentials.cert) return this.#pools;
    // A rotated client certificate: what runs ends on the old pools.
    void this.#pools?.exchanges.close().catch(() => {});
    void this.#pools?.streams.close().catch(() => {});
    const { connection, connections = 32, connectTimeoutMs = 10_000 } = this.#options;
    this.#pools = openPools({ connection, credentials, connections, connectTimeoutMs });
    return this.#pools;
  }

  async #read(response: StreamResponse, request: TransportRequest, limit: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > limit) {
        response.body.destroy();
        throw new KubeUnreachableError(`${request.method} ${request.path} on ${this.cluster} answered more than ${limit} bytes`, { cluster: this.cluster, reason: "ClusterAnswerTooLarge" });
      }
      chunks.push(bytes);
    }
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  }

  #explained(thrown: unknown, request: TransportRequest, lateMs: number | undefined): unknown {
    if (lateMs !== undefined && !request.signal?.aborted) {
      return new KubeUnreachableError(`${this.cluster} did not answer ${request.method} ${request.path} within ${lateMs / 1000} s`, { cluster: this.cluster, reason: "ClusterTimeout", cause: thrown });
    }
    return connectionFailure(thrown, this.cluster, `${request.method} ${request.path}`, request.signal);
  }
}

/** What the HTTP client threw, in our words; a caller's own cancellation and our own errors stay as they are. */
export function connectionFailure(thrown: unknown, cluster: ClusterId, what: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason ?? thrown;
  if (thrown instanceof AppError || !isNativeError(thrown)) return thrown;
  return new KubeUnreachableError(`${what} on ${cluster}: ${rootMessage(thrown)}`, { cluster, reason: "ClusterUnreachable", cause: thrown });
}

function rootMessage(error: Error): string {
  if ("errors" in error && Array.isArray(error.errors) && isNativeError(error.errors[0])) return rootMessage(error.errors[0]);
  if (error.message === "" && isNativeError(error.cause)) return rootMessage(error.cause);
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}

function isStaleSocket(thrown: unknown): boolean {
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/** Milliseconds that the server asks to wait before the same request again; `undefined` where it does not. */
function retryAfterMs(response: StreamResponse): number | undefined {
  if (response.status !== 429 && response.status < 500) return undefined;
  const header = response.headers["retry-after"];
  const seconds = Number(Array.isArray(header) ? header[0] : header);
  // Everybody who was sent away at once was told the same time.
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 * (1 + 0.2 * Math.random()) : undefined;
}

function queryText(query: TransportRequest["query"]): string {
  if (!query) return "";
  let text = "";
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === "") continue;
    text += `${text === "" ? "?" : "&"}${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`;
  }
  return text;
}
