import { writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { KeyAndCertificate } from "./certificates.ts";

/** Writes a kubeconfig of one cluster and one user who signs in with a client certificate. */
export async function writeKubeconfig(file: string, cluster: { name: string; url: string; ca: string }, user: { name: string } & KeyAndCertificate): Promise<string> {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: cluster.name, cluster: { server: cluster.url, "certificate-authority-data": base64(cluster.ca) } }],
    users: [{ name: user.name, user: { "client-certificate-data": base64(user.certificate), "client-key-data": base64(user.key) } }],
    contexts: [{ name: cluster.name, context: { cluster: cluster.name, user: user.name } }],
    "current-context": cluster.name,
  };
  await writeFile(file, stringify(config, { lineWidth: 0 }), { mode: 0o600 });
  return file;
}
