import { Api } from "../../support/api.ts";
import { senders } from "../../support/webhooks.ts";
import type { Bed } from "../bed.ts";
import { cpuSeconds, type Measurement } from "../measure.ts";
import { requestsNote, requestsSoFar, type Requests } from "../requests.ts";
import { appName, configMap, configMapFile, configMapName, namespaceOf } from "../workload.ts";
import { syncedAt } from "./cold-sync.ts";

/** A commit that changes one ConfigMap of one application, from the first byte of the webhook on; the push itself is not timed. */
export async function webhook(bed: Bed): Promise<Measurement[]> {
  const { apps, trials, warmUps } = bed.options;
  const door = new Api(bed.stack.url);
  const live: number[] = [];
  const synced: number[] = [];
  let cpu = 0;
  let requests: Requests | undefined;
  for (let trial = -warmUps; trial < trials; trial++) {
    if (trial === 0) requests = await requestsSoFar(bed.client);
    const index = (trial + warmUps) % apps;
    const value = `commit ${trial}`;
    const commit = await bed.repository.push(value, { [configMapFile(index)]: configMap(index, 0, value) });
    await bed.applications.quiet(250, 5_000);
    const { headers, body } = senders.github({ repository: bed.repository.url.replace(/\.git$/, ""), branch: "main", after: commit });
    const before = await cpuSeconds(bed.ownPids());

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
    cpu += (await cpuSeconds(bed.ownPids())) - before;
  }
  const after = await requestsSoFar(bed.client);
  const argo = apps === 100 ? { argo: 4_478 } : apps === 500 ? { argo: 24_500 } : {};
  return [
    { scenario: `webhook → object changed, ${apps} applications in one repository`, samples: live, unit: "ms" },
    { scenario: `webhook → Synced, ${apps} applications in one repository`, samples: synced, unit: "ms", goal: 45, ...argo, note: `${((cpu / trials) * 1000).toFixed(0)} CPU-ms of ours a commit${requestsNote(requests, after, trials)}` },
  ];
}
