import { annotate, hashOf, Key, replicasOf, revisionOf, wanted, type ReplicaSet } from "../rollout/objects.ts";
import { abortScaleDownDelaySeconds } from "../rollout/defaults.ts";
import { tell, type Release } from "../rollout/release.ts";
import { dependable } from "./availability.ts";
import { isAborted } from "../status/pause.ts";

/** Brings a set to a size, and notes on it how many pods the Rollout wanted in all. True when the size changed. */
export function scale(release: Release, set: ReplicaSet, size: number): boolean {
  const desired = String(replicasOf(release.rollout));
  if (set.metadata.annotations?.[Key.DesiredReplicas] !== desired) annotate(set, Key.DesiredReplicas, desired);
  const from = wanted(set);
  if (from === size) return false;
  set.spec.replicas = size;
  if (size === 0 && !keepsUpOnAbort(release)) annotate(set, Key.ScaleDownDeadline, undefined);
  tell(release, "ScalingReplicaSet", `Scaled ${from < size ? "up" : "down"} ReplicaSet ${set.metadata.name} (revision ${revisionOf(set)}) from ${from} to ${size}`, set);
  return true;
}

/** All that the Rollout wants, wanted of this set and available. */
export function isSaturated(release: Release, set: ReplicaSet | undefined): boolean {
  if (set === undefined) return false;
  const replicas = replicasOf(release.rollout);
  const desired = Number(set.metadata.annotations?.[Key.DesiredReplicas] ?? Number.NaN);
  return wanted(set) === replicas && desired === replicas && dependable(release, set) === replicas;
}

/** Whether an aborted new set stays up for a while, so that a retry finds it warm. A canary without a router goes at once. */
export function keepsUpOnAbort({ before, pause, rollout, stableSet, newSet }: Release): boolean {
  if (!isAborted(before, pause) || stableSet === undefined || hashOf(newSet) === hashOf(stableSet)) return false;
  const { canary } = rollout.spec.strategy ?? {};
  if (canary !== undefined && canary.trafficRouting === undefined) return false;
  if (canary?.dynamicStableScale === true && canary.abortScaleDownDelaySeconds === undefined) return false;
  return abortScaleDownDelaySeconds(rollout) !== undefined;
}
