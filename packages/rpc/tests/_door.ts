import type { Socket } from "node:net";
import { Client, credentials } from "@grpc/grpc-js";
import { createPublicServer, messagePlan, type PublicServer, type PublicServerOptions, type Services } from "../src/index.ts";
import { decode } from "../src/json/decode.ts";
import { encode } from "../src/json/encode.ts";
import { publicContract } from "../src/public/contract.ts";

export const V1 = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";
export const APPLICATION = messagePlan(`${V1}.Application`);

export const anApplication = (name: string): object => ({ metadata: { name, namespace: "argocd" }, spec: { project: "default", source: { repoURL: "https://git.test/web" }, destination: { server: "https://kubernetes.default.svc" } } });

const running: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server[Symbol.asyncDispose]();
});

/** A server on a free port, gone after the test. */
export async function serve(services: Services, options: Partial<PublicServerOptions> = {}): Promise<PublicServer> {
  const server = await createPublicServer({ services, listen: { host: "127.0.0.1", port: 0 }, ...options });
  running.push(server);
  return server;
}

export const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> => fetch(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });

/** A unary call as a gRPC client makes it. */
export function grpc(server: PublicServer, path: string, message: object, options: { ca?: string } = {}): Promise<unknown> {
  const method = publicContract().byPath.get(path)!;
  const client = new Client(`localhost:${server.port}`, options.ca ? credentials.createSsl(Buffer.from(options.ca)) : credentials.createInsecure(), { "grpc.max_receive_message_length": -1 });
  return new Promise<unknown>((resolve, reject) => {
    client.makeUnaryRequest(`/${path}`, (json: object) => encode(method.request, json), (bytes: Buffer) => decode(method.response, bytes), message, (error, answer) => (error ? reject(error) : resolve(answer)));
  }).finally(() => client.close());
}

export function frame(bytes: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

/** What a gRPC-Web answer holds. */
export async function framesOf(response: Response): Promise<{ flag: number; bytes: Buffer }[]> {
  const all = Buffer.from(await response.arrayBuffer());
  const frames = [];
  for (let at = 0; at < all.length; ) {
    const length = all.readUInt32BE(at + 1);
    frames.push({ flag: all[at]!, bytes: all.subarray(at + 5, at + 5 + length) });
    at += 5 + length;
  }
  return frames;
}

/** A unary call as a gRPC-Web client makes it; a Buffer is sent as it is. */
export function grpcWeb(server: PublicServer, path: string, message: object | Buffer, prefix = ""): Promise<Response> {
  const method = publicContract().byPath.get(path);
  const body = Buffer.isBuffer(message) ? message : frame(encode(method!.request, message));
  return fetch(`${server.url}${prefix}/${path}`, { method: "POST", body: new Uint8Array(body), headers: { "content-type": "application/grpc-web+proto" } });
}

/** All that a socket gives until it ends. */
export async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
