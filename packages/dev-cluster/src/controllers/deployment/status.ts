import { rfc3339 } from "@trireme/runtime/clock";
import { omitEmpty } from "../context.ts";
import type { ReplicaSet } from "../replica-set.ts";
import { limits, sumSpec, wantedReplicas } from "./arithmetic.ts";
import { NO_DEADLINE, type Deployment, type DeploymentCondition, type DeploymentStatus } from "./types.ts";

type Finding = Pick<DeploymentCondition, "type" | "status" | "reason" | "message">;

/** Counts and availability, as they are now; the other conditions are taken over. */
export function countedStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: number): DeploymentStatus {
  const sum = (count: (status: NonNullable<ReplicaSet["status"]>) => number | undefined) => all.reduce((total, set) => total + ((set.status && count(set.status)) ?? 0), 0);
  const available = sum((status) => status.availableReplicas);
  const enough = available >= wantedReplicas(deployment) - limits(deployment).unavailable;
  const availability: Finding = enough
    ? { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "Deployment has minimum availability." }
    : { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "Deployment does not have minimum availability." };
  const before = deployment.status;
  return {
    ...omitEmpty({
      observedGeneration: deployment.metadata.generation,
      replicas: sum((status) => status.replicas),
      updatedReplicas: newSet?.status?.replicas,
      readyReplicas: sum((status) => status.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, sumSpec(all) - available),
      collisionCount: before?.collisionCount,
    }),
    terminatingReplicas: sum((status) => status.terminatingReplicas),
    conditions: withCondition(before?.conditions ?? [], availability, now),
  };
}

/** `countedStatus` with the rollout's progress: complete, progressing, or past its deadline. */
export function rolloutStatus(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, now: number): DeploymentStatus {
  const status = countedStatus(deployment, all, newSet, now);
  let conditions = status.conditions!;
  const current = conditions.find(({ type }) => type === "Progressing");
  if (!hasDeadline(deployment)) conditions = conditions.filter(({ type }) => type !== "Progressing");
  const settled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (hasDeadline(deployment) && !settled) conditions = withProgress(deployment, status, conditions, current, newSet, now);

  const failure = replicaFailure(all, newSet);
  conditions = failure ? withCondition(conditions, failure, now) : conditions.filter(({ type }) => type !== "ReplicaFailure");
  return { ...status, conditions };
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = wantedReplicas(deployment);
  return (status.updatedReplicas ?? 0) === wanted && (status.replicas ?? 0) === wanted && (status.availableReplicas ?? 0) === wanted && (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
}

/** Milliseconds until the deadline has to be looked at again; `undefined` where nothing is awaited. */
export function deadlineInMs(deployment: Deployment, status: DeploymentStatus, now: number): number | undefined {
  const current = status.conditions?.find(({ type }) => type === "Progressing");
  if (!hasDeadline(deployment) || !current || isComplete(deployment, status) || current.reason === "ProgressDeadlineExceeded" || deployment.spec.paused) return undefined;
  return Math.max(0, Date.parse(current.lastUpdateTime) + deadlineSeconds(deployment) * 1000 - now) + 1_000;
}

/** Sets a condition; one that says the same as before stays as it is, times included. */
export function withCondition(conditions: readonly DeploymentCondition[], found: Finding, now: number): DeploymentCondition[] {
  const current = conditions.find(({ type }) => type === found.type);
  if (current?.status === found.status && current.reason === found.reason) return [...conditions];
  return replaced(conditions, found, current, now);
}

function replaced(conditions: readonly DeploymentCondition[], found: Finding, current: DeploymentCondition | undefined, now: number): DeploymentCondition[] {
  const time = rfc3339(now);
  const { type, status, reason, message } = found;
  return [...conditions.filter((condition) => condition.type !== type), { type, status, lastUpdateTime: time, lastTransitionTime: current?.status === status ? current.lastTransitionTime : time, reason, message }];
}

function withProgress(deployment: Deployment, status: DeploymentStatus, conditions: DeploymentCondition[], current: DeploymentCondition | undefined, newSet: ReplicaSet | undefined, now: number): DeploymentCondition[] {
  const name = newSet ? `ReplicaSet "${newSet.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) return withCondition(conditions, { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message: `${name} has successfully progressed.` }, now);
  // Progress counts even when the condition says so already: the deadline starts anew.
  if (progressed(deployment.status ?? {}, status)) return replaced(conditions, { type: "Progressing", status: "True", reason: "ReplicaSetUpdated", message: `${name} is progressing.` }, current, now);
  if (isLate(deployment, current, now)) return withCondition(conditions, { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: `${name} has timed out progressing.` }, now);
  return conditions;
}

function progressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) || old(after) < old(before) || (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) || (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0);
}

function isLate(deployment: Deployment, current: DeploymentCondition | undefined, now: number): boolean {
  if (!current || current.reason === "NewReplicaSetAvailable") return false;
  if (current.reason === "ProgressDeadlineExceeded") return true;
  return Date.parse(current.lastUpdateTime) + deadlineSeconds(deployment) * 1000 < now;
}

function replicaFailure(all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): Finding | undefined {
  for (const set of newSet ? [newSet, ...all] : all) {
    const failure = set.status?.conditions?.find(({ type }) => type === "ReplicaFailure");
    if (failure) return { type: "ReplicaFailure", status: "True", reason: failure.reason ?? "", message: failure.message ?? "" };
  }
  return undefined;
}

function deadlineSeconds(deployment: Deployment): number {
  return deployment.spec.progressDeadlineSeconds ?? NO_DEADLINE;
}

export function hasDeadline(deployment: Deployment): boolean {
  return deadlineSeconds(deployment) !== NO_DEADLINE;
}
