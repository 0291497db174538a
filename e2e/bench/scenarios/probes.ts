import type { KubeObject } from "@trireme/api";
import type { Bed } from "../bed.ts";
import { inParallel, percentile, type Measurement } from "../measure.ts";

const NAMESPACE = "bench-probes";
const OBJECTS = 600;
const SEQUENTIAL = 200;
const GIT_REQUESTS = 30;

/** What the API server itself can do on this machine just now; no figure of ours can be better than these. */
export async function probes(bed: Bed): Promise<Measurement[]> {
  const { client } = bed;
  await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  const names = Array.from({ length: OBJECTS }, (_, index) => `probe-${index}`);
  const ref = (name: string) => ({ group: "", kind: "ConfigMap", namespace: NAMESPACE, name });
  const object = (name: string): KubeObject => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: NAMESPACE }, data: { value: "x".repeat(1_400) } });

  const applied = await rate(names, (name) => client.patch(ref(name), "apply", object(name), { fieldManager: "bench", force: true }));
  const patched = await rate(names, (name) => client.patch(ref(name), "merge", { data: { value: `y${"x".repeat(1_400)}` } }));

  const sequential: number[] = [];
  const lag: number[] = [];
  for (let index = -20; index < SEQUENTIAL; index++) {
    const value = `sequential ${index}`;
    const event = bed.configMaps.when(NAMESPACE, names[0]!, (found) => (found?.["data"] as Record<string, string> | undefined)?.["value"] === value, value);
    const start = performance.now();
    await client.patch(ref(names[0]!), "merge", { data: { value } });
    const answered = performance.now();
    const seen = await event;
    if (index < 0) continue;
    sequential.push(answered - start);
    lag.push(seen - answered);
  }
  const git: number[] = [];
  for (let index = -3; index < GIT_REQUESTS; index++) {
    const start = performance.now();
    await advertisement(bed);
    if (index >= 0) git.push(performance.now() - start);
  }
  bed.probed = { appliesPerSecond: applied, patchMs: percentile(sequential, 0.5), gitMs: percentile(git, 0.5) };
  await client.delete({ group: "", kind: "Namespace", namespace: "", name: NAMESPACE });
  return [
    { scenario: "probe: server-side apply creating ConfigMaps, 16 connections", samples: [applied], unit: "/s" },
    { scenario: "probe: merge PATCH of the same", samples: [patched], unit: "/s" },
    { scenario: "probe: one merge PATCH after another", samples: sequential, unit: "ms" },
    { scenario: "probe: PATCH answered → event on another connection", samples: lag, unit: "ms", note: "below zero: the event came first" },
    { scenario: "probe: one request to the Git server", samples: git, unit: "ms" },
  ];
}

async function advertisement(bed: Bed): Promise<void> {
  const { user, token } = bed.stack.git;
  const answer = await fetch(`${bed.repository.url}/info/refs?service=git-upload-pack`, { headers: { "git-protocol": "version=2", authorization: `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}` } });
  if (!answer.ok) throw new Error(`the Git server answered ${answer.status}`);
  await answer.arrayBuffer();
}

async function rate(names: readonly string[], work: (name: string) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await inParallel(names, 16, work);
  return names.length / ((performance.now() - start) / 1000);
}
