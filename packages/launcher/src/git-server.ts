import { spawn } from "node:child_process";
import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { AppError, Code } from "@trireme/runtime";
import { drained } from "@trireme/runtime/waited";
import { changedRefs, defaultBranchOf, GIT_ALONE, refsOf, type PushedRef } from "./pushed-refs.ts";

export interface GitUser {
  name: string;
  token: string;
  /** Default true. */
  push?: boolean;
}

export interface GitServerOptions {
  /** Folder that holds bare repositories: `<root>/<name>.git`. */
  root: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0: any free one. */
  port: number;
  /** Who may read and push. Nobody listed: everybody may read, nobody may push. */
  users: readonly GitUser[];
  /** Lets people without a name read. Default false where users are listed. */
  anonymousRead?: boolean;
  /** Hears of every ref that a push has changed, once the push is over. */
  onPush?: (pushed: PushedRef) => void;
}

export interface GitServer extends AsyncDisposable {
  url: string;
  stop(): Promise<void>;
}

/** The paths of the smart protocol, and nothing else of what `git http-backend` would serve. */
const SMART = /^\/((?:[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\/){0,4}[A-Za-z0-9_][A-Za-z0-9._-]{0,99})\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/**
 * Serves a folder of bare repositories over smart HTTP, with users and push: `git http-backend` does the
 * protocol, this decides who may. `/healthz` answers once it listens.
 * @throws AppError AddressInUse where the port is taken.
 */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const host = options.host ?? "127.0.0.1";
  const backends = new Set<() => void>();
  const server = createServer((request, response) => {
    answer(options, request, response, backends).catch((error: unknown) => {
      if (response.writableEnded) return; // What was asked for is answered.
      if (response.headersSent) response.destroy();
      else say(response, 500, `Git server: ${(error as Error).message}`);
    });
  });
  server.requestTimeout = 0; // A push may take as long as its bytes need; silence ends it.
  server.timeout = 120_000;
  server.listen(options.port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new AppError(`Git server: cannot listen on ${host}:${options.port}: ${(cause as Error).message}`, { reason: "AddressInUse", code: Code.Unavailable, retry: "never", cause });
  }
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const kill of backends) kill();
    server.closeAllConnections();
    await once(server, "close");
  };
  return { url: `http://${host}:${(server.address() as AddressInfo).port}`, stop, [Symbol.asyncDispose]: stop };
}

async function answer(options: GitServerOptions, request: IncomingMessage, response: ServerResponse, backends: Set<() => void>): Promise<void> {
  const { pathname, search } = new URL(request.url ?? "/", "http://git");
  if (pathname === "/healthz") return say(response, 200, "ok");
  const match = SMART.exec(pathname);
  if (match === null || (request.method !== "GET" && request.method !== "POST")) return say(response, 404, "Not found");
  const [, repository = "", service = ""] = match;
  const pushing = service === "git-receive-pack" || search.includes("service=git-receive-pack");

  const user = whoIs(options.users, request.headers.authorization);
  const mayRead = user !== undefined || options.users.length === 0 || (options.anonymousRead === true && request.headers.authorization === undefined);
  if (!mayRead || (pushing && user === undefined)) {
    response.setHeader("www-authenticate", 'Basic realm="Git"');
    return say(response, 401, request.headers.authorization === undefined ? `${repository} needs a user name and a token` : `wrong user name or token for ${repository}`);
  }
  if (pushing && user?.push === false) return say(response, 403, `${user.name} may not push to ${repository}`);
  const folder = [repository, `${repository}.git`].find((name) => existsSync(path.join(options.root, name, "objects")));
  if (folder === undefined) return say(response, 404, `repository ${repository} not found`);
  const gitdir = path.resolve(options.root, folder);
  const { onPush } = options;
  const before = onPush !== undefined && service === "git-receive-pack" ? await refsOf(gitdir) : undefined;
  await backend(options.root, `/${folder}/${service}`, search.slice(1), user?.name, request, response, backends);
  if (before === undefined) return;
  const { localAddress, localPort } = request.socket;
  const readAt = `http://${localAddress}:${localPort}/${folder.replace(/\.git$/, "")}`;
  const defaultBranch = await defaultBranchOf(gitdir);
  for (const changed of changedRefs(before, await refsOf(gitdir))) onPush!({ repository: readAt, defaultBranch, ...changed });
}

/** One request to `git http-backend`, by CGI. */
async function backend(root: string, pathInfo: string, query: string, user: string | undefined, request: IncomingMessage, response: ServerResponse, backends: Set<() => void>): Promise<void> {
  const header = (name: string): string => String(request.headers[name] ?? "");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...GIT_ALONE,
      GIT_PROJECT_ROOT: path.resolve(root),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathInfo,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_ADDR: request.socket.remoteAddress ?? "",
      ...(request.headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: header("content-length") }),
      ...(user === undefined ? {} : { REMOTE_USER: user }),
      ...gitConfig({ "http.receivepack": user === undefined ? "false" : "true", "uploadpack.allowAnySHA1InWant": "true", "uploadpack.allowFilter": "true", "safe.directory": "*", "receive.autogc": "false" }),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  backends.add(kill);
  response.on("close", kill);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-2000)));
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  try {
    await sendCgi(child.stdout, response, () => stderr);
  } finally {
    backends.delete(kill);
    kill();
  }
}

/** Passes a CGI answer on: headers up to the empty line, then the body as it comes. */
async function sendCgi(stdout: AsyncIterable<Buffer>, response: ServerResponse, stderr: () => string): Promise<void> {
  let head = Buffer.alloc(0);
  let started = false;
  for await (const chunk of stdout) {
    if (started) {
      if (!response.write(chunk)) await drained(response);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) {
      if (head.length > 64 * 1024) throw new Error("git http-backend sent no headers");
      continue;
    }
    started = true;
    let status = 200;
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const [name = "", value = ""] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()];
      if (name.toLowerCase() === "status") status = parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    if (head.length > end + 4) response.write(head.subarray(end + 4));
  }
  if (!started) throw new Error(stderr().trim() || "git http-backend ended without an answer; is git installed?");
  response.end();
}

function whoIs(users: readonly GitUser[], authorization: string | undefined): GitUser | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  const colon = text.indexOf(":");
  // Every user is compared, in constant time: how long it takes tells nothing.
  return users.filter((user) => equal(user.name, text.slice(0, colon)) && equal(user.token, text.slice(colon + 1)))[0];
}

function equal(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function gitConfig(settings: Record<string, string>): Record<string, string> {
  const entries = Object.entries(settings);
  return Object.fromEntries([["GIT_CONFIG_COUNT", String(entries.length)], ...entries.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]])]);
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: status === 200 ? "keep-alive" : "close" }).end(`${text}\n`);
}
