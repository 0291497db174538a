import { available, wanted, type ReplicaSet } from "../rollout/objects.ts";
import type { Release } from "../rollout/release.ts";

/**
 * Available pods of a set that may be counted on. Its status may be older than its size: pods that were there when it
 * was written may be going since. One change that the ReplicaSet controller has not seen yet is known by the sizes
 * before and after it; of more than one nothing is known.
 */
export function dependable({ snapshot }: Release, set: ReplicaSet | undefined): number {
  if (set === undefined) return 0;
  const stored = snapshot.replicaSets.find((each) => each.metadata.uid === set.metadata.uid && set.metadata.uid !== undefined);
  if (stored === undefined) return 0;
  const unseen = (stored.metadata.generation ?? 0) - (stored.status?.observedGeneration ?? 0);
  return unseen > 1 ? 0 : Math.min(available(stored), wanted(stored), wanted(set));
}
