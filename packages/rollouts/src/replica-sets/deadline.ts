import { abortScaleDownDelaySeconds, scaleDownDelaySeconds, scaleDownRevisionLimit } from "../rollout/defaults.ts";
import { annotate, Key, replicasOf, wanted, type ReplicaSet } from "../rollout/objects.ts";
import { lookAgain, type Release } from "../rollout/release.ts";
import { momentText } from "../rollout/times.ts";
import { dependable } from "./availability.ts";
import { keepsUpOnAbort } from "./scale.ts";

export const hasDeadline = (set: ReplicaSet | undefined): boolean => Boolean(set?.metadata.annotations?.[Key.ScaleDownDeadline]);

/** Back to a set that served before and is still up: nothing is left to analyse or to wait for. */
export function isFastRollback(release: Release): boolean {
  const { newSet } = release;
  return hasDeadline(newSet) && newSet?.metadata.annotations?.[Key.Aborted] === undefined && !keepsUpOnAbort(release);
}

/** Sets that are new or stable (again) have nothing to wait for. */
export function removeDeadlines(release: Release): void {
  const { newSet, stableSet } = release;
  if (newSet !== undefined && !keepsUpOnAbort(release)) annotateIfSet(newSet);
  if (stableSet === undefined) return;
  annotateIfSet(stableSet);
  if (stableSet.metadata.annotations?.[Key.Aborted] !== undefined) annotate(stableSet, Key.Aborted, undefined);
}

/**
 * How large an old set is to be for now, and how many such sets are kept: with a deadline ahead its size (for blue-green
 * that of the Rollout), otherwise none. A delay of 0 is no delay.
 */
export function sizeUntilDeadline(release: Release, set: ReplicaSet, kept: number, sizeWhileWaiting: number): { kept: number; size: number } {
  const { rollout, now } = release;
  const limit = scaleDownRevisionLimit(rollout);
  if (!hasDeadline(set)) {
    const delay = scaleDownDelaySeconds(rollout) * 1000;
    if (kept >= limit || delay <= 0) return { kept, size: 0 };
    annotate(set, Key.ScaleDownDeadline, momentText(now + delay));
    lookAgain(release, now + delay);
    return { kept: kept + 1, size: wanted(set) };
  }
  const deadline = Date.parse(set.metadata.annotations![Key.ScaleDownDeadline]!);
  if (kept + 1 > limit || !(deadline > now)) return { kept: kept + 1, size: 0 };
  lookAgain(release, deadline);
  return { kept: kept + 1, size: sizeWhileWaiting };
}

/**
 * After an abort: the new set's size once its time is up (0), or undefined while it stays as it is. The time starts
 * when the stable set can carry everything.
 */
export function sizeAfterAbort(release: Release, set: ReplicaSet): number | undefined {
  const { rollout, now, stableSet } = release;
  annotateDesired(release, set);
  const text = set.metadata.annotations?.[Key.ScaleDownDeadline];
  const deadline = Date.parse(text ?? "");
  if (text === undefined || Number.isNaN(deadline)) {
    if (dependable(release, stableSet) < replicasOf(rollout)) return undefined;
    const at = now + abortScaleDownDelaySeconds(rollout)! * 1000;
    annotate(set, Key.ScaleDownDeadline, momentText(at));
    annotate(set, Key.Aborted, "true");
    lookAgain(release, at);
    return undefined;
  }
  if (deadline <= now) return 0;
  lookAgain(release, deadline);
  return undefined;
}

function annotateIfSet(set: ReplicaSet): void {
  if (hasDeadline(set)) annotate(set, Key.ScaleDownDeadline, undefined);
}

function annotateDesired({ rollout }: Release, set: ReplicaSet): void {
  const desired = String(replicasOf(rollout));
  if (set.metadata.annotations?.[Key.DesiredReplicas] !== desired) annotate(set, Key.DesiredReplicas, desired);
}
