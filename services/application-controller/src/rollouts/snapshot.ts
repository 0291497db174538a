import type { ClusterId, KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import { parseApiVersion } from "@trireme/api";
import { controllerOf, selects, type AnalysisRun, type AnalysisTemplate, type Pod, type ReplicaSet, type Service, type Snapshot } from "@trireme/rollouts";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import { ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE, REPLICA_SET, SERVICE } from "./kinds.ts";

/** Everything that a decision on one Rollout depends on, out of the cluster's caches. `orphans` are ReplicaSets of its namespace that nobody controls. */
export function snapshotOf(live: LiveCluster, rollout: Rollout, orphans: Iterable<ReplicaSet>, now: number): Snapshot {
  const namespace = rollout.metadata.namespace ?? "";
  const { uid } = rollout.metadata;
  const owned = live.childrenOf(rollout).filter((child) => controllerOf(child) === uid);
  const ofKind = (kind: string) => owned.filter((child) => child.kind === kind);
  const mine = [...orphans].filter((set) => controllerOf(set) === undefined && selects(rollout.spec.selector, set.metadata.labels));
  const replicaSets = [...(ofKind("ReplicaSet") as ReplicaSet[]), ...mine];
  const runs = ofKind("AnalysisRun") as AnalysisRun[];
  return {
    rollout,
    replicaSets,
    replicaSet: (name) => live.get({ ...REPLICA_SET, namespace, name }) as ReplicaSet | undefined,
    service: (name) => live.get({ ...SERVICE, namespace, name }) as Service | undefined,
    runs,
    run: (name) => live.get({ ...ANALYSIS_RUN, namespace, name }) as AnalysisRun | undefined,
    template: ({ name, clusterScope }) => live.get(clusterScope ? { ...CLUSTER_ANALYSIS_TEMPLATE, namespace: "", name } : { ...ANALYSIS_TEMPLATE, namespace, name }) as AnalysisTemplate | undefined,
    pods: replicaSets.flatMap((set) => live.childrenOf(set).filter((child) => child.kind === "Pod") as Pod[]),
    workload: workloadOf(live, rollout),
    now,
  };
}

export function workloadOf(live: LiveCluster, rollout: Rollout): KubeObject | undefined {
  const reference = rollout.spec.workloadRef;
  if (reference?.kind === undefined || reference.name === undefined) return undefined;
  return live.get({ group: parseApiVersion(reference.apiVersion ?? "").group, kind: reference.kind, namespace: rollout.metadata.namespace ?? "", name: reference.name });
}

/** A Rollout's place: cluster, namespace and name. */
export const keyText = (cluster: ClusterId, namespace: string, name: string): string => `${cluster}\0${namespace}\0${name}`;

export function keyParts(key: string): { cluster: ClusterId; namespace: string; name: string } {
  const [cluster = "", namespace = "", name = ""] = key.split("\0");
  return { cluster, namespace, name };
}
