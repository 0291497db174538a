import type { KubeObject, LabelSelector } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string>; [key: string]: unknown };
  spec?: Record<string, any>;
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    observedGeneration?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string }[];
  };
}

export interface Service extends KubeObject {
  spec: { selector?: Record<string, string>; [key: string]: any };
}

export interface Pod extends KubeObject {
  status?: { conditions?: { type: string; status: string; lastTransitionTime?: string }[]; [key: string]: any };
}

/** Keys that Argo Rollouts reads and writes. */
export const Key = {
  Hash: "rollouts-pod-template-hash",
  Revision: "rollout.argoproj.io/revision",
  RevisionHistory: "rollout.argoproj.io/revision-history",
  DesiredReplicas: "rollout.argoproj.io/desired-replicas",
  WorkloadGeneration: "rollout.argoproj.io/workload-generation",
  EphemeralMetadata: "rollout.argoproj.io/ephemeral-metadata",
  ScaleDownDeadline: "scale-down-deadline",
  ManagedBy: "argo-rollouts.argoproj.io/managed-by-rollouts",
  InstanceId: "argo-rollouts.argoproj.io/controller-instance-id",
  RolloutType: "rollout-type",
  StepIndex: "step-index",
  ExperimentName: "experiment.argoproj.io/name",
  /** Ours, on a set whose update was aborted: it was never proven, so going back to it is an update like any other. */
  Aborted: "trireme.dev/aborted",
  LastApplied: "kubectl.kubernetes.io/last-applied-configuration",
  Notified: "notified.notifications.argoproj.io",
} as const;

export const hashOf = (set: ReplicaSet | undefined): string => set?.metadata.labels?.[Key.Hash] ?? "";
export const wanted = (set: ReplicaSet | undefined): number => set?.spec.replicas ?? (set === undefined ? 0 : 1);
export const created = (set: ReplicaSet | undefined): number => set?.status?.replicas ?? 0;
export const ready = (set: ReplicaSet | undefined): number => set?.status?.readyReplicas ?? 0;
export const available = (set: ReplicaSet | undefined): number => set?.status?.availableReplicas ?? 0;

export const sum = (sets: readonly (ReplicaSet | undefined)[], of: (set: ReplicaSet | undefined) => number): number => sets.reduce((total, set) => total + of(set), 0);

export const replicasOf = (rollout: Rollout): number => rollout.spec.replicas ?? 1;

/** 0 where there is none. */
export function revisionOf(object: KubeObject): number {
  const revision = Number(object.metadata.annotations?.[Key.Revision] ?? "0");
  return Number.isInteger(revision) ? revision : 0;
}

/** Whose controller it is, by uid. */
export function controllerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true)?.uid;
}

/** Oldest first; those of one second by name, so that the order is always the same. */
export function byCreation(a: KubeObject, b: KubeObject): number {
  return Date.parse(a.metadata.creationTimestamp ?? "") - Date.parse(b.metadata.creationTimestamp ?? "") || (a.metadata.name ?? "").localeCompare(b.metadata.name ?? "");
}

export const isOlder = (a: KubeObject, b: KubeObject): boolean => Date.parse(a.metadata.creationTimestamp ?? "") < Date.parse(b.metadata.creationTimestamp ?? "");

export function annotate(object: KubeObject, name: string, value: string | undefined): void {
  const annotations = { ...object.metadata.annotations };
  if (value === undefined) delete annotations[name];
  else annotations[name] = value;
  object.metadata.annotations = annotations;
}
