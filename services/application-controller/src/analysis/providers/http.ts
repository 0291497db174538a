import { Agent, request, type Dispatcher } from "undici";
import { AppError, Code } from "@trireme/runtime";

export interface HttpRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  timeoutMs: number;
  /** Certificates are not looked at. */
  insecure: boolean;
  signal: AbortSignal;
}

export interface HttpResponse {
  status: number;
  text: string;
}

/** Requests to whatever metrics name, bounded in time, size and redirects. */
export interface HttpClient extends AsyncDisposable {
  send(request: HttpRequest): Promise<HttpResponse>;
}

const LARGEST_ANSWER = 4 * 1024 * 1024;
const MOST_REDIRECTS = 10;
/** Measurements of many runs go to one server; what is slow there must not hold up the others. */
const CONNECTIONS_A_SERVER = 256;

export function httpClient(): HttpClient {
  const agents = new Map<boolean, Agent>();
  const agentFor = (insecure: boolean): Agent => {
    let agent = agents.get(insecure);
    if (agent === undefined) agents.set(insecure, (agent = new Agent({ connections: CONNECTIONS_A_SERVER, connect: { rejectUnauthorized: !insecure, timeout: 30_000 } })));
    return agent;
  };
  return {
    async send(given) {
      given.signal.throwIfAborted();
      const controller = new AbortController();
      const stop = () => controller.abort(given.signal.reason);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        controller.abort();
      }, given.timeoutMs);
      given.signal.addEventListener("abort", stop, { once: true });
      try {
        return await follow(given, agentFor(given.insecure), controller.signal);
      } catch (error) {
        throw failure(given, error, isLate);
      } finally {
        clearTimeout(timer);
        given.signal.removeEventListener("abort", stop);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

async function follow(given: HttpRequest, dispatcher: Dispatcher, signal: AbortSignal): Promise<HttpResponse> {
  let { method, body } = given;
  let headers: Record<string, string> = { ...given.headers };
  let url = addressOf(given.url);
  for (let redirects = 0; ; redirects++) {
    const response = await request(url, { method: method as Dispatcher.HttpMethod, headers, ...(body !== undefined && { body }), dispatcher, signal, headersTimeout: 0, bodyTimeout: 0 });
    const location = response.headers["location"];
    if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== "string") return { status: response.statusCode, text: await textOf(response.body) };
    await response.body.dump();
    if (redirects >= MOST_REDIRECTS) throw new Error(`stopped after ${MOST_REDIRECTS} redirects`);
    const next = addressOf(location, url);
    if (next.host !== url.host) headers = without(headers, ["authorization", "cookie", "www-authenticate"]);
    if (response.statusCode < 307 && method !== "GET" && method !== "HEAD") {
      method = "GET";
      body = undefined;
      headers = without(headers, ["content-type", "content-length"]);
    }
    url = next;
  }
}

function addressOf(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new Error("invalid URL");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error(`unsupported protocol scheme "${url.protocol.slice(0, -1)}"`);
  return url;
}

async function textOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) {
      body.destroy();
      throw new Error(`the answer is larger than ${LARGEST_ANSWER / 1024 / 1024} MiB`);
    }
    chunks.push(chunk);
  }
  return (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString("utf8");
}

function without(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())));
}

/** In the words of Go's client: `Get "http://metrics/": connection refused`. */
function failure({ method, url, timeoutMs }: HttpRequest, error: unknown, isLate: boolean): AppError {
  const why = isLate ? `no complete answer within ${timeoutMs / 1000} s` : causeOf(error);
  return new AppError(`${method.slice(0, 1)}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}: ${why}`, { reason: "MeasurementFailed", code: Code.Unavailable, retry: "later", cause: error });
}

function causeOf(error: unknown): string {
  const { message, cause, errors } = error as Error & { errors?: readonly Error[] };
  return message || errors?.[0]?.message || (cause as Error | undefined)?.message || String(error);
}
