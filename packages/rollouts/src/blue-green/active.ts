import { hashOf } from "../rollout/objects.ts";
import { blueGreenOf, serviceOf, type Release } from "../rollout/release.ts";
import { dependable } from "../replica-sets/availability.ts";
import { isSaturated } from "../replica-sets/scale.ts";
import { switchService } from "../services/switch.ts";
import { isMoving } from "../status/moving.ts";
import { isAborted } from "../status/pause.ts";
import { hasCompletedPause, isFastTracked, isReadyToPause } from "./pause.ts";
import { isAnalysisPassed } from "./runs.ts";

/** Moves the active Service to the new set once that can carry everything and is approved; after an abort back to the stable one. */
export function switchActive(release: Release): void {
  const { before, pause, newSet, stableSet } = release;
  const service = serviceOf(release, blueGreenOf(release).activeService);
  if (service === undefined) return;
  if (isAborted(before, pause)) {
    // At once, whatever the new set is doing: but not from pods that serve to a set that has none.
    const isBetter = dependable(release, stableSet) > 0 || dependable(release, newSet) === 0;
    if (stableSet !== undefined && isBetter) switchService(release, service, hashOf(stableSet));
    return;
  }
  if (!isMoving(release) || newSet === undefined || !isReadyToPause(release) || !isSaturated(release, newSet)) return;
  if (isFastTracked(release) || (hasCompletedPause(release) && isAnalysisPassed(release))) switchService(release, service, hashOf(newSet));
}
