import type { RolloutConditions, RolloutStatus } from "@trireme/api/argo";

export const ConditionType = { InvalidSpec: "InvalidSpec", Available: "Available", Progressing: "Progressing", Paused: "Paused", Completed: "Completed", Healthy: "Healthy", ReplicaFailure: "ReplicaFailure" } as const;
export type ConditionType = (typeof ConditionType)[keyof typeof ConditionType];

/** Reasons that others decide by. */
export const Reason = {
  InvalidSpec: "InvalidSpec",
  NewReplicaSetCreated: "NewReplicaSetCreated",
  FoundNewReplicaSet: "FoundNewReplicaSet",
  ReplicaSetUpdated: "ReplicaSetUpdated",
  ReplicaSetNotAvailable: "ReplicaSetNotAvailable",
  NewReplicaSetAvailable: "NewReplicaSetAvailable",
  ReplicaSetCreateError: "ReplicaSetCreateError",
  ProgressDeadlineExceeded: "ProgressDeadlineExceeded",
  RolloutAborted: "RolloutAborted",
  RolloutPaused: "RolloutPaused",
  RolloutResumed: "RolloutResumed",
  RolloutRetry: "RolloutRetry",
  RolloutCompleted: "RolloutCompleted",
  RolloutHealthy: "RolloutHealthy",
  Available: "AvailableReason",
} as const;

export interface Condition {
  type: ConditionType;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
}

export function conditionOf(status: RolloutStatus | undefined, type: ConditionType): RolloutConditions | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/**
 * Puts a condition at the end of the list, unless one of its type has this status and reason already: then nothing
 * changes and the answer is false. `lastTransitionTime` moves with the status only.
 */
export function setCondition(status: RolloutStatus, condition: Condition, now: string): boolean {
  const before = conditionOf(status, condition.type);
  if (before?.status === condition.status && before.reason === condition.reason) return false;
  replaceCondition(status, condition, now, before?.status === condition.status ? before.lastTransitionTime : now);
  return true;
}

/** As `setCondition`, and renews what is there already. */
export function renewCondition(status: RolloutStatus, condition: Condition, now: string): void {
  const before = conditionOf(status, condition.type);
  replaceCondition(status, condition, now, before?.status === condition.status ? before.lastTransitionTime : now);
}

export function removeCondition(status: RolloutStatus, type: ConditionType): void {
  const rest = (status.conditions ?? []).filter((condition) => condition.type !== type);
  if (rest.length === 0) delete status.conditions;
  else status.conditions = rest;
}

function replaceCondition(status: RolloutStatus, { type, status: value, reason, message }: Condition, now: string, since: string | undefined): void {
  const rest = (status.conditions ?? []).filter((condition) => condition.type !== type);
  status.conditions = [...rest, { lastTransitionTime: since ?? now, lastUpdateTime: now, message, reason, status: value, type }];
}
