import { writeFileSync } from "node:fs";
import path from "node:path";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { play, prepare } from "./play.ts";
import { widgetDefinition } from "./widget.ts";

const FILE = path.join(import.meta.dirname, "../../../packages/gitops/tests/recorded-writes.json");

/** Writes down what a real API server answers to random writes, for the merge's own tests; says how many. */
export async function recordWrites(kubeconfig: string, seed: number): Promise<number> {
  const client = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
  const namespace = `recorded-${Date.now().toString(36)}`;
  await prepare(client, namespace);
  const lines: string[] = [];
  for await (const write of play(client, namespace, { seed, objects: 27, writes: 6 })) {
    // The object before is that of the last accepted write, or there was none yet.
    const { before, ...rest } = write;
    lines.push(JSON.stringify({ ...rest, first: before === undefined }));
  }
  const { serverVersion } = await client.discovery();
  await client.close();
  writeFileSync(FILE, `{\n"server": ${JSON.stringify(serverVersion.gitVersion)},\n"widget": ${JSON.stringify(widgetDefinition)},\n"writes": [\n${lines.join(",\n")}\n]\n}\n`);
  return lines.length;
}
