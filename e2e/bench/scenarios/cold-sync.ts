import type { KubeObject } from "@trireme/api";
import type { Bed } from "../bed.ts";
import { cpuNote, cpuSeconds, inParallel, memoryMB, type Measurement } from "../measure.ts";
import { requestsNote, requestsSoFar } from "../requests.ts";
import { application, appName, OBJECTS } from "../workload.ts";

const CONNECTIONS = 16;

/** From the first Application created to the last one Synced, its operation Succeeded; nothing is known beforehand. */
export async function coldSync(bed: Bed): Promise<Measurement[]> {
  const { apps } = bed.options;
  const commit = await bed.repository.head();
  const indexes = Array.from({ length: apps }, (_, index) => index);
  const before = await cpuSeconds(bed.ownPids());
  const requests = await requestsSoFar(bed.client);

  const start = performance.now();
  const all = Promise.all(indexes.map((index) => bed.applications.when("argocd", appName(index), syncedAt(commit), `Synced at ${commit}`, 15 * 60_000)));
  all.catch(() => undefined);
  await inParallel(indexes, CONNECTIONS, (index) => bed.client.create(application(bed.repository.url, index) as unknown as KubeObject));
  const ends = await all;

  const cpu = cpuNote(before, await cpuSeconds(bed.ownPids()), apps);
  const goal = apps === 100 ? { goal: 2_500, argo: 72_000 } : apps === 500 ? { goal: 12_000, argo: 429_000 } : {};
  // The Application itself, its namespace, its objects, and the two writes of its operation. What kube-controller-manager
  // adds for two Deployments, two Services and a namespace, some 18 writes, is not in it, but is there to be waited for.
  const bound = bed.probed && { bound: ((apps * (OBJECTS + 4)) / bed.probed.appliesPerSecond) * 1000 };
  return [
    { scenario: `${apps} applications × ${OBJECTS} objects created → all Synced`, samples: [Math.max(...ends) - start], unit: "ms", note: `${cpu}${requestsNote(requests, await requestsSoFar(bed.client), apps)}`, ...bound, ...goal },
    { scenario: "memory of the three services and Redis after it", samples: [await memoryMB(bed.ownPids())], unit: "MB", note: "PSS" },
  ];
}

/** Synced at this commit, and the operation that did it is over. */
export function syncedAt(commit: string): (object: KubeObject | undefined) => boolean {
  return (object) => {
    const status = object?.["status"] as any;
    return object?.["operation"] === undefined && status?.sync?.status === "Synced" && status.sync.revision === commit && status.operationState?.phase === "Succeeded";
  };
}
