import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { drained } from "@trireme/runtime/waited";

/** What the server does wrong on purpose. */
export type Fault =
  | { kind: "none" }
  /** Answers every request with this status and body. */
  | { kind: "status"; status: number; body?: string }
  /** Takes the request and never answers. */
  | { kind: "hang" }
  /** Sends half of the answer and cuts the connection. */
  | { kind: "cut" };

export interface TestGitServer extends AsyncDisposable {
  url: string;
  /** Every request so far: `GET info/refs`, `POST git-upload-pack:ls-refs`, `POST git-upload-pack:fetch`. */
  requests: string[];
  fault: Fault;
  /** Bytes of each request body, newest last. */
  bodies: Buffer[];
}

export interface TestGitServerOptions {
  /** Folder of bare repositories. */
  root: string;
  /** `user:password` or `Bearer token` that is asked for; absent: everybody may. */
  credentials?: string;
  /** Speaks only the protocol from before version 2. */
  oldProtocol?: boolean;
  /** Any commit may be asked for, not only the refs' own. Default true. */
  anyCommit?: boolean;
  tls?: { key: string; cert: string };
}

/** `git http-backend` on loopback, counted and spoilt at will. */
export async function startTestGitServer(options: TestGitServerOptions): Promise<TestGitServer> {
  const requests: string[] = [];
  const bodies: Buffer[] = [];
  const state: { fault: Fault } = { fault: { kind: "none" } };
  const listener = (request: IncomingMessage, response: ServerResponse): void => void serve(options, state, requests, bodies, request, response).catch(() => response.destroy());
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${options.tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bodies,
    get fault() {
      return state.fault;
    },
    set fault(fault: Fault) {
      state.fault = fault;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function serve(options: TestGitServerOptions, state: { fault: Fault }, requests: string[], bodies: Buffer[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  bodies.push(body);
  const { pathname, search } = new URL(request.url ?? "/", "http://git");
  const command = /command=([a-z-]+)/.exec(body.toString("latin1", 0, 200))?.[1];
  requests.push(`${request.method} ${pathname.split("/").slice(pathname.includes("/info/refs") ? -2 : -1).join("/")}${command === undefined ? "" : `:${command}`}`);

  const { fault } = state;
  if (fault.kind === "hang") return;
  if (fault.kind === "status") return void response.writeHead(fault.status).end(fault.body ?? "");
  const auth = request.headers.authorization;
  const wanted = options.credentials;
  if (wanted !== undefined && auth !== (wanted.startsWith("Bearer ") ? wanted : `Basic ${Buffer.from(wanted).toString("base64")}`)) {
    return void response.writeHead(401, { "www-authenticate": "Basic" }).end("Invalid username or token. Password authentication is not supported.");
  }
  const config = { "uploadpack.allowFilter": "true", "safe.directory": "*", ...(options.anyCommit === false ? {} : { "uploadpack.allowAnySHA1InWant": "true" }) };
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      CONTENT_LENGTH: String(body.length),
      GIT_PROTOCOL: options.oldProtocol === true ? "" : String(request.headers["git-protocol"] ?? ""),
      GIT_CONFIG_COUNT: String(Object.keys(config).length),
      ...Object.fromEntries(Object.entries(config).flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]])),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(body);
  let head = Buffer.alloc(0);
  let started = false;
  for await (const chunk of child.stdout) {
    if (started) {
      if (!response.write(chunk)) await drained(response);
      continue;
    }
    head = Buffer.concat([head, chunk as Buffer]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    started = true;
    let status = 200;
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const name = line.slice(0, line.indexOf(":"));
      const value = line.slice(name.length + 1).trim();
      if (name === "Status") status = parseInt(value, 10);
      else response.setHeader(name, value);
    }
    const content = head.subarray(end + 4);
    if (fault.kind === "cut") {
      response.writeHead(status, { "content-length": content.length + 1000 });
      return void response.write(content.subarray(0, content.length / 2), () => response.destroy());
    }
    response.writeHead(status).write(content);
  }
  response.end();
}
