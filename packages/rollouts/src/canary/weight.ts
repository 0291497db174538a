import { isAborted } from "../status/pause.ts";
import type { Release } from "../rollout/release.ts";
import { stepIndex } from "./steps.ts";

/** The share of the pods (or of the traffic, once routers are driven) that the whole is counted by. */
export const MAX_WEIGHT = 100;

/** The share that the new set should have now, 0 to MAX_WEIGHT. */
export function desiredWeight(release: Release): number {
  const { before } = release;
  if (before.promoteFull === true || !before.stableRS || before.currentPodHash === before.stableRS) return MAX_WEIGHT;
  return setWeight(release);
}

/** The nearest setWeight at or before the present step; everything after the last one. */
export function setWeight(release: Release): number {
  if (isAborted(release.before, release.pause)) return 0;
  const steps = release.rollout.spec.strategy?.canary?.steps ?? [];
  const index = stepIndex(release);
  if (index >= steps.length) return MAX_WEIGHT;
  for (let at = index; at >= 0; at--) {
    const weight = steps[at]?.setWeight;
    if (weight !== undefined) return weight;
  }
  return 0;
}
