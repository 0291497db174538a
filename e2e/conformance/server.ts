import { Agent, request, type RequestOptions } from "node:https";
import type { ClientRequest, IncomingMessage } from "node:http";
import { loadKubeconfig } from "@trireme/kube";
import type { Request, Said } from "./call.ts";

/** An open watch; `events` grows until the stream `ended`. */
export interface Stream extends Disposable {
  code: number | undefined;
  headers: Said["headers"];
  events: unknown[];
  ended: boolean;
}

export interface Server extends Disposable {
  ask(request: Omit<Request, "name">): Promise<Said>;
  watch(path: string, accept?: string): Promise<Stream>;
  /** Forgets every change so far, as a compaction does. */
  forget(): Promise<void>;
}

const DEADLINE_MS = 40_000;

/** Headers that clients act on. */
const READ_BY_CLIENTS = ["content-type", "warning", "retry-after", "etag", "cache-control", "vary", "allow", "location", "www-authenticate"];

/** A server to talk to as its kubeconfig's user, byte for byte: no client library stands between. */
export async function serverOf(kubeconfig: string, forget: () => Promise<void> = () => Promise.reject(new Error("this server cannot be made to forget"))): Promise<Server> {
  const connection = await loadKubeconfig(kubeconfig);
  const { cert, key, authorization } = await connection.credentials();
  const tls = { ca: connection.tls?.ca, cert, key };
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tls });
  const watching = new Agent(tls);
  const send = (at: string, options: RequestOptions, payload?: string): Promise<{ outgoing: ClientRequest; response: IncomingMessage }> =>
    new Promise((resolve, reject) => {
      const headers = { "user-agent": "conformance/1", ...(authorization && { authorization }), ...options.headers };
      const outgoing = request(connection.server + at, { timeout: DEADLINE_MS, ...options, headers }, (response) => resolve({ outgoing, response }));
      outgoing.on("error", reject);
      outgoing.on("timeout", () => outgoing.destroy(new Error(`${options.method ?? "GET"} ${at}: nothing said for ${DEADLINE_MS / 1000} s`)));
      outgoing.end(payload);
    });
  return {
    forget,
    ask: async ({ method, path, body, type = "application/json", accept = "application/json", headers = {} }) => {
      const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
      const sent = { accept, ...(payload !== undefined && { "content-type": type, "content-length": Buffer.byteLength(payload) }), ...headers };
      const { response } = await send(path, { method, agent, headers: sent }, payload);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return { code: response.statusCode, headers: readHeaders(response), body: parsed(Buffer.concat(chunks).toString()) };
    },
    watch: async (path, accept = "application/json") => {
      const { outgoing, response } = await send(path, { agent: watching, headers: { accept } });
      const stream: Stream = { code: response.statusCode, headers: readHeaders(response), events: [], ended: false, [Symbol.dispose]: () => void outgoing.destroy() };
      let rest = "";
      response.on("data", (chunk: Buffer) => {
        rest += chunk.toString();
        for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
          stream.events.push(parsed(rest.slice(0, end)));
          rest = rest.slice(end + 1);
        }
      });
      response.on("close", () => (stream.ended = true)).on("error", () => undefined);
      outgoing.on("error", () => undefined);
      return stream;
    },
    [Symbol.dispose]: () => {
      agent.destroy();
      watching.destroy();
    },
  };
}

function readHeaders(response: IncomingMessage): Said["headers"] {
  return Object.fromEntries(READ_BY_CLIENTS.flatMap((name) => (response.headers[name] === undefined ? [] : [[name, response.headers[name] as string | string[]]])));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
