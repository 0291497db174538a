import { blueGreenOf, type Release } from "../rollout/release.ts";
import { isAborted } from "../status/pause.ts";
import { isWithinRollbackWindow } from "../status/promote.ts";
import { currentRun, RunRole } from "../runs/roles.ts";

/** Why the new set becomes the stable one now; undefined: it does not. The first reason that fits is told. */
export function reasonToPromote(release: Release): string | undefined {
  const { stableSet, newSet, before, status, pause } = release;
  const active = status.blueGreen?.activeSelector ?? "";
  // The first set is stable before it is active: only then may the Service follow.
  if (stableSet === undefined || active === "") return "Initial deploy";
  if (active !== status.currentPodHash) return undefined;
  if (before.promoteFull === true) return "Full promotion requested";
  if (isWithinRollbackWindow(release)) return "Rollback within window";
  if (isAborted(before, pause)) return undefined;
  if (blueGreenOf(release).postPromotionAnalysis !== undefined) {
    if (release.isFastRollback) return `Rollback to '${newSet?.metadata.name}' within scaleDownDelay`;
    if (currentRun(release, RunRole.PostPromotion)?.status?.phase !== "Successful") return undefined;
  }
  return "Completed blue-green update";
}
