import { isOlder, Key, revisionOf } from "../rollout/objects.ts";
import { tell, type Release } from "../rollout/release.ts";
import { scaleWorkload } from "../workload-ref/scale-down.ts";

/** The new set is an older one that lies at most so many revisions behind the stable one. */
export function isWithinRollbackWindow({ newSet, stableSet, sets, rollout }: Release): boolean {
  const revisions = rollout.spec.rollbackWindow?.revisions ?? 0;
  if (newSet === undefined || stableSet === undefined || revisions <= 0 || !isOlder(newSet, stableSet)) return false;
  const between = sets.filter((set) => set.metadata.annotations?.[Key.ExperimentName] === undefined && isOlder(set, stableSet) && isOlder(newSet, set));
  return between.length < revisions;
}

/** Makes the current set the stable one, says why, and ends everything that belonged to the update. */
export function promoteStable(release: Release, why: string): void {
  const { rollout, status, pause, before } = release;
  pause.clear = true;
  pause.removeAbort = true;
  delete status.promoteFull;
  delete status.blueGreen!.scaleUpPreviewCheckPoint;
  const steps = rollout.spec.strategy?.canary?.steps?.length ?? 0;
  if (steps > 0) status.currentStepIndex = steps;
  else delete status.currentStepIndex;
  if (status.stableRS !== status.currentPodHash) {
    status.stableRS = status.currentPodHash!;
    tell(release, "RolloutCompleted", `Rollout completed update to revision ${revisionOf(rollout)} (${status.currentPodHash}): ${why}`);
  }
  if (revisionOf(rollout) === 1 && before.phase === "Healthy" && rollout.spec.workloadRef?.scaleDown === "onsuccess") scaleWorkload(release, 0);
}
