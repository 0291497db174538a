import { createHash } from "node:crypto";
import type { OAuth2 } from "@trireme/rollouts";
import { AppError, Code } from "@trireme/runtime";
import type { HttpClient, HttpRequest } from "./http.ts";

/** A token is asked for anew this long before it ends. */
const EARLY_MS = 10_000;
const MOST_TOKENS = 1000;

/** Client credentials (RFC 6749 §4.4): tokens are kept while they last, by what they were asked with. */
export class TokenStore {
  readonly #tokens = new Map<string, { header: string; until: number }>();

  /** The Authorization header for a metric; undefined where it asks for none. */
  async headerFor(oauth2: OAuth2 | undefined, given: { http: HttpClient; send: Pick<HttpRequest, "timeoutMs" | "insecure" | "signal">; now(): number }): Promise<string | undefined> {
    if (!oauth2?.tokenUrl) return undefined;
    const { tokenUrl, clientId, clientSecret, scopes = [] } = oauth2;
    if (!clientId || !clientSecret) throw problem("missing mandatory parameter in metric for OAuth2 setup");
    const key = createHash("sha256").update(JSON.stringify([tokenUrl, clientId, clientSecret, scopes, given.send.insecure])).digest("hex");
    const known = this.#tokens.get(key);
    if (known !== undefined && known.until - EARLY_MS > given.now()) return known.header;
    const token = await fetchToken({ tokenUrl, clientId, clientSecret, scopes }, given);
    if (this.#tokens.size >= MOST_TOKENS) this.#tokens.clear();
    this.#tokens.set(key, token);
    return token.header;
  }
}

async function fetchToken(client: { tokenUrl: string; clientId: string; clientSecret: string; scopes: readonly string[] }, given: { http: HttpClient; send: Pick<HttpRequest, "timeoutMs" | "insecure" | "signal">; now(): number }): Promise<{ header: string; until: number }> {
  const form = new URLSearchParams({ grant_type: "client_credentials", ...(client.scopes.length > 0 && { scope: client.scopes.join(" ") }) });
  const basic = Buffer.from(`${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`).toString("base64");
  const ask = (headers: Record<string, string>, body: URLSearchParams) => given.http.send({ ...given.send, method: "POST", url: client.tokenUrl, headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json", ...headers }, body: body.toString() });
  let answer = await ask({ authorization: `Basic ${basic}` }, form);
  // Some servers take the client's name and secret in the form only.
  if (answer.status >= 400 && answer.status < 500) answer = await ask({}, new URLSearchParams({ ...Object.fromEntries(form), client_id: client.clientId, client_secret: client.clientSecret }));
  if (answer.status < 200 || answer.status >= 300) throw problem(`oauth2: cannot fetch token: ${answer.status}`);
  const { access_token: token, token_type: type, expires_in: seconds } = parse(answer.text);
  if (typeof token !== "string" || token === "") throw problem("oauth2: server response missing access_token");
  const scheme = typeof type === "string" && type !== "" && type.toLowerCase() !== "bearer" ? type : "Bearer";
  return { header: `${scheme} ${token}`, until: given.now() + (Number(seconds) > 0 ? Number(seconds) * 1000 : 0) };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw problem("oauth2: cannot parse json");
}

function problem(message: string): AppError {
  return new AppError(message, { reason: "MeasurementFailed", code: Code.FailedPrecondition, retry: "later" });
}
