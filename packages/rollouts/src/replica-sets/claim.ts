import { controllerOf } from "../rollout/objects.ts";
import type { Release } from "../rollout/release.ts";
import { selects } from "@trireme/api";

/**
 * Takes sets that match the selector and that nobody controls, and lets go of those that it controls and that match no
 * more, as every controller does.
 */
export function claimOrphans(release: Release): void {
  const { rollout } = release;
  const uid = rollout.metadata.uid;
  for (const set of release.sets) {
    const controller = controllerOf(set);
    const matches = selects(rollout.spec.selector, set.metadata.labels);
    if (controller === undefined && matches && set.metadata.deletionTimestamp === undefined) {
      const reference = { apiVersion: rollout.apiVersion, kind: rollout.kind, name: rollout.metadata.name ?? "", uid: uid ?? "", controller: true, blockOwnerDeletion: true };
      set.metadata.ownerReferences = [...(set.metadata.ownerReferences ?? []), reference];
    } else if (controller === uid && !matches) {
      set.metadata.ownerReferences = (set.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
      release.releasedSets.push(set);
    }
  }
  release.sets = release.sets.filter((set) => !release.releasedSets.includes(set));
}
