import type { ReplicaSet } from "../replica-set.ts";
import type { Deployment } from "./types.ts";

export function wantedReplicas(deployment: Deployment): number {
  return deployment.spec.replicas ?? 1;
}

/** Numbers for `maxSurge` and `maxUnavailable`: surge rounds up, unavailable down; both zero would never move. */
export function limits(deployment: Deployment): { surge: number; unavailable: number } {
  if (deployment.spec.strategy?.type === "Recreate") return { surge: 0, unavailable: 0 };
  const total = wantedReplicas(deployment);
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = share(maxSurge, total, Math.ceil);
  const unavailable = share(maxUnavailable, total, Math.floor);
  return { surge, unavailable: Math.min(total, surge === 0 && unavailable === 0 ? 1 : unavailable) };
}

export function share(value: number | string, total: number, round: (value: number) => number): number {
  return typeof value === "number" ? value : round((Number.parseInt(value, 10) * total) / 100);
}

export function specReplicas(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

export const sumSpec = (sets: readonly ReplicaSet[]) => sets.reduce((sum, set) => sum + specReplicas(set), 0);
export const sumAvailable = (sets: readonly ReplicaSet[]) => sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);

/** Size of the new set at this point of a rolling update: never more in all than wanted plus surge. */
export function newSetSize(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet): number {
  const wanted = wantedReplicas(deployment);
  if (deployment.spec.strategy?.type === "Recreate") return wanted;
  const room = wanted + limits(deployment).surge - sumSpec(all);
  if (room <= 0) return specReplicas(newSet);
  return specReplicas(newSet) + Math.min(room, wanted - specReplicas(newSet));
}

/**
 * Sizes of the old sets at this point of a rolling update, by uid; only those that change.
 * Pods that are not available go first, since nobody misses them; then as many as availability allows.
 */
export function oldSetSizes(deployment: Deployment, all: readonly ReplicaSet[], old: readonly ReplicaSet[], newSet: ReplicaSet): Map<string, number> {
  const sizes = new Map<string, number>();
  const minAvailable = wantedReplicas(deployment) - limits(deployment).unavailable;
  const newUnavailable = specReplicas(newSet) - (newSet.status?.availableReplicas ?? 0);
  let toGo = sumSpec(all) - minAvailable - newUnavailable;
  if (sumSpec(old) === 0 || toGo <= 0) return sizes;

  const oldestFirst = old.toSorted(byCreation);
  const sizeOf = (set: ReplicaSet) => sizes.get(set.metadata.uid!) ?? specReplicas(set);
  for (const set of oldestFirst) {
    const unhealthy = Math.min(toGo, specReplicas(set) - (set.status?.availableReplicas ?? 0));
    if (specReplicas(set) === 0 || unhealthy <= 0) continue;
    sizes.set(set.metadata.uid!, specReplicas(set) - unhealthy);
    toGo -= unhealthy;
  }
  let spare = sumAvailable(all) - minAvailable;
  for (const set of oldestFirst) {
    const size = sizeOf(set);
    const less = Math.min(size, spare);
    if (spare <= 0 || less <= 0) continue;
    sizes.set(set.metadata.uid!, size - less);
    spare -= less;
  }
  return sizes;
}

/**
 * Sizes when the deployment is scaled in the middle of a rollout, by uid: each set gets its share of the change,
 * the largest the remainder.
 */
export function proportionalSizes(deployment: Deployment, active: readonly ReplicaSet[], desiredBefore: (set: ReplicaSet) => number | undefined, maxBefore: (set: ReplicaSet) => number | undefined): Map<string, number> {
  const wanted = wantedReplicas(deployment);
  const allowed = wanted > 0 ? wanted + limits(deployment).surge : 0;
  const toAdd = allowed - sumSpec(active);
  const ordered = active.toSorted((a, b) => specReplicas(b) - specReplicas(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)));
  const sizes = new Map<string, number>();
  let added = 0;
  for (const set of ordered) {
    const size = specReplicas(set);
    let fraction = 0;
    if (toAdd !== 0 && size !== 0) {
      const annotated = maxBefore(set) ?? desiredBefore(set) ?? deployment.status?.replicas ?? 0;
      const own = annotated === 0 ? 0 : Math.round((size * allowed) / annotated) - size;
      const left = toAdd - added;
      fraction = toAdd > 0 ? Math.min(own, left) : Math.max(own, left);
    }
    sizes.set(set.metadata.uid!, size + fraction);
    added += fraction;
  }
  const first = ordered[0];
  if (first && toAdd - added !== 0) sizes.set(first.metadata.uid!, Math.max(0, sizes.get(first.metadata.uid!)! + toAdd - added));
  return sizes;
}

export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const difference = Date.parse(a.metadata.creationTimestamp ?? "") - Date.parse(b.metadata.creationTimestamp ?? "");
  return difference || (a.metadata.name! < b.metadata.name! ? -1 : 1);
}
