import { available, created, hashOf, sum } from "../rollout/objects.ts";
import { canaryOf, lookAgain, secondsFrom, tell, type Release } from "../rollout/release.ts";
import { pauseSeconds } from "../rollout/defaults.ts";
import { selectorText } from "../rollout/selector.ts";
import { stepsHash } from "../pod-template/hash.ts";
import { syncEphemeralMetadata } from "../replica-sets/ephemeral-metadata.ts";
import { trimHistory } from "../replica-sets/history.ts";
import { restartPods } from "../restart/restart.ts";
import { pointService } from "../services/switch.ts";
import { isTemplateChanged, resetStatus, setCount, startStatus } from "../status/base.ts";
import { isAborted, pauseOf, PauseReason } from "../status/pause.ts";
import { isWithinRollbackWindow, promoteStable } from "../status/promote.ts";
import { isStepComplete, reasonToPromote } from "./progress.ts";
import { syncCanaryRuns } from "./runs.ts";
import { syncCanarySets } from "./sets.ts";
import { currentStep, stepIndex, stepText } from "./steps.ts";

/** One look at a canary without a traffic router, in the order in which Argo Rollouts takes its steps. */
export function canaryPass(release: Release): void {
  startStatus(release);
  const { rollout, sets, status } = release;
  setCount(status, "availableReplicas", sum(sets, available));
  setCount(status, "HPAReplicas", sum(sets, created));
  status.selector = selectorText(rollout.spec.selector);
  status.currentStepHash = stepsHash(canaryOf(release).steps);
  if (isTemplateChanged(release) || release.before.currentStepHash !== status.currentStepHash) {
    beginUpdate(release);
    return;
  }
  keepIndex(release);
  // Counts of available pods are about to change: nothing else is decided by them.
  if (restartPods(release) > 0) return;
  syncEphemeralMetadata(release);
  trimHistory(release);
  pointServices(release);
  syncCanaryRuns(release);
  const isInconclusive = release.pause.add.length > 0;
  if (!isInconclusive && !syncCanarySets(release)) syncPauseStep(release);
  advance(release);
}

/** A new template or new steps start over; back at what is stable (or was, within the window) there are none to take. */
function beginUpdate(release: Release): void {
  const { before, newSet, status } = release;
  resetStatus(release);
  const count = canaryOf(release).steps?.length ?? 0;
  if (count === 0) return;
  if (before.stableRS !== undefined && before.stableRS === hashOf(newSet)) tell(release, "SkipSteps", "Rollback to stable ReplicaSets");
  else if (isWithinRollbackWindow(release) && (newSet?.spec.replicas ?? 0) > 0) tell(release, "SkipSteps", "Rollback to active ReplicaSets within RollbackWindow");
  else return;
  status.currentStepIndex = count;
}

function keepIndex({ before, status }: Release): void {
  if (before.currentStepIndex !== undefined) status.currentStepIndex = before.currentStepIndex;
}

function pointServices(release: Release): void {
  const { stableService, canaryService } = canaryOf(release);
  const { before, pause, stableSet, newSet } = release;
  pointService(release, stableService, stableSet);
  pointService(release, canaryService, isAborted(before, pause) ? stableSet : newSet);
}

/** A pause begins once; a person who takes it away has resumed. */
function syncPauseStep(release: Release): void {
  const { rollout, before, pause } = release;
  const step = currentStep(release);
  if (rollout.spec.paused === true || before.promoteFull === true || step?.pause === undefined) return;
  const paused = pauseOf(before, PauseReason.CanaryPauseStep);
  if (paused === undefined) {
    if (before.controllerPause !== true) pause.add.push(PauseReason.CanaryPauseStep);
  } else if (step.pause.duration !== undefined) lookAgain(release, secondsFrom(paused.startTime, pauseSeconds(step.pause.duration)) + 1);
}

/** Ends the update, or the present step. */
function advance(release: Release): void {
  const { before, status, pause } = release;
  const steps = canaryOf(release).steps ?? [];
  if (before.promoteFull === true || isWithinRollbackWindow(release)) {
    pause.clear = true;
    pause.removeAbort = true;
    if (steps.length > 0) status.currentStepIndex = steps.length;
  }
  const why = reasonToPromote(release);
  if (why !== undefined) return promoteStable(release, why);
  if (isAborted(before, pause)) {
    if (steps.length > 0) status.currentStepIndex = status.stableRS === status.currentPodHash ? steps.length : 0;
    return;
  }
  const step = currentStep(release);
  if (step === undefined || status.currentStepIndex === steps.length || !isStepComplete(release, step)) return;
  status.currentStepIndex = stepIndex(release) + 1;
  delete status.canary!.currentStepAnalysisRunStatus;
  pause.remove.push(PauseReason.CanaryPauseStep);
  tell(release, "RolloutStepCompleted", `Rollout step ${status.currentStepIndex}/${steps.length} completed (${stepText(step)})`);
}
