import type { IncomingMessage } from "node:http";
import { Agent, request as send } from "node:https";
import type { DevCluster } from "../../src/index.ts";

export interface Answer {
  code: number;
  headers: Record<string, string | string[] | undefined>;
  body: any;
  text: string;
}

export interface Options {
  body?: unknown;
  type?: string;
  accept?: string;
  token?: string;
  headers?: Record<string, string>;
}

/** Plain HTTPS to a cluster, as the administrator unless told otherwise: what a test sends is what the server reads. */
export class Http implements Disposable {
  readonly #cluster: { url: string; caData: string; adminToken: string };
  readonly #agent: Agent;

  constructor(cluster: Pick<DevCluster, "url" | "caData" | "adminToken">) {
    this.#cluster = cluster;
    this.#agent = new Agent({ keepAlive: true, ca: cluster.caData });
  }

  call(method: string, path: string, { body, type = "application/json", accept = "application/json", token = this.#cluster.adminToken, headers = {} }: Options = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const outgoing = send(this.#cluster.url + path, { method, agent: this.#agent, headers: { accept, "user-agent": "tests/1.0", ...(token && { authorization: `Bearer ${token}` }), ...(payload !== undefined && { "content-type": type, "content-length": Buffer.byteLength(payload) }), ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          let parsed: unknown;
          try {
            parsed = JSON.parse(text);
          } catch {
            parsed = undefined;
          }
          resolve({ code: response.statusCode ?? 0, headers: response.headers, body: parsed, text });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(payload);
    });
  }

  get(path: string, options?: Options): Promise<Answer> {
    return this.call("GET", path, options);
  }

  post(path: string, body: unknown, options?: Options): Promise<Answer> {
    return this.call("POST", path, { ...options, body });
  }

  put(path: string, body: unknown, options?: Options): Promise<Answer> {
    return this.call("PUT", path, { ...options, body });
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.call("DELETE", path, body === undefined ? {} : { body });
  }

  patch(path: string, kind: "json" | "merge" | "strategic" | "apply", body: unknown, options?: Options): Promise<Answer> {
    const type = { json: "application/json-patch+json", merge: "application/merge-patch+json", strategic: "application/strategic-merge-patch+json", apply: "application/apply-patch+yaml" }[kind];
    return this.call("PATCH", path, { ...options, body, type });
  }

  /** Opens a watch; `next` waits for the next event, up to a deadline that names what is missing. */
  async watch(path: string, options: Options = {}): Promise<Watch> {
    const queue: any[] = [];
    const waiting: ((event: any) => void)[] = [];
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = send(this.#cluster.url + path, { method: "GET", agent: this.#agent, headers: { accept: options.accept ?? "application/json", authorization: `Bearer ${options.token ?? this.#cluster.adminToken}` } }, resolve);
      outgoing.on("error", reject);
      outgoing.end();
    });
    let rest = "";
    let ended = false;
    const deliver = (event: any): void => {
      const waiter = waiting.shift();
      if (waiter) waiter(event);
      else queue.push(event);
    };
    stream.on("data", (chunk: Buffer) => {
      rest += chunk.toString();
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        deliver(JSON.parse(rest.slice(0, end)));
        rest = rest.slice(end + 1);
      }
    });
    const finish = (): void => {
      if (ended) return;
      ended = true;
      deliver(undefined);
    };
    stream.on("end", finish);
    stream.on("close", finish);
    stream.on("error", finish);
    return {
      code: stream.statusCode ?? 0,
      next: () => {
        if (queue.length > 0) return Promise.resolve(queue.shift());
        return new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`no further event of ${path} within 5 s`)), 5000);
          waiting.push((event) => {
            clearTimeout(timer);
            resolve(event);
          });
        });
      },
      [Symbol.dispose]: () => void stream.destroy(),
    };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

export interface Watch extends Disposable {
  code: number;
  /** The next event; `undefined` when the stream has ended. */
  next(): Promise<any>;
}
