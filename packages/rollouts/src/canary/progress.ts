import type { RolloutSteps } from "@trireme/api/argo";
import { available, created, replicasOf, sum, wanted, type ReplicaSet } from "../rollout/objects.ts";
import { dependable } from "../replica-sets/availability.ts";
import { pauseSeconds } from "../rollout/defaults.ts";
import { canaryOf, otherSets, secondsFrom, type Release } from "../rollout/release.ts";
import { isAborted, pauseOf, PauseReason } from "../status/pause.ts";
import { isWithinRollbackWindow } from "../status/promote.ts";
import { currentRun, RunRole } from "../runs/roles.ts";
import { canaryCounts } from "./sets.ts";
import { stepIndex } from "./steps.ts";

/** Why the new set becomes the stable one now; undefined: it does not. */
export function reasonToPromote(release: Release): string | undefined {
  const { before, pause, stableSet, newSet, rollout } = release;
  if (stableSet === undefined) return "Initial deploy";
  if (isAborted(before, pause) || newSet === undefined) return undefined;
  const replicas = replicasOf(rollout);
  // More pods than wanted do not stand in the way: the size may have been taken down meanwhile.
  if (dependable(release, newSet) < replicas && !isEnough(release, newSet, replicas)) return undefined;
  if (before.promoteFull === true) return "Full promotion requested";
  if (isWithinRollbackWindow(release)) return "Rollback within window";
  const count = canaryOf(release).steps?.length ?? 0;
  return count === 0 || stepIndex(release) === count ? `Completed all ${count} canary steps` : undefined;
}

export function isStepComplete(release: Release, step: RolloutSteps): boolean {
  const { rollout, before, now } = release;
  if (rollout.spec.paused === true) return false;
  if (step.pause !== undefined) {
    const paused = pauseOf(before, PauseReason.CanaryPauseStep);
    if (paused === undefined) return before.controllerPause === true;
    return step.pause.duration !== undefined && now > secondsFrom(paused.startTime, pauseSeconds(step.pause.duration));
  }
  if (step.setWeight !== undefined) return isAtDesiredCounts(release);
  if (step.analysis !== undefined) return currentRun(release, RunRole.Step)?.status?.phase === "Successful";
  return false;
}

/** The weight is reached: the new set is available, the stable one has its size, and nothing older serves. */
export function isAtDesiredCounts(release: Release): boolean {
  const { newSet, stableSet } = release;
  const counts = canaryCounts(release);
  if (!isEnough(release, newSet, counts.canary)) return false;
  if (stableSet === undefined || wanted(stableSet) !== counts.stable || created(stableSet) !== counts.stable) return false;
  return sum(otherSets(release), available) === 0;
}

/** Whether so many pods may count as all of them. */
function isEnough(release: Release, set: ReplicaSet | undefined, desired: number): boolean {
  if (set === undefined) return false;
  const { replicaProgressThreshold: threshold } = canaryOf(release);
  const serving = dependable(release, set);
  if (threshold === undefined || threshold.value < 0) return wanted(set) === desired && serving === desired;
  if (threshold.type !== "Percent") return serving >= threshold.value;
  return desired === 0 || (serving / desired) * 100 >= threshold.value - 1e-10;
}
