import { hashOf, wanted } from "../rollout/objects.ts";
import { blueGreenOf, lookAgain, secondsFrom, selectedHash, serviceOf, type Release } from "../rollout/release.ts";
import { dependable } from "../replica-sets/availability.ts";
import { isMoving } from "../status/moving.ts";
import { pauseOf, PauseReason } from "../status/pause.ts";
import { isAnalysisPassed } from "./runs.ts";
import { newSetSize } from "./sets.ts";

/** Pauses an update that is ready to be promoted where a person or a time is to decide, and ends that pause. */
export function syncPause(release: Release): void {
  const { before, pause } = release;
  const strategy = blueGreenOf(release);
  if (before.abort === true || !isReadyToPause(release) || !isMoving(release)) return;
  const isManaged = strategy.autoPromotionEnabled === false || (strategy.autoPromotionSeconds ?? 0) > 0;
  if (isFastTracked(release) || before.blueGreen?.scaleUpPreviewCheckPoint === true || !isManaged) {
    pause.remove.push(PauseReason.BlueGreenPause);
    return;
  }
  if (!isAnalysisPassed(release)) return;
  const paused = pauseOf(before, PauseReason.BlueGreenPause);
  if (paused === undefined) {
    if (before.controllerPause !== true) pause.add.push(PauseReason.BlueGreenPause);
  } else if (hasCompletedPause(release)) pause.remove.push(PauseReason.BlueGreenPause);
  else if (strategy.autoPromotionEnabled !== false) lookAgain(release, secondsFrom(paused.startTime, strategy.autoPromotionSeconds ?? 0) + 1);
}

/** The new set has the size that it is to have for now. */
export function isReadyToPause(release: Release): boolean {
  const { newSet } = release;
  if (newSet === undefined) return false;
  const size = newSetSize(release);
  return wanted(newSet) === size && dependable(release, newSet) === size;
}

/** Nothing to decide: a way back to pods that are still up, a full promotion, a first deployment, or it is active already. */
export function isFastTracked(release: Release): boolean {
  const { before, newSet, isFastRollback } = release;
  const active = selectedHash(serviceOf(release, blueGreenOf(release).activeService));
  return isFastRollback || before.promoteFull === true || active === "" || active === hashOf(newSet);
}

/**
 * Whether the pause is over: its time has passed, or a person took the pause away while `controllerPause` stood.
 */
export function hasCompletedPause({ rollout, before, pause, now }: Release): boolean {
  const strategy = rollout.spec.strategy!.blueGreen!;
  if (pause.add.length > 0) return false;
  if (before.blueGreen?.scaleUpPreviewCheckPoint === true) return true;
  const paused = pauseOf(before, PauseReason.BlueGreenPause);
  if (strategy.autoPromotionEnabled === false) return before.controllerPause === true && paused === undefined;
  const seconds = strategy.autoPromotionSeconds ?? 0;
  if (seconds === 0) return true;
  if (paused === undefined) return before.controllerPause === true;
  return now > secondsFrom(paused.startTime, seconds);
}
