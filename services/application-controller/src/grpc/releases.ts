import type { KubeObject } from "@trireme/api";
import type { Application, Rollout } from "@trireme/api/argo";
import { controllerOf, reportRelease, servicesOf, type AnalysisRun, type Pod, type ReleaseReport, type ReplicaSet, type Service } from "@trireme/rollouts";
import { podInfo, rollbackPolicy } from "@trireme/gitops";
import type { Reconciler } from "../applications/reconciler.ts";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { Deps } from "../deps.ts";

const SERVICE = { group: "", kind: "Service" };

/** What each Rollout of an application is releasing, from what the controller has in memory; by namespace and name. */
export function releasesOf(deps: Deps, reconciler: Reconciler, app: Application): ReleaseReport[] {
  const live = deps.clusters.live(deps.clusters.resolve(app.spec.destination));
  const managed = [...(reconciler.memory(app)?.compared.values() ?? [])].flatMap(({ key, live: object }) => (key.group === "argoproj.io" && key.kind === "Rollout" && object !== undefined ? [live.get(key) ?? object] : []));
  return managed.map((rollout) => releaseOf(live, rollout as Rollout)).sort((a, b) => (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}

/** What one Rollout is releasing, from what is known of its cluster. */
export function releaseOf(live: LiveCluster, rollout: Rollout): ReleaseReport {
  const owned = live.childrenOf(rollout).filter((object) => controllerOf(object) === rollout.metadata.uid);
  const of = (kind: string): KubeObject[] => owned.filter((object) => object.kind === kind);
  return reportRelease(rollout, {
    sets: of("ReplicaSet") as ReplicaSet[],
    runs: of("AnalysisRun") as AnalysisRun[],
    services: servicesOf(rollout).flatMap(({ name }) => (live.get({ ...SERVICE, namespace: rollout.metadata.namespace ?? "", name }) as Service | undefined) ?? []),
    podsOf: (set) => live.childrenOf(set).filter((pod): pod is Pod => pod.kind === "Pod" && controllerOf(pod) === set.metadata.uid),
    reasonOf: (pod) => podInfo(pod).find(({ name }) => name === "Status Reason")?.value ?? "",
  });
}

/** What is remembered of an application's releases: the rest of `trireme.v1.Releases`. Where the sets are kept is nobody's business. */
export function recordOf(deps: Deps, app: Application): object {
  const { proven = [], quarantined = [], pinned, rollbacksSinceProven = 0 } = deps.releases.of(app);
  const shown = <T extends { revision?: string; revisions?: string[] }>({ revision, revisions, ...rest }: T) => ({ ...rest, revisions: revisions ?? [revision ?? ""] });
  return {
    proven: proven.map(({ secrets: _, ...each }) => shown(each)),
    quarantined: quarantined.map(shown),
    ...(pinned !== undefined && { pinned: shown(pinned) }),
    rollbacksSinceProven,
    policy: rollbackPolicy(app, deps.plane.settings().config).mode,
  };
}
