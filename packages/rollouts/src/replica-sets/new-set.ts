import { podTemplateHash } from "../pod-template/hash.ts";
import { annotate, byCreation, hashOf, Key, replicasOf, revisionOf, type PodTemplate, type ReplicaSet } from "../rollout/objects.ts";
import { findStableSet, olderSets, tell, type Release } from "../rollout/release.ts";
import { ConditionType, Reason, renewCondition } from "../status/conditions.ts";
import { affinityFor, injectedAgainst } from "./anti-affinity.ts";
import { injectInto } from "./ephemeral-metadata.ts";
import { copyJson } from "../rollout/json.ts";

/** Finds or makes the set of the present template, and gives it the highest revision. */
export function ensureNewSet(release: Release): void {
  if (release.newSet === undefined) createNewSet(release);
  else syncNewSet(release, release.newSet);
}

/** Made with no pods; it is scaled by the strategy. */
function createNewSet(release: Release): void {
  const { rollout, before, snapshot, sets } = release;
  const hash = podTemplateHash(rollout.spec.template, before.collisionCount);
  const name = `${rollout.metadata.name}-${hash}`;
  if (snapshot.replicaSet(name) !== undefined) {
    // Somebody else's, or made from something else with the same hash: the next hash is another one.
    before.collisionCount = (before.collisionCount ?? 0) + 1;
    return createNewSet(release);
  }
  const template = copyJson(rollout.spec.template ?? {}) as unknown as PodTemplate;
  const labels = { ...template.metadata?.labels, [Key.Hash]: hash };
  const affinity = affinityFor(rollout, before.stableRS, hash);
  const selector = copyJson(rollout.spec.selector ?? {}) as ReplicaSet["spec"]["selector"];
  const revision = String(highestRevision(release) + 1);
  const set: ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: rollout.metadata.namespace ?? "",
      labels,
      annotations: { ...copied(rollout.metadata.annotations), [Key.Revision]: revision, [Key.DesiredReplicas]: String(replicasOf(rollout)) },
      ownerReferences: [{ apiVersion: rollout.apiVersion, kind: rollout.kind, name: rollout.metadata.name ?? "", uid: rollout.metadata.uid ?? "", controller: true, blockOwnerDeletion: true }],
      creationTimestamp: release.time,
    },
    spec: {
      replicas: 0,
      ...(rollout.spec.minReadySeconds !== undefined && { minReadySeconds: rollout.spec.minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [Key.Hash]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels }, spec: { ...template.spec, ...(affinity !== undefined && { affinity }) } },
    },
  };
  const { canary, blueGreen } = rollout.spec.strategy ?? {};
  const isUpdate = release.stableSet !== undefined;
  injectInto(set, canary === undefined ? (isUpdate ? blueGreen?.previewMetadata : blueGreen?.activeMetadata) : isUpdate ? canary.canaryMetadata : canary.stableMetadata);
  sets.push(set);
  sets.sort(byCreation);
  release.newSet = set;
  release.stableSet = findStableSet(release);
  setRevision(release, revision);
  tell(release, "NewReplicaSetCreated", `Created ReplicaSet ${name} (revision ${revision})`, set);
  renewCondition(before, { type: ConditionType.Progressing, status: "True", reason: Reason.NewReplicaSetCreated, message: `Created new replica set "${name}"` }, release.time);
}

/** Going back to an older set gives it the next revision and remembers the ones it had. */
function syncNewSet(release: Release, set: ReplicaSet): void {
  const { rollout, before } = release;
  const had = set.metadata.annotations?.[Key.Revision];
  const next = highestRevision(release) + 1;
  let isChanged = false;
  for (const [name, value] of Object.entries(copied(rollout.metadata.annotations))) {
    if (set.metadata.annotations?.[name] === value) continue;
    annotate(set, name, value);
    isChanged = true;
  }
  if (revisionOf(set) < next) {
    annotate(set, Key.Revision, String(next));
    isChanged = true;
    if (had !== undefined) annotate(set, Key.RevisionHistory, [set.metadata.annotations?.[Key.RevisionHistory], had].filter(Boolean).join(","));
  }
  if ((set.spec.minReadySeconds ?? 0) !== (rollout.spec.minReadySeconds ?? 0)) set.spec.minReadySeconds = rollout.spec.minReadySeconds ?? 0;
  syncAntiAffinity(release, set);
  setRevision(release, set.metadata.annotations?.[Key.Revision] ?? String(next));
  if (isChanged || before.conditions?.some((condition) => condition.type === ConditionType.Progressing) === true) return;
  renewCondition(before, { type: ConditionType.Progressing, status: "True", reason: Reason.FoundNewReplicaSet, message: `Found new replica set "${set.metadata.name}"` }, release.time);
}

/** An injected rule names the stable set of its time; once that is another, or the set is stable itself, it is written anew. */
function syncAntiAffinity({ rollout, before }: Release, set: ReplicaSet): void {
  const against = injectedAgainst(set.spec.template);
  if (against === undefined || against === before.stableRS) return;
  const affinity = affinityFor(rollout, before.stableRS, hashOf(set));
  const spec = { ...set.spec.template.spec };
  if (affinity === undefined) delete spec["affinity"];
  else spec["affinity"] = affinity;
  set.spec.template = { ...set.spec.template, spec };
}

const highestRevision = (release: Release): number => Math.max(0, ...olderSets(release).map(revisionOf));

function setRevision(release: Release, revision: string): void {
  const { rollout } = release;
  if (rollout.metadata.annotations?.[Key.Revision] === revision) return;
  annotate(rollout, Key.Revision, revision);
  tell(release, "RolloutUpdated", `Rollout updated to revision ${revision}`, rollout);
}

const NOT_COPIED: readonly string[] = [Key.LastApplied, Key.Revision, Key.RevisionHistory, Key.DesiredReplicas, Key.Notified];

/** A Rollout's annotations that its newest set carries too. */
function copied(annotations: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => !NOT_COPIED.includes(name)));
}
