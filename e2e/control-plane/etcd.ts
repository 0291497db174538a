import { readFile } from "node:fs/promises";
import { request } from "node:https";
import type { Pki } from "./pki.ts";

/** Removes every revision but the present one, through the JSON gateway of etcd's client port. */
export async function compactEtcd(url: string, pki: Pki): Promise<void> {
  const { header } = await ask(url, pki, "/v3/kv/range", { key: Buffer.from("/").toString("base64") });
  await ask(url, pki, "/v3/kv/compaction", { revision: header.revision, physical: true });
}

async function ask(url: string, pki: Pki, path: string, body: unknown): Promise<any> {
  const [ca, cert, key] = await Promise.all([pki.ca.certificate, pki.etcdClient.certificate, pki.etcdClient.key].map((file) => readFile(file)));
  const { promise, resolve, reject } = Promise.withResolvers<any>();
  const call = request(new URL(path, url), { method: "POST", ca, cert, key, agent: false, timeout: 30_000 }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => (text += part));
    response.on("end", () => (response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`etcd answered ${path} with ${response.statusCode}: ${text}`))));
    response.on("error", reject);
  });
  call.on("error", reject).on("timeout", () => call.destroy(new Error(`etcd did not answer ${path} within 30 s`)));
  call.end(JSON.stringify(body));
  return promise;
}
