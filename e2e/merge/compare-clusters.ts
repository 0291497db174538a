/**
 * Plays the same random writes on a real API server and on a new dev cluster and prints where their answers differ:
 *   node e2e/merge/compare-clusters.ts KUBECONFIG [SEED] [OBJECTS]
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { KubeObject, KubeStatus } from "@trireme/api";
import { startDevCluster } from "@trireme/dev-cluster";
import { createKubeClient, loadKubeconfig } from "@trireme/kube";
import { play, prepare } from "./play.ts";

const [kubeconfig, seed = "1", objects = "54"] = process.argv.slice(2);
if (kubeconfig === undefined) throw new Error("usage: node e2e/merge/compare-clusters.ts KUBECONFIG [SEED] [OBJECTS]");

const folder = mkdtempSync(path.join(os.tmpdir(), "trireme-compare-"));
await using dev = await startDevCluster();
dev.writeKubeconfig(path.join(folder, "kubeconfig"));
const real = createKubeClient({ connection: await loadKubeconfig(kubeconfig) });
const embedded = createKubeClient({ connection: await loadKubeconfig(path.join(folder, "kubeconfig")) });
const namespace = `compare-${Date.now().toString(36)}`;
await prepare(real, namespace);
await prepare(embedded, namespace);

const options = { seed: Number(seed), objects: Number(objects), writes: 8 };
const theirs = play(real, namespace, options);
const ours = play(embedded, namespace, options);
const kinds = new Map<string, { count: number; write: number }>();
let writes = 0;
for (;;) {
  const [a, b] = [await theirs.next(), await ours.next()];
  if (a.done || b.done) break;
  writes++;
  const difference = a.value.status === b.value.status ? firstDifference(comparable(a.value.after), comparable(b.value.after)) : `status ${a.value.status} (${(a.value.after as KubeStatus).message ?? ""}), here ${b.value.status}`;
  if (difference === undefined) continue;
  const text = `${a.value.kind} ${a.value.verb}${a.value.subresource ? " status" : ""}: ${difference}`;
  const known = kinds.get(text);
  kinds.set(text, { count: (known?.count ?? 0) + 1, write: known?.write ?? writes });
}
await real.close();
await embedded.close();
rmSync(folder, { recursive: true });

for (const [text, { count, write }] of [...kinds].sort(([, x], [, y]) => y.count - x.count)) console.log(`${count} x ${text} (first: write ${write})`);
console.log(`${writes} writes, ${[...kinds.values()].reduce((sum, { count }) => sum + count, 0)} answered otherwise`);

/** Without what is never the same twice; owners in an order of their own, since the real one depends on the second. */
function comparable(answer: KubeObject | KubeStatus): any {
  const copy: any = structuredClone(answer);
  const { metadata } = copy;
  for (const field of ["uid", "resourceVersion", "creationTimestamp"]) delete metadata?.[field];
  for (const entry of metadata?.managedFields ?? []) delete entry.time;
  metadata?.managedFields?.sort((x: any, y: any) => (JSON.stringify([x.operation, x.manager, x.subresource]) < JSON.stringify([y.operation, y.manager, y.subresource]) ? -1 : 1));
  for (const field of ["clusterIP", "clusterIPs"]) delete copy.spec?.[field];
  if (copy.kind === "Status") return { reason: copy.reason, message: String(copy.message).split("\n").sort().join("\n").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<uid>") };
  return copy;
}

function firstDifference(real: unknown, here: unknown, at = ""): string | undefined {
  if (real === here) return undefined;
  if (typeof real !== "object" || typeof here !== "object" || real === null || here === null || Array.isArray(real) !== Array.isArray(here)) return `${at} is ${short(real)}, here ${short(here)}`;
  const left = real as Record<string, unknown>;
  const right = here as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstDifference(left[key], right[key], Array.isArray(real) ? `${at}[${key}]` : `${at}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
