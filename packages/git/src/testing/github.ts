import { createPublicKey, generateKeyPairSync, randomUUID, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TestInstallation {
  id: number;
  /** Whose repositories it opens: `team` of `<url>/team/web.git`. */
  account: string;
  suspended?: boolean;
}

/** A GitHub Enterprise Server with one app. */
export interface TestGithub extends AsyncDisposable {
  /** Its repositories are `<url>/<account>/<name>.git`. */
  url: string;
  /** What `githubAppEnterpriseBaseUrl` has to be. */
  api: string;
  app: number;
  /** The app's key in PEM. */
  privateKey: string;
  installations: TestInstallation[];
  /** Questions to the API, in order: `POST /app/installations/7/access_tokens`. */
  asked: string[];
  /** Git's requests that were let in. */
  fetched: string[];
  /** Every token so far. */
  tokens: string[];
  /** Takes all tokens back before their time. */
  revoke(): void;
}

export interface TestGithubOptions {
  /** The Git server that stands behind it: `<url>/<name>.git`, as this user. */
  git: { url: string; user?: string; password?: string };
  installations: TestInstallation[];
  /** Installations in one answer. Default 100, as asked for. */
  pageSize?: number;
  /** Where a list of installations says that it goes on, if not here. */
  nextPage?: string;
  now?: () => number;
}

const HOUR_MS = 3_600_000;
const LONGEST_S = 600;

/** GitHub's part in letting an app in: checks each assertion with the public key and each token before it passes Git's requests on. */
export async function startTestGithub(options: TestGithubOptions): Promise<TestGithub> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs1", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } });
  const now = options.now ?? Date.now;
  const valid = new Map<string, { account: string; until: number }>();
  const github = { url: "", api: "", app: 4711, privateKey, installations: options.installations, asked: [] as string[], fetched: [] as string[], tokens: [] as string[], revoke: () => valid.clear() };
  const answer = (response: ServerResponse, status: number, body: unknown): void => void response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));

  const serveApi = (request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): void => {
    github.asked.push(`${request.method} ${path}`);
    const problem = problemWith(request.headers.authorization, github.app, publicKey, now());
    if (problem !== undefined) return answer(response, problem.status, { message: problem.message, documentation_url: "https://docs.github.com/rest" });
    if (request.method === "GET" && path === "/app/installations") {
      const size = Math.min(Number(query.get("per_page") ?? 30), options.pageSize ?? 100);
      const page = Number(query.get("page") ?? 1);
      if (page * size < github.installations.length) response.setHeader("link", `<${options.nextPage ?? `${github.api}${path}?per_page=${size}&page=${page + 1}`}>; rel="next", <${github.api}${path}?per_page=${size}&page=9>; rel="last"`);
      return answer(response, 200, github.installations.slice((page - 1) * size, page * size).map(({ id, account }) => ({ id, account: { login: account, type: "Organization" }, app_id: github.app })));
    }
    const id = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path)?.[1];
    const installation = github.installations.find((one) => String(one.id) === id);
    if (request.method !== "POST" || installation === undefined) return answer(response, 404, { message: "Not Found" });
    if (installation.suspended === true) return answer(response, 403, { message: "This installation has been suspended" });
    const token = `ghs_${randomUUID().replaceAll("-", "")}`;
    github.tokens.push(token);
    valid.set(token, { account: installation.account, until: now() + HOUR_MS });
    answer(response, 201, { token, expires_at: new Date(now() + HOUR_MS).toISOString().replace(/\.\d+/, ""), permissions: { contents: "read" } });
  };

  const serveGit = async (request: IncomingMessage, response: ServerResponse, [, account, rest]: RegExpExecArray): Promise<void> => {
    const [user, token = ""] = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString().split(":");
    const known = valid.get(token);
    if (user !== "x-access-token" || known === undefined || known.until <= now()) return void response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end("Invalid username or token. Password authentication is not supported for Git operations.");
    if (known.account.toLowerCase() !== account!.toLowerCase()) return void response.writeHead(404).end("Repository not found.");
    github.fetched.push(`${request.method} ${request.url}`);
    const { url, user: name = "", password = "" } = options.git;
    const { host: _, authorization: __, ...headers } = request.headers;
    const target = new URL(url);
    const forwarded = httpRequest({ host: target.hostname, port: target.port, method: request.method, path: `/${rest}`, headers: { ...headers, host: target.host, ...(name !== "" && { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` }) } });
    request.pipe(forwarded);
    const [upstream] = (await once(forwarded, "response")) as [IncomingMessage];
    response.writeHead(upstream.statusCode ?? 502, upstream.headers);
    upstream.pipe(response);
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://github");
    if (pathname.startsWith("/api/v3/")) return serveApi(request, response, pathname.slice("/api/v3".length), searchParams);
    const git = /^\/([^/]+)\/(.+)$/.exec(request.url ?? "");
    if (git === null) return answer(response, 404, { message: "Not Found" });
    void serveGit(request, response, git).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  github.api = `${github.url}/api/v3`;
  return Object.assign(github, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

/** What GitHub says to an app's assertion (RFC 7519), in its words; undefined: it is good. */
function problemWith(authorization: string | undefined, app: number, publicKey: string, nowMs: number): { status: number; message: string } | undefined {
  const refused = (message: string): { status: number; message: string } => ({ status: 401, message });
  const [head = "", claims = "", signature = ""] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization ?? "")?.slice(1) ?? [];
  const read = (part: string): Record<string, unknown> => (part === "" ? {} : (JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>));
  if (read(head)["alg"] !== "RS256" || !verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), createPublicKey(publicKey), Buffer.from(signature, "base64url"))) return refused("A JSON web token could not be decoded");
  const { iss, iat, exp } = read(claims);
  const now = Math.floor(nowMs / 1000);
  if (iss !== String(app)) return { status: 404, message: "Integration not found" };
  if (typeof iat !== "number" || iat > now) return refused("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued");
  if (typeof exp !== "number" || exp <= now) return refused("'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires");
  if (exp > now + LONGEST_S) return refused("'Expiration time' claim ('exp') is too far in the future");
  return undefined;
}
