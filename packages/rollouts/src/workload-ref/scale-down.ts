import { ready, replicasOf, revisionOf, sum, wanted } from "../rollout/objects.ts";
import type { Release } from "../rollout/release.ts";

/** Brings the Deployment that the Rollout takes over from to a size; other kinds have none. */
export function scaleWorkload(release: Release, size: number): void {
  const { workload } = release;
  if (workload?.kind !== "Deployment" || (workload["spec"]?.replicas ?? 1) === Math.max(0, size)) return;
  workload["spec"] = { ...workload["spec"], replicas: Math.max(0, size) };
}

/**
 * `scaleDown: progressively`: during the first revision the Deployment makes room for as many pods as the Rollout has
 * ready, and is empty once it is healthy.
 */
export function scaleWorkloadProgressively(release: Release, wasSize: number): void {
  const { rollout, newSet, before, sets } = release;
  if (rollout.spec.workloadRef?.scaleDown !== "progressively" || newSet === undefined || revisionOf(newSet) !== 1) return;
  if (before.phase === "Healthy") scaleWorkload(release, 0);
  else {
    const readyPods = Math.max(before.readyReplicas ?? 0, sum(sets, ready));
    if (readyPods > 0 || wasSize > wanted(newSet)) scaleWorkload(release, replicasOf(rollout) - readyPods);
  }
}
