import type { KubeObject } from "@trireme/api";
import type { Bed } from "../bed.ts";
import type { Measurement } from "../measure.ts";
import { appName, configMapName, namespaceOf } from "../workload.ts";

/** Somebody changes a live ConfigMap; each time that of another application, so that no backoff is in the way. */
export async function drift(bed: Bed): Promise<Measurement[]> {
  const { apps, trials, warmUps } = bed.options;
  const restored: number[] = [];
  const outOfSync: number[] = [];
  const synced: number[] = [];
  const count = Math.min(trials + warmUps, apps);
  for (let trial = 0; trial < count; trial++) {
    // From the other end: the first applications had commits a moment ago.
    const index = apps - 1 - trial;
    const [namespace, name] = [namespaceOf(index), configMapName(index, 1)];
    const valueIs = (value: string) => (object: KubeObject | undefined) => (object?.["data"] as Record<string, string> | undefined)?.["value"] === value;
    await bed.applications.quiet(100, 5_000);
    const before = bed.applications.objects.get(`argocd/${appName(index)}`);
    const startedAt = (before?.["status"])?.operationState?.startedAt as string | undefined;

    const drifted = bed.configMaps.when(namespace, name, valueIs("by hand"), "changed by hand");
    const seen = bed.applications.when("argocd", appName(index), (object) => (object?.["status"])?.sync?.status === "OutOfSync", "OutOfSync");
    seen.catch(() => undefined);
    const changed = bed.client.patch({ group: "", kind: "ConfigMap", namespace, name }, "merge", { data: { value: "by hand" } }).then(() => performance.now());
    const start = Math.min(await drifted, await changed);
    const healed = await bed.configMaps.when(namespace, name, valueIs("initial"), "restored");
    const noticed = await seen;
    const done = await bed.applications.when("argocd", appName(index), (object) => isSynced(object) && (startedAt === undefined || (object?.["status"]).operationState.startedAt >= startedAt), "Synced");

    if (trial < warmUps) continue;
    outOfSync.push(noticed - start);
    restored.push(healed - start);
    synced.push(done - start);
  }
  const writes = (count: number) => bed.probed && { bound: count * bed.probed.patchMs };
  return [
    { scenario: "drift → OutOfSync", samples: outOfSync, unit: "ms", ...writes(1), goal: 5, argo: 93 },
    { scenario: "drift → object restored", samples: restored, unit: "ms", ...writes(1), goal: 6, argo: 534 },
    { scenario: "drift → Synced", samples: synced, unit: "ms", ...writes(2), goal: 15, argo: 737 },
  ];
}

function isSynced(object: KubeObject | undefined): boolean {
  const status = object?.["status"];
  return object?.["operation"] === undefined && status?.sync?.status === "Synced" && status.operationState?.phase === "Succeeded";
}
