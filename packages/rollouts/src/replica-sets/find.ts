import { podTemplateHash, templateJson } from "../pod-template/hash.ts";
import { withPodDefaults } from "../pod-template/defaults.ts";
import { Key, hashOf, type PodTemplate, type ReplicaSet } from "../rollout/objects.ts";
import type { Release } from "../rollout/release.ts";
import { withoutInjectedAntiAffinity } from "./anti-affinity.ts";
import { withoutEphemeralMetadata } from "./ephemeral-metadata.ts";

/**
 * The set of the present template: by its hash, else the oldest whose template means the same. The second finds the
 * sets of other releases of Argo Rollouts, which hashed otherwise: they are adopted without a restart.
 */
export function findNewSet(release: Pick<Release, "rollout" | "sets" | "before">): ReplicaSet | undefined {
  const { rollout, sets, before } = release;
  const hash = podTemplateHash(rollout.spec.template, before.collisionCount);
  const byHash = sets.find((set) => hashOf(set) === hash);
  if (byHash !== undefined) return byHash;
  const desired = comparable(rollout.spec.template as PodTemplate | undefined);
  return sets.find((set) => comparable(originalTemplate(set)) === desired);
}

/** What the set was made from: without the hash and what was injected. */
export function originalTemplate(set: ReplicaSet): PodTemplate {
  return withoutInjectedAntiAffinity(withoutEphemeralMetadata(set));
}

function comparable(template: PodTemplate | undefined): string {
  const whole = withPodDefaults(template ?? {});
  const labels = { ...whole.metadata?.labels };
  delete labels[Key.Hash];
  // The deprecated twin of serviceAccountName is filled in by the server only.
  const { serviceAccount: _, ...spec } = whole.spec ?? {};
  return templateJson({ metadata: { labels, annotations: whole.metadata?.annotations }, spec });
}
