import type { KubeObject } from "@trireme/api";
import { annotate, controllerOf, hashOf, Key, type PodTemplate, type ReplicaSet } from "../rollout/objects.ts";
import { sameJson } from "../rollout/json.ts";
import { otherSets, type Release } from "../rollout/release.ts";

export interface PodMetadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Gives each set and its pods the metadata of the role that it plays now, and takes away what an earlier role gave. */
export function syncEphemeralMetadata(release: Release): void {
  const { rollout, before, newSet, stableSet } = release;
  const { canary, blueGreen } = rollout.spec.strategy ?? {};
  const forNew = canary === undefined ? blueGreen?.previewMetadata : canary.canaryMetadata;
  const forStable = canary === undefined ? blueGreen?.activeMetadata : canary.stableMetadata;
  const isOver = !before.stableRS || before.stableRS === hashOf(newSet);
  if (isOver) syncSet(release, newSet, forStable);
  else {
    syncSet(release, newSet, forNew);
    syncSet(release, stableSet, forStable);
  }
  for (const set of otherSets(release)) syncSet(release, set, undefined);
}

/** What was injected into a set, by the note on it. */
export function injectedInto(set: ReplicaSet): PodMetadata | undefined {
  try {
    return JSON.parse(set.metadata.annotations?.[Key.EphemeralMetadata] ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

export function withoutEphemeralMetadata(set: ReplicaSet): PodTemplate {
  const injected = injectedInto(set);
  return injected === undefined ? set.spec.template : { ...set.spec.template, metadata: synced(set.spec.template.metadata ?? {}, injected, undefined) };
}

/** Puts metadata into a set that is only being made. */
export function injectInto(set: ReplicaSet, metadata: PodMetadata | undefined): void {
  if (isNothing(metadata) && injectedInto(set) === undefined) return;
  set.spec.template = { ...set.spec.template, metadata: synced(set.spec.template.metadata ?? {}, injectedInto(set), metadata) };
  annotate(set, Key.EphemeralMetadata, isNothing(metadata) ? undefined : JSON.stringify(metadata));
}

function syncSet(release: Release, set: ReplicaSet | undefined, metadata: PodMetadata | undefined): void {
  if (set === undefined) return;
  const before = injectedInto(set);
  if (isNothing(metadata) && before === undefined) return;
  injectInto(set, metadata);
  for (const pod of release.pods) if (controllerOf(pod) === set.metadata.uid && set.metadata.uid !== undefined) syncPod(pod, before, metadata);
}

function syncPod(pod: KubeObject, before: PodMetadata | undefined, after: PodMetadata | undefined): void {
  const { labels, annotations } = synced(pod.metadata, before, after);
  if (!sameJson(labels ?? {}, pod.metadata.labels ?? {})) pod.metadata.labels = labels ?? {};
  if (!sameJson(annotations ?? {}, pod.metadata.annotations ?? {})) pod.metadata.annotations = annotations ?? {};
}

/** Only what was injected is taken away: the rest belongs to others. */
function synced<T extends PodMetadata>(metadata: T, before: PodMetadata | undefined, after: PodMetadata | undefined): T {
  const next = { ...metadata };
  for (const kind of ["labels", "annotations"] as const) {
    const values = { ...next[kind] };
    for (const name of Object.keys(before?.[kind] ?? {})) if (after?.[kind]?.[name] === undefined) delete values[name];
    Object.assign(values, after?.[kind]);
    if (Object.keys(values).length > 0) next[kind] = values;
    else delete next[kind];
  }
  return next;
}

const isNothing = (metadata: PodMetadata | undefined): boolean => Object.keys(metadata?.labels ?? {}).length === 0 && Object.keys(metadata?.annotations ?? {}).length === 0;
