import { revisionHistoryLimit } from "../rollout/defaults.ts";
import { created, hashOf, wanted } from "../rollout/objects.ts";
import { otherSets, type Release } from "../rollout/release.ts";

/**
 * Of the sets that are neither new nor stable, the oldest beyond the limit go, with their runs. One that still has
 * pods stays, and no younger one goes in its place.
 */
export function trimHistory(release: Release): void {
  const alive = otherSets(release).filter((set) => set.metadata.deletionTimestamp === undefined);
  for (const set of alive.slice(0, Math.max(0, alive.length - revisionHistoryLimit(release.rollout)))) {
    if (wanted(set) !== 0 || created(set) !== 0 || (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0)) continue;
    release.deletedSets.add(set.metadata.name ?? "");
    release.sets = release.sets.filter((other) => other !== set);
    for (const run of release.runs) if (run.metadata.labels?.["rollouts-pod-template-hash"] === hashOf(set)) release.deletedRuns.add(run.metadata.name ?? "");
  }
}
