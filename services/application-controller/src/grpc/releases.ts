import type { KubeObject } from "@trireme/api";
import type { Application, Rollout } from "@trireme/api/argo";
import { controllerOf, reportRelease, type AnalysisRun, type ReleaseReport, type ReplicaSet } from "@trireme/rollouts";
import type { Reconciler } from "../applications/reconciler.ts";
import type { Deps } from "../deps.ts";

/** What each Rollout of an application is releasing, from what the controller has in memory; by namespace and name. */
export function releasesOf(deps: Deps, reconciler: Reconciler, app: Application): ReleaseReport[] {
  const live = deps.clusters.live(deps.clusters.resolve(app.spec.destination));
  const managed = [...(reconciler.memory(app)?.compared.values() ?? [])].flatMap(({ key, live: object }) => (key.group === "argoproj.io" && key.kind === "Rollout" && object !== undefined ? [live.get(key) ?? object] : []));
  return managed
    .map((rollout) => {
      const owned = live.childrenOf(rollout).filter((object) => controllerOf(object) === rollout.metadata.uid);
      const of = (kind: string): KubeObject[] => owned.filter((object) => object.kind === kind);
      return reportRelease(rollout as Rollout, of("ReplicaSet") as ReplicaSet[], of("AnalysisRun") as AnalysisRun[]);
    })
    .sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}
