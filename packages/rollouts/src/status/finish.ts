import { available, Key, replicasOf, revisionOf, sum, wanted, type ReplicaSet } from "../rollout/objects.ts";
import { progressDeadlineSeconds } from "../rollout/defaults.ts";
import { lookAgain, otherSets, secondsFrom, tell, type Release } from "../rollout/release.ts";
import { hasDeadline } from "../replica-sets/deadline.ts";
import { isSaturated } from "../replica-sets/scale.ts";
import { currentStep } from "../canary/steps.ts";
import { conditionOf, ConditionType, Reason, removeCondition, renewCondition, setCondition, type Condition } from "./conditions.ts";
import { hasProgressed, isHealthy, isPromoted } from "./health.ts";
import { isAborted, writePauses } from "./pause.ts";
import { phaseOf } from "./phase.ts";

/** Ends a pass: pauses, conditions, phase, and the events that follow from them. */
export function finishStatus(release: Release): void {
  const { rollout, before, status, pause, time } = release;
  status.observedGeneration = String(rollout.metadata.generation ?? 0);
  const workloadGeneration = rollout.metadata.annotations?.[Key.WorkloadGeneration];
  if (rollout.spec.workloadRef !== undefined && workloadGeneration !== undefined) status.workloadObservedGeneration = workloadGeneration;
  abortOnDeadline(release);
  writePauses(before, status, pause, { now: time, isHeld: rollout.spec.paused === true });
  healthCondition(release);
  progressCondition(release);
  availabilityCondition(release);
  failureCondition(release);
  completedCondition(release);
  pausedCondition(release);
  Object.assign(status, phaseOf(rollout, status));
  if (status.message === "") delete status.message;
  tellPauses(release);
}

const isPaused = ({ rollout, status }: Release): boolean => (status.pauseConditions ?? []).length > 0 || rollout.spec.paused === true;

function abortOnDeadline(release: Release): void {
  const { rollout, before, status, pause } = release;
  if (rollout.spec.progressDeadlineAbort !== true || isAborted(before, pause) || isPromoted(status) || hasProgressed(rollout, before, status)) return;
  if (!isTimedOut(release)) return;
  pause.abort = timeoutMessage(release);
}

function healthCondition(release: Release): void {
  const { rollout, before, status, time } = release;
  if (!isPaused(release) && isHealthy(rollout, before, status)) setCondition(status, { type: ConditionType.Healthy, status: "True", reason: Reason.RolloutHealthy, message: "Rollout is healthy" }, time);
  else if (conditionOf(before, ConditionType.Healthy) !== undefined) setCondition(status, { type: ConditionType.Healthy, status: "False", reason: Reason.RolloutHealthy, message: "Rollout is not healthy" }, time);
}

/**
 * The Progressing condition. While paused it says nothing but that; afterwards and after a retry it starts anew, so that
 * the time of the pause or of the abort does not count against the deadline.
 */
function progressCondition(release: Release): void {
  const { rollout, before, status, pause, newSet, time } = release;
  const name = newSet?.metadata.name;
  const progressing = (condition: Omit<Condition, "type">): Condition => ({ type: ConditionType.Progressing, ...condition });
  const previous = conditionOf(before, ConditionType.Progressing);
  if (isAborted(before, pause)) {
    const message = `Rollout aborted update to revision ${revisionOf(rollout)}${pause.abort ? `: ${pause.abort}` : ""}`;
    if (setCondition(status, progressing({ status: "False", reason: Reason.RolloutAborted, message }), time)) tell(release, "RolloutAborted", message, "status", "Warning");
    return;
  }
  if (isHealthy(rollout, before, status) && !isPaused(release)) {
    setCondition(status, progressing({ status: "True", reason: Reason.NewReplicaSetAvailable, message: name === undefined ? `Rollout "${rollout.metadata.name}" has successfully progressed.` : `ReplicaSet "${name}" has successfully progressed.` }), time);
    return;
  }
  if (isPaused(release) && !isPromoted(status)) {
    setCondition(status, progressing({ status: "Unknown", reason: Reason.RolloutPaused, message: "Rollout is paused" }), time);
    return;
  }
  const becameUnhealthy = conditionOf(before, ConditionType.Healthy)?.status === "True" && conditionOf(status, ConditionType.Healthy)?.status === "False";
  if (hasProgressed(rollout, before, status) || becameUnhealthy) {
    const isLoss = becameUnhealthy && isPromoted(status);
    const message = isLoss ? "Rollout does not have minimum availability" : name === undefined ? `Rollout "${rollout.metadata.name}" is progressing.` : `ReplicaSet "${name}" is progressing.`;
    renewCondition(status, progressing({ status: "True", reason: isLoss ? Reason.ReplicaSetNotAvailable : Reason.ReplicaSetUpdated, message }), time);
  } else if (previous?.reason === Reason.RolloutAborted) setCondition(status, progressing({ status: "Unknown", reason: Reason.RolloutRetry, message: "Retrying Rollout after abort" }), time);
  else if (previous?.reason === Reason.RolloutPaused) setCondition(status, progressing({ status: "Unknown", reason: Reason.RolloutResumed, message: "Rollout is resumed" }), time);
  else if (isTimedOut(release)) setCondition(status, progressing({ status: "False", reason: Reason.ProgressDeadlineExceeded, message: timeoutMessage(release) }), time);
}

/**
 * No sign of progress for too long. Waiting on purpose does not count: a pause, an analysis, an experiment, or an old
 * set that is kept for a while.
 */
function isTimedOut(release: Release): boolean {
  const { rollout, status, now } = release;
  const condition = conditionOf(status, ConditionType.Progressing);
  if (condition === undefined || condition.reason === Reason.RolloutAborted || condition.reason === Reason.RolloutPaused) return false;
  if (isWaitingOnPurpose(release)) return false;
  if (condition.reason === Reason.ProgressDeadlineExceeded) return true;
  const deadline = secondsFrom(condition.lastUpdateTime, progressDeadlineSeconds(rollout));
  if (deadline < now) return true;
  lookAgain(release, deadline + 1000);
  return false;
}

function isWaitingOnPurpose(release: Release): boolean {
  const step = currentStep(release);
  if (step?.pause !== undefined || step?.analysis !== undefined || step?.experiment !== undefined) return true;
  return isPaused(release) || otherSets(release).some((set) => hasDeadline(set) && wanted(set) > 0);
}

function timeoutMessage({ newSet, rollout }: Release): string {
  return newSet === undefined ? `Rollout "${rollout.metadata.name}" has timed out progressing.` : `ReplicaSet "${newSet.metadata.name}" has timed out progressing.`;
}

function availabilityCondition(release: Release): void {
  const { rollout, status, sets, time } = release;
  const active = sets.find((set) => set.metadata.labels?.[Key.Hash] === status.blueGreen?.activeSelector);
  const isAvailable = rollout.spec.strategy?.blueGreen === undefined ? sum(sets, available) >= replicasOf(rollout) : active !== undefined && isSaturated(release, active);
  setCondition(status, { type: ConditionType.Available, status: isAvailable ? "True" : "False", reason: Reason.Available, message: isAvailable ? "Rollout has minimum availability" : "Rollout does not have minimum availability" }, time);
}

/** What a set could not do, the new one's first. */
function failureCondition({ sets, newSet, status, time }: Release): void {
  const failure = [newSet, ...sets].map(failureOf).find((found) => found !== undefined);
  if (failure === undefined) removeCondition(status, ConditionType.ReplicaFailure);
  else setCondition(status, { type: ConditionType.ReplicaFailure, status: failure.status as Condition["status"], reason: failure.reason ?? "", message: failure.message ?? "" }, time);
}

const failureOf = (set: ReplicaSet | undefined) => set?.status?.conditions?.find((condition) => condition.type === "ReplicaFailure");

function completedCondition(release: Release): void {
  const { rollout, status, time } = release;
  const isCompleted = isPromoted(status);
  const changed = setCondition(status, { type: ConditionType.Completed, status: isCompleted ? "True" : "False", reason: Reason.RolloutCompleted, message: Reason.RolloutCompleted }, time);
  if (changed && !isCompleted) tell(release, "RolloutNotCompleted", `Rollout not completed, started update to revision ${revisionOf(rollout)} (${status.currentPodHash})`);
}

/** There is none until the first pause. */
function pausedCondition(release: Release): void {
  const { before, status, pause, time } = release;
  const paused = isPaused(release);
  if (!paused && conditionOf(before, ConditionType.Paused) === undefined) return;
  if (isAborted(before, pause) && paused) return;
  setCondition(status, { type: ConditionType.Paused, status: paused ? "True" : "False", reason: Reason.RolloutPaused, message: "Rollout is paused" }, time);
}

function tellPauses(release: Release): void {
  const { before, status } = release;
  const was = (before.pauseConditions ?? []).length > 0;
  const [first] = status.pauseConditions ?? [];
  if (!was && first !== undefined) tell(release, "RolloutPaused", `Rollout is paused (${first.reason})`);
  else if (was && first === undefined && status.abortedAt === undefined) tell(release, "RolloutResumed", "Rollout is resumed");
}
