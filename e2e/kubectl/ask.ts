import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { loadKubeconfig } from "@trireme/kube";
import type { Turn } from "./conversation.ts";

export interface Said {
  code: number | undefined;
  warning: string | string[] | undefined;
  type: string | undefined;
  /** Parsed where it is JSON. */
  body: unknown;
}

export interface Server extends Disposable {
  ask(turn: Turn): Promise<Said>;
}

/** A server to talk to as its kubeconfig's user, byte for byte: no client library stands between. */
export async function serverOf(kubeconfig: string): Promise<Server> {
  await readFile(kubeconfig);
  const connection = await loadKubeconfig(kubeconfig);
  const { cert, key, authorization } = await connection.credentials();
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: connection.tls?.ca, cert, key });
  return {
    ask: (turn) => new Promise((resolve, reject) => {
      const { method, path, body, type = "application/json", accept = "application/json", headers = {} } = turn;
      const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
      const sent = { accept, "user-agent": "conversation/1", ...(authorization && { authorization }), ...(payload !== undefined && { "content-type": type, "content-length": Buffer.byteLength(payload) }), ...headers };
      const outgoing = request(connection.server + path, { method, agent, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ code: response.statusCode, warning: response.headers["warning"], type: response.headers["content-type"], body: parsed(text) });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(payload);
    }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
