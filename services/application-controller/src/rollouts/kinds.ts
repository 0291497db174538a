import type { GroupKind } from "@trireme/api";

const ARGO = "argoproj.io";

export const ROLLOUT: GroupKind = { group: ARGO, kind: "Rollout" };
export const REPLICA_SET: GroupKind = { group: "apps", kind: "ReplicaSet" };
export const SERVICE: GroupKind = { group: "", kind: "Service" };
export const POD: GroupKind = { group: "", kind: "Pod" };
export const ANALYSIS_RUN: GroupKind = { group: ARGO, kind: "AnalysisRun" };
export const ANALYSIS_TEMPLATE: GroupKind = { group: ARGO, kind: "AnalysisTemplate" };
export const CLUSTER_ANALYSIS_TEMPLATE: GroupKind = { group: ARGO, kind: "ClusterAnalysisTemplate" };

/** What decisions on Rollouts read. */
export const READ: readonly GroupKind[] = [ROLLOUT, REPLICA_SET, SERVICE, POD, ANALYSIS_RUN, ANALYSIS_TEMPLATE, CLUSTER_ANALYSIS_TEMPLATE];

/** Its definition, by whose appearance a cluster begins to have Rollouts. */
export const DEFINITION = "rollouts.argoproj.io";
