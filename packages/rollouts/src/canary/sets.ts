import { maxSurge, maxUnavailable } from "../rollout/defaults.ts";
import { available, byCreation, controllerOf, created, replicasOf, revisionOf, sum, wanted } from "../rollout/objects.ts";
import { otherSets, type Release } from "../rollout/release.ts";
import { dependable } from "../replica-sets/availability.ts";
import { removeDeadlines } from "../replica-sets/deadline.ts";
import { scale } from "../replica-sets/scale.ts";
import { isMoving } from "../status/moving.ts";
import { strategyOf } from "../strategies/annotation.ts";
import { scaleWorkloadProgressively } from "../workload-ref/scale-down.ts";
import { basicCanaryCounts, type CanaryCounts } from "./replica-counts.ts";
import { desiredWeight, MAX_WEIGHT } from "./weight.ts";

/** Sizes of every set. True when one changed: then the counts are to be looked at again before anything else. */
export function syncCanarySets(release: Release): boolean {
  if (!isMoving(release)) return false;
  const { newSet, stableSet } = release;
  removeDeadlines(release);
  if (stableSet !== undefined && stableSet !== newSet && scale(release, stableSet, canaryCounts(release).stable)) return true;
  if (newSet !== undefined) {
    const was = wanted(newSet);
    const isScaled = scale(release, newSet, canaryCounts(release).canary);
    scaleWorkloadProgressively(release, was);
    if (isScaled) return true;
  }
  return scaleDownOthers(release);
}

/** How large the new and the stable set are to be next. */
export function canaryCounts(release: Release): CanaryCounts {
  const { rollout, newSet, stableSet } = release;
  const size = (set: typeof newSet) => (set === undefined ? undefined : { wanted: wanted(set), available: dependable(release, set) });
  const counts = basicCanaryCounts({
    replicas: replicasOf(rollout),
    weight: desiredWeight(release),
    maxWeight: MAX_WEIGHT,
    maxSurge: maxSurge(rollout),
    maxUnavailable: maxUnavailable(rollout),
    canary: size(newSet),
    stable: stableSet === newSet ? undefined : size(stableSet),
    others: sum(otherSets(release), wanted),
  });
  return strategyOf(rollout)?.kind === "in-place" ? inPlaceCounts(release, counts) : counts;
}

/** In place: every other pod is gone before the first of the new set starts. */
function inPlaceCounts(release: Release, counts: CanaryCounts): CanaryCounts {
  const { newSet, stableSet, pods, rollout } = release;
  const isGoingBack = counts.stable > 0 && stableSet !== undefined && stableSet !== newSet && desiredWeight(release) === 0;
  const coming = isGoingBack ? stableSet : newSet;
  const leaving = release.sets.filter((set) => set !== coming);
  const areGone = leaving.every((set) => wanted(set) === 0 && created(set) === 0) && !pods.some((pod) => leaving.some((set) => set.metadata.uid !== undefined && controllerOf(pod) === set.metadata.uid));
  const size = areGone ? replicasOf(rollout) : wanted(coming);
  return isGoingBack ? { canary: 0, stable: size } : { canary: size, stable: 0 };
}

/**
 * What is neither new nor stable serves too, so it goes first: pods that are not available at once, then as many as
 * may be missing, youngest revision first.
 */
function scaleDownOthers(release: Release): boolean {
  const { rollout, sets } = release;
  const others = otherSets(release).filter((set) => wanted(set) > 0);
  let isScaled = false;
  for (const set of others.sort(byCreation)) if (available(set) < wanted(set)) isScaled = scale(release, set, available(set)) || isScaled;
  let spare = sum(sets, (set) => dependable(release, set)) - (replicasOf(rollout) - maxUnavailable(rollout));
  for (const set of others.sort((a, b) => revisionOf(b) - revisionOf(a))) {
    if (spare <= 0) break;
    if (wanted(set) === 0) continue;
    const size = Math.max(0, wanted(set) - spare);
    spare -= wanted(set) - size;
    isScaled = scale(release, set, size) || isScaled;
  }
  return isScaled;
}
