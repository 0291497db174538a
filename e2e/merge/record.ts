/**
 * Records writes and answers of a real API server for the merge's own tests:
 *   node e2e/merge/record.ts KUBECONFIG [SEED]
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { play, prepare } from "./play.ts";
import { widgetDefinition } from "./widget.ts";

const [kubeconfig, seed = "1"] = process.argv.slice(2);
if (kubeconfig === undefined) throw new Error("usage: node e2e/merge/record.ts KUBECONFIG [SEED]");

const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
const namespace = `recorded-${Date.now().toString(36)}`;
await prepare(client, namespace);
const lines: string[] = [];
for await (const write of play(client, namespace, { seed: Number(seed), objects: 27, writes: 6 })) {
  // The object before is that of the last accepted write, or there was none yet.
  const { before, ...rest } = write;
  lines.push(JSON.stringify({ ...rest, first: before === undefined }));
}
const { serverVersion } = await client.discovery();
await client.close();
const file = path.join(import.meta.dirname, "../../packages/gitops/tests/recorded-writes.json");
writeFileSync(file, `{\n"server": ${JSON.stringify(serverVersion.gitVersion)},\n"widget": ${JSON.stringify(widgetDefinition)},\n"writes": [\n${lines.join(",\n")}\n]\n}\n`);
