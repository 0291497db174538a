import type { KubeObject } from "@trireme/api";
import { mergePatch } from "./rollout/json.ts";
import { Key, wanted, type ReplicaSet } from "./rollout/objects.ts";
import type { Release } from "./rollout/release.ts";
import type { Write } from "./snapshot.ts";

/**
 * What differs between the drafts and what is stored, in an order that is safe to stop at any point: sets that a Service
 * will name exist first, and Services are switched before anything that they could leave behind goes. A canary's sets
 * shrink before they grow, so that there are never more pods than its surge allows; for blue-green, where old sets only
 * go when nothing needs them, the status is written first. A run is named in the status before it is made: of one that
 * ended while nobody remembered it the verdict would be lost, and the next run would be a second chance.
 */
export function writesOf(release: Release): Write[] {
  const { snapshot, sets } = release;
  const stored = new Map(snapshot.replicaSets.map((set) => [set.metadata.name, set]));
  const drafts = [...sets, ...release.releasedSets].map((draft) => ({ draft, base: stored.get(draft.metadata.name) }));
  const isGrowing = ({ draft, base }: (typeof drafts)[number]) => base !== undefined && wanted(draft) > wanted(base);
  const growing = drafts.filter(isGrowing).flatMap(({ base, draft }) => patch(base, draft));
  const others = drafts.filter((pair) => pair.base !== undefined && !isGrowing(pair)).flatMap(({ base, draft }) => patch(base, draft));
  const isCanary = release.rollout.spec.strategy?.canary !== undefined;
  return [
    ...(isCanary ? others : []),
    ...drafts.filter(({ base }) => base === undefined).map(({ draft }) => create(draft)),
    ...[...release.services.values()].flatMap((service) => patch(snapshot.service(service.metadata.name ?? ""), service)),
    ...growing,
    ...rolloutPatch(release),
    ...statusPatch(release),
    ...newRuns(release),
    ...patch(snapshot.workload, release.workload),
    ...(isCanary ? [] : others),
    ...endedRuns(release),
    ...podPatches(release),
    ...release.evicted.map((pod) => ({ verb: "evict" as const, pod })),
    ...deletions(release),
  ];
}

function create(object: KubeObject): Write {
  const { creationTimestamp: _, ...metadata } = object.metadata;
  return { verb: "create", object: { ...object, metadata } };
}

/** Only of what decisions change: labels, annotations, owners and the spec. */
function patch(base: KubeObject | undefined, draft: KubeObject | undefined): Write[] {
  if (base === undefined || draft === undefined) return [];
  const of = ({ metadata, spec }: KubeObject) => ({ metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {}, ...(metadata.ownerReferences !== undefined && { ownerReferences: metadata.ownerReferences }) }, spec });
  const change = mergePatch(of(base), of(draft));
  return change === undefined ? [] : [{ verb: "patch", base, patch: change, type: "merge" }];
}

function newRuns({ runs, snapshot, deletedRuns }: Release): Write[] {
  const known = new Set(snapshot.runs.map((run) => run.metadata.name));
  return runs.filter((run) => !known.has(run.metadata.name) && !deletedRuns.has(run.metadata.name ?? "")).map(create);
}

function endedRuns({ runs, snapshot, deletedRuns }: Release): Write[] {
  const stored = new Map(snapshot.runs.map((run) => [run.metadata.name, run]));
  return runs.flatMap((run) => {
    const base = stored.get(run.metadata.name);
    const isEnded = base !== undefined && run.spec.terminate === true && base.spec.terminate !== true && !deletedRuns.has(run.metadata.name ?? "");
    return isEnded ? [{ verb: "patch" as const, base, patch: { spec: { terminate: true } }, type: "merge" as const }] : [];
  });
}

/** The Rollout itself: the number of replicas where it had none, and two annotations. */
function rolloutPatch({ snapshot, rollout }: Release): Write[] {
  const base = snapshot.rollout;
  const of = ({ metadata, spec }: typeof base) => ({ metadata: { annotations: { revision: metadata.annotations?.[Key.Revision], generation: metadata.annotations?.[Key.WorkloadGeneration] } }, spec: { replicas: spec.replicas } });
  const change = mergePatch(of(base), of(rollout));
  if (change === undefined) return [];
  const { revision, generation } = change.metadata?.annotations ?? {};
  const annotations = { ...(revision !== undefined && { [Key.Revision]: revision }), ...(generation !== undefined && { [Key.WorkloadGeneration]: generation }) };
  return [{ verb: "patch", base, patch: { ...(change.metadata !== undefined && { metadata: { annotations } }), ...(change.spec !== undefined && { spec: change.spec }) }, type: "merge" }];
}

function statusPatch({ snapshot, status }: Release): Write[] {
  const base = snapshot.rollout;
  const change = mergePatch({ status: base.status ?? {} }, { status });
  return change === undefined ? [] : [{ verb: "patch", base, patch: change, type: "merge", subresource: "status" }];
}

function podPatches({ pods, snapshot, evicted }: Release): Write[] {
  const stored = new Map(snapshot.pods.map((pod) => [pod.metadata.uid, pod]));
  return pods.filter((pod) => !evicted.includes(pod)).flatMap((pod) => patch(stored.get(pod.metadata.uid), pod));
}

function deletions({ snapshot, deletedSets, deletedRuns }: Release): Write[] {
  const gone = (names: ReadonlySet<string>, objects: readonly KubeObject[]) => objects.filter((object) => names.has(object.metadata.name ?? "") && object.metadata.deletionTimestamp === undefined).map((base) => ({ verb: "delete" as const, base }));
  return [...gone(deletedSets, snapshot.replicaSets as readonly ReplicaSet[]), ...gone(deletedRuns, snapshot.runs)];
}
