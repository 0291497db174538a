import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { type RepositoryAccess, authorization, bypasses, displayUrl } from "@trireme/git";
import { AppError, Code } from "@trireme/runtime";

export interface DownloadOptions {
  access: RepositoryAccess;
  maxBytes: number;
  timeoutMs: number;
  headers?: Record<string, string>;
  /** Sends the credentials to other hosts too. */
  passCredentials?: boolean;
  signal?: AbortSignal;
}

export interface Download {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

const MAX_REDIRECTS = 5;

/** One GET, redirects followed; credentials stay with the host that they belong to. Any status is an answer. */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  const { access } = options;
  const dispatcher = dispatcherFor(access, url, options.timeoutMs);
  try {
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const own = options.passCredentials === true || new URL(at).host === new URL(access.url).host;
      const { authorization: given, ...headers } = options.headers ?? {};
      const auth = own ? (given ?? authorization(access)) : undefined;
      const answer = await request(at, {
        dispatcher,
        headers: { "user-agent": "trireme", ...headers, ...(auth === undefined ? {} : { authorization: auth }) },
        headersTimeout: options.timeoutMs,
        bodyTimeout: options.timeoutMs,
        ...(options.signal && { signal: options.signal }),
      });
      if (answer.statusCode >= 300 && answer.statusCode < 400 && answer.headers["location"] !== undefined && redirects < MAX_REDIRECTS) {
        await answer.body.dump();
        at = new URL(String(answer.headers["location"]), at).href;
        if (!/^https?:/.test(at)) throw new Error(`redirects to ${displayUrl(at)}`);
        continue;
      }
      return { status: answer.statusCode, headers: answer.headers, body: await collect(answer.body, options.maxBytes, url) };
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw new AppError(`failed to reach ${displayUrl(url)}: ${(error as Error).message || (error as { code?: string }).code}`, { reason: "RepositoryUnreachable", code: Code.Unavailable, retry: "later", cause: error, details: { url: displayUrl(url) } });
  } finally {
    void dispatcher.close();
  }
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number, url: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.byteLength;
    if (total > maxBytes) throw new AppError(`${displayUrl(url)} is larger than ${maxBytes} bytes`, { reason: "DownloadTooLarge", code: Code.ResourceExhausted, retry: "never" });
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

function dispatcherFor(access: RepositoryAccess, url: string, timeout: number): Dispatcher {
  const tls = {
    rejectUnauthorized: access.insecure !== true,
    ...(access.caData ? { ca: access.caData } : {}),
    ...(access.tlsClientCertData ? { cert: access.tlsClientCertData } : {}),
    ...(access.tlsClientCertKey ? { key: access.tlsClientCertKey } : {}),
  };
  if (access.proxy && !bypasses(new URL(url).hostname, access.noProxy ?? "")) return new ProxyAgent({ uri: access.proxy, requestTls: tls });
  return new Agent({ connect: { ...tls, timeout } });
}
