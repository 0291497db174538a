import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { AppError, Code } from "@trireme/runtime";
import { type Dispatcher, request } from "undici";
import { displayUrl, isHttpUrl, type RepositoryAccess } from "../access.ts";
import { timedOut, unreachable } from "../errors.ts";
import { unlessAborted } from "../mutex.ts";

/** The name that an installation's token is used under. */
export const TOKEN_USER = "x-access-token";

const GITHUB = "https://api.github.com";
/** GitHub takes no assertion that lives longer than ten minutes; its clock may be behind ours. */
const BEHIND_S = 60;
const ASSERTION_S = 300;
/** A token is not begun with when a fetch could outlive it. */
const SPARE_MS = 120_000;
const INSTALLATION_MS = 3_600_000;
const MOST_PAGES = 100;
const ANSWER_BYTES = 16 * 1024 * 1024;
const MOST_KNOWN = 10_000;

interface App {
  id: number;
  privateKey: string;
  /** 0: found by the owner. */
  installation: number;
  /** Base of the API, without a trailing slash. */
  api: string;
  /** Stands for the key, the number and the API together. */
  key: string;
}

interface Token {
  text: string;
  until: number;
}

export interface GithubAppsOptions {
  /** Connections to an address with the TLS settings and the proxy of a repository. */
  dispatcher: (access: RepositoryAccess, url: string) => Dispatcher;
  requestTimeoutMs: number;
  now: () => number;
}

/** Whether a GitHub App opens this repository: as with Argo CD, over HTTP and where no password or token is given. */
export function isGithubApp(access: RepositoryAccess): boolean {
  return isHttpUrl(access.url) && !access.password && !access.bearerToken && Boolean(access.githubAppPrivateKey) && Number(access.githubAppId ?? 0) !== 0;
}

/** The tokens that GitHub gives to the installations of apps: one for all repositories and fetches until shortly before it expires. */
export class GithubApps {
  readonly #options: GithubAppsOptions;
  readonly #tokens = new Map<string, Token>();
  readonly #asking = new Map<string, Promise<Token>>();
  /** By app and owner in lower case. */
  readonly #installations = new Map<string, { id: number; until: number }>();

  constructor(options: GithubAppsOptions) {
    this.#options = options;
  }

  /** @throws AppError GitHubAppRefused with GitHub's own words; GitHubAppNotInstalled; GitHubAppKeyInvalid. */
  async token(access: RepositoryAccess, signal?: AbortSignal): Promise<string> {
    const app = appOf(access);
    const door = doorOf(app, access);
    const known = this.#tokens.get(door);
    if (known !== undefined && this.#options.now() < known.until) return known.text;
    let asking = this.#asking.get(door);
    if (asking === undefined) {
      asking = this.#exchange(app, access).finally(() => this.#asking.delete(door));
      asking.then((token) => keep(this.#tokens, door, token), () => undefined);
      this.#asking.set(door, asking);
    }
    return (await unlessAborted(asking, signal)).text;
  }

  /** Git did not take a token: it is not given again. */
  refused(access: RepositoryAccess, text: string): void {
    const door = doorOf(appOf(access), access);
    if (this.#tokens.get(door)?.text === text) this.#tokens.delete(door);
  }

  async #exchange(app: App, access: RepositoryAccess): Promise<Token> {
    if (app.installation !== 0) return this.#tokenOf(app, app.installation, access);
    const { id, remembered } = await this.#installation(app, access);
    try {
      return await this.#tokenOf(app, id, access);
    } catch (error) {
      // Removed and installed again, an app has another number at the same owner.
      if (!remembered || !(error instanceof AppError) || error.code !== Code.NotFound) throw error;
      this.#installations.delete(atOwner(app, ownerOf(access)));
      return this.#tokenOf(app, (await this.#installation(app, access)).id, access);
    }
  }

  async #tokenOf(app: App, installation: number, access: RepositoryAccess): Promise<Token> {
    const url = `${app.api}/app/installations/${installation}/access_tokens`;
    const { body } = await this.#ask(app, "POST", url, access);
    const { token, expires_at: expires } = body as { token?: unknown; expires_at?: unknown };
    const until = Date.parse(String(expires));
    if (typeof token !== "string" || token === "" || Number.isNaN(until)) throw strange(url);
    return { text: token, until: until - SPARE_MS };
  }

  /** Of all installations of the app the one at the repository's owner. */
  async #installation(app: App, access: RepositoryAccess): Promise<{ id: number; remembered: boolean }> {
    const owner = ownerOf(access);
    const known = this.#installations.get(atOwner(app, owner));
    if (known !== undefined && this.#options.now() < known.until) return { id: known.id, remembered: true };
    let found: number | undefined;
    let url: string | undefined = `${app.api}/app/installations?per_page=100`;
    for (let page = 0; url !== undefined && page < MOST_PAGES; page++) {
      const answer: Answer = await this.#ask(app, "GET", url, access);
      if (!Array.isArray(answer.body)) throw strange(url);
      for (const { id, account } of answer.body as { id?: unknown; account?: { login?: unknown } | null }[]) {
        if (typeof id !== "number" || typeof account?.login !== "string") continue;
        keep(this.#installations, atOwner(app, account.login), { id, until: this.#options.now() + INSTALLATION_MS });
        if (account.login.toLowerCase() === owner.toLowerCase()) found = id;
      }
      url = nextPage(answer.link, url);
    }
    if (found === undefined) throw new AppError(`GitHub App ${app.id} is not installed for ${owner || "the owner"} of ${displayUrl(access.url)}, says ${displayUrl(app.api)}`, { reason: "GitHubAppNotInstalled", code: Code.NotFound, retry: "later", details: { repository: displayUrl(access.url) } });
    return { id: found, remembered: false };
  }

  /** One question in the app's own name. */
  async #ask(app: App, method: "GET" | "POST", url: string, access: RepositoryAccess): Promise<Answer> {
    const { dispatcher, requestTimeoutMs, now } = this.#options;
    const assertion = assertionOf(app, privateKeyOf(app, access), now());
    // Certificates are kept by host: those of the repository say nothing about another.
    const { caData: _, ...others } = access;
    const reached = new URL(url).hostname === new URL(access.url).hostname ? access : others;
    let answer: Dispatcher.ResponseData;
    let text: string;
    try {
      answer = await request(url, {
        method,
        dispatcher: dispatcher(reached, url),
        headers: { authorization: `Bearer ${assertion}`, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28", "user-agent": "trireme" },
        headersTimeout: requestTimeoutMs,
        bodyTimeout: requestTimeoutMs,
        signal: AbortSignal.timeout(2 * requestTimeoutMs),
      });
      text = await readText(answer.body);
    } catch (error) {
      const { code = "", name = "" } = error as { code?: string; name?: string };
      throw name === "TimeoutError" || /_TIMEOUT$/.test(code) ? timedOut(url, "answer", requestTimeoutMs) : unreachable(url, error);
    }
    if (answer.statusCode !== (method === "POST" ? 201 : 200)) throw refusal(app, access, url, answer.statusCode, text);
    return { body: parsed(text, url), link: String(answer.headers["link"] ?? "") };
  }
}

interface Answer {
  body: unknown;
  link: string;
}

function appOf(access: RepositoryAccess): App {
  const id = Number(access.githubAppId ?? 0);
  const privateKey = access.githubAppPrivateKey ?? "";
  const api = (access.githubAppEnterpriseBaseUrl || GITHUB).trim().replace(/\/+$/, "");
  if (!isHttpUrl(api) || !URL.canParse(api)) throw new AppError(`${displayUrl(access.url)}: ${JSON.stringify(api)} is not the URL of a GitHub Enterprise API`, { reason: "InvalidRepositoryURL", code: Code.InvalidArgument, retry: "never" });
  return { id, privateKey, installation: Number(access.githubAppInstallationId ?? 0), api, key: createHash("sha256").update(JSON.stringify([privateKey, id, api])).digest("hex") };
}

/** Installations have a token each. */
function doorOf(app: App, access: RepositoryAccess): string {
  return app.installation === 0 ? atOwner(app, ownerOf(access)) : `${app.key} ${app.installation}`;
}

function atOwner(app: App, owner: string): string {
  return `${app.key} of ${owner.toLowerCase()}`;
}

/** `team` of `https://github.com/team/web.git`. */
function ownerOf(access: RepositoryAccess): string {
  return new URL(access.url.trim()).pathname.split("/").find((part) => part !== "") ?? "";
}

function privateKeyOf(app: App, access: RepositoryAccess): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(app.privateKey);
  } catch {
    // Said below; what OpenSSL says helps nobody.
  }
  if (key?.asymmetricKeyType !== "rsa") throw new AppError(`${displayUrl(access.url)}: the private key of GitHub App ${app.id} is not an RSA key in PEM`, { reason: "GitHubAppKeyInvalid", code: Code.InvalidArgument, retry: "never", details: { repository: displayUrl(access.url) } });
  return key;
}

/** A JSON Web Token (RFC 7519) as GitHub takes it from an app. */
function assertionOf(app: App, key: KeyObject, nowMs: number): string {
  const now = Math.floor(nowMs / 1000);
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encoded({ alg: "RS256", typ: "JWT" })}.${encoded({ iat: now - BEHIND_S, exp: now + ASSERTION_S, iss: String(app.id) })}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

/** Where a list goes on; never at another server, which the app's assertion is not for. */
function nextPage(link: string, from: string): string | undefined {
  const next = /<([^>]+)>;\s*rel="?next"?/.exec(link)?.[1];
  if (next === undefined) return undefined;
  if (!URL.canParse(next, from) || new URL(next, from).origin !== new URL(from).origin) throw strange(from);
  return new URL(next, from).href;
}

function refusal(app: App, access: RepositoryAccess, url: string, status: number, text: string): AppError {
  const said = messageIn(text);
  const code = status === 401 ? Code.Unauthenticated : status === 403 ? Code.PermissionDenied : status === 404 ? Code.NotFound : Code.Unavailable;
  return new AppError(`GitHub App ${app.id} is not let in to ${displayUrl(access.url)}: ${displayUrl(url)} answers ${status}${said === "" ? "" : `: ${said}`}`, { reason: "GitHubAppRefused", code, retry: code === Code.Unavailable ? "later" : "never", details: { repository: displayUrl(access.url), status } });
}

function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message.replace(/\s+/g, " ").trim().slice(0, 300) : "";
  } catch {
    return "";
  }
}

function parsed(text: string, url: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object") return value;
  } catch {
    // Said below.
  }
  throw strange(url);
}

function strange(url: string): AppError {
  return new AppError(`${displayUrl(url)} does not answer as GitHub's API`, { reason: "GitHubAppRefused", code: Code.Unavailable, retry: "later" });
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.byteLength;
    if (total > ANSWER_BYTES) throw new Error(`its answer is larger than ${ANSWER_BYTES} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString("utf8");
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_KNOWN) map.delete(map.keys().next().value!);
}
