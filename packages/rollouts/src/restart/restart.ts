import { controllerOf, replicasOf, sum, wanted, type Pod, type ReplicaSet } from "../rollout/objects.ts";
import { maxUnavailable } from "../rollout/defaults.ts";
import { lookAgain, type Release } from "../rollout/release.ts";
import { selects } from "@trireme/api";
import { timeMs } from "../rollout/times.ts";

/** A pod that a disruption budget protects is asked for again after so long. */
const ASK_AGAIN_MS = 30_000;

/**
 * Evicts pods that are older than `spec.restartAt`, stable ones first, as many at a time as may be missing. Done when
 * none is left to ask for. Answers how many go now.
 */
export function restartPods(release: Release): number {
  const { rollout, before, status, now, sets } = release;
  const restartAt = timeMs(rollout.spec.restartAt);
  if (Number.isNaN(restartAt) || restartAt === timeMs(before.restartedAt)) return 0;
  if (now <= restartAt) {
    lookAgain(release, restartAt + 1);
    return 0;
  }
  const pods = podsInOrder(release);
  const available = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isAvailable(pod, rollout.spec.minReadySeconds ?? 0, now)).length;
  let budget = available - (Math.max(replicasOf(rollout), sum(sets, wanted)) - Math.max(maxUnavailable(rollout), 1));
  let old = 0;
  for (const pod of pods) {
    if (Date.parse(pod.metadata.creationTimestamp ?? "") >= restartAt) continue;
    old++;
    if (budget <= 0 || pod.metadata.deletionTimestamp !== undefined) continue;
    release.evicted.push(pod);
    budget--;
  }
  if (old > 0) lookAgain(release, now + ASK_AGAIN_MS);
  else status.restartedAt = rollout.spec.restartAt!;
  return release.evicted.length;
}

function podsInOrder({ sets, stableSet, newSet, pods, rollout }: Release): Pod[] {
  const rank = (set: ReplicaSet) => (set === stableSet ? 0 : set === newSet ? 1 : 2);
  const order = new Map([...sets].sort((a, b) => rank(a) - rank(b)).map((set, index) => [set.metadata.uid, index]));
  const owned = pods.filter((pod) => order.has(controllerOf(pod)) && selects(rollout.spec.selector, pod.metadata.labels));
  return owned.sort((a, b) => order.get(controllerOf(a))! - order.get(controllerOf(b))!);
}

/** Ready for as long as asked. */
function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = pod.status?.conditions?.find((condition) => condition.type === "Ready");
  return ready?.status === "True" && (minReadySeconds === 0 || timeMs(ready.lastTransitionTime) + minReadySeconds * 1000 <= now);
}
