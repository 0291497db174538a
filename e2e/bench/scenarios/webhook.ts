import { Api } from "../../support/api.ts";
import { senders } from "../../support/webhooks.ts";
import type { Bed } from "../bed.ts";
import { cpuNote, cpuSeconds, type Measurement } from "../measure.ts";
import { requestsNote, requestsSoFar, type Requests } from "../requests.ts";
import { appName, configMap, configMapFile, configMapName, namespaceOf } from "../workload.ts";
import { syncedAt } from "./cold-sync.ts";

/** A commit that changes one ConfigMap of one application, from the first byte of the webhook on; the push itself is not timed. */
export async function webhook(bed: Bed): Promise<Measurement[]> {
  const { apps, trials, warmUps } = bed.options;
  const door = new Api(bed.stack.url);
  const live: number[] = [];
  const synced: number[] = [];
  let before: Record<string, number> = {};
  let requests: Requests | undefined;
  for (let trial = -warmUps; trial < trials; trial++) {
    if (trial === 0) [requests, before] = [await requestsSoFar(bed.client), await cpuSeconds(bed.ownPids())];
    const index = (trial + warmUps) % apps;
    const value = `commit ${trial}`;
    const commit = await bed.repository.push(value, { [configMapFile(index)]: configMap(index, 0, value) });
    await bed.applications.quiet(250, 5_000);
    const { headers, body } = senders.github({ repository: bed.repository.url.replace(/\.git$/, ""), branch: "main", after: commit });

    const start = performance.now();
    const seen = Promise.all([
      bed.configMaps.when(namespaceOf(index), configMapName(index), (object) => (object?.["data"] as Record<string, string> | undefined)?.["value"] === value, value),
      bed.applications.when("argocd", appName(index), syncedAt(commit), `Synced at ${commit}`),
    ]);
    seen.catch(() => undefined);
    await door.must("POST", "/api/webhook", body, headers);
    const [changed, done] = await seen;

    if (trial < 0) continue;
    live.push(changed - start);
    synced.push(done - start);
  }
  const note = `${cpuNote(before, await cpuSeconds(bed.ownPids()), trials)}${requestsNote(requests, await requestsSoFar(bed.client), trials)}`;
  const argo = apps === 100 ? { argo: 4_478 } : apps === 500 ? { argo: 24_500 } : {};
  // Both Git requests at once; then Running, the object, the result.
  const writes = (count: number) => bed.probed && { bound: bed.probed.gitMs + count * bed.probed.patchMs };
  return [
    { scenario: `webhook → object changed, ${apps} applications in one repository`, samples: live, unit: "ms", ...writes(2) },
    { scenario: `webhook → Synced, ${apps} applications in one repository`, samples: synced, unit: "ms", ...writes(3), goal: 45, ...argo, note },
  ];
}
