import { selects } from "@trireme/api";
import { isAlreadyExists } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import { controllerOf } from "../../loop/index-by.ts";
import { controllerRef, type ControllerContext } from "../context.ts";
import type { PodTemplate } from "../pods.ts";
import { REPLICA_SET, type ReplicaSet } from "../replica-set.ts";
import { safeHash } from "../template-hash.ts";
import { byCreation, limits, newSetSize, specReplicas, wantedReplicas } from "./arithmetic.ts";
import { DEPLOYMENT, DESIRED, HASH_LABEL, MAX_REPLICAS, REVISION, REVISION_HISTORY, type Deployment } from "./types.ts";

/** Annotations of a deployment that are its own business. */
const NOT_COPIED = new Set(["kubectl.kubernetes.io/last-applied-configuration", REVISION, REVISION_HISTORY, DESIRED, MAX_REPLICAS, "deprecated.deployment.rollback.to"]);

/** The set of the present template: of several the oldest. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = withoutHash(deployment.spec.template);
  return sets.toSorted(byCreation).find((set) => isDeepStrictEqual(withoutHash(set.spec.template), wanted));
}

function withoutHash(template: PodTemplate): unknown {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  const { creationTimestamp: __, ...metadata } = (template.metadata ?? {}) as Record<string, unknown>;
  return { ...template, metadata: { ...metadata, labels } };
}

export function revisionOf(object: { metadata: { annotations?: Record<string, string> } } | undefined): number {
  return Number(object?.metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** The new set's annotations as they should be; the same object back where nothing changes. */
export function annotatedSet(deployment: Deployment, set: ReplicaSet, revision: number): Record<string, string> {
  const annotations: Record<string, string> = { ...set.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (!NOT_COPIED.has(key)) annotations[key] = value;
  const before = annotations[REVISION];
  if (revision > revisionOf(set)) {
    annotations[REVISION] = String(revision);
    // A template that comes back takes a new number and remembers the old one.
    if (before !== undefined) annotations[REVISION_HISTORY] = annotations[REVISION_HISTORY] ? `${annotations[REVISION_HISTORY]},${before}` : before;
  }
  return annotations;
}

export function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const wanted = wantedReplicas(deployment);
  return { [DESIRED]: String(wanted), [MAX_REPLICAS]: String(wanted + limits(deployment).surge) };
}

/**
 * Creates the set of the present template. `undefined` where the name is taken by another template's set:
 * the caller counts the collision and comes back.
 */
export async function createNewSet(ctx: ControllerContext, deployment: Deployment, old: readonly ReplicaSet[], revision: number, signal: AbortSignal): Promise<ReplicaSet | undefined> {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = safeHash(template, deployment.status?.collisionCount ?? 0);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  const draft: ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: `${deployment.metadata.name}-${hash}`, namespace: deployment.metadata.namespace!, labels, ownerReferences: [controllerRef(deployment, DEPLOYMENT)] },
    spec: {
      replicas: 0,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  draft.spec.replicas = newSetSize(deployment, [...old, draft], draft);
  draft.metadata.annotations = { ...annotatedSet(deployment, draft, revision), ...sizeAnnotations(deployment) };
  const cache = ctx.informers.of<ReplicaSet>(REPLICA_SET);
  try {
    const created = await ctx.client.create(draft, { signal });
    cache.observe(created);
    return created;
  } catch (thrown) {
    if (!isAlreadyExists(thrown)) throw thrown;
    const found = await ctx.client.get<ReplicaSet>({ ...REPLICA_SET, namespace: deployment.metadata.namespace!, name: draft.metadata.name! }, { signal });
    const ours = controllerOf(found)?.uid === deployment.metadata.uid && isDeepStrictEqual(withoutHash(found.spec.template), withoutHash(template));
    if (ours) cache.observe(found);
    return ours ? found : undefined;
  }
}

/** Sizes a set and tells so; annotations say what the size was meant for. */
export async function scaleSet(ctx: ControllerContext, deployment: Deployment, set: ReplicaSet, size: number, signal: AbortSignal): Promise<ReplicaSet> {
  const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
  const before = specReplicas(set);
  if (before === size && isDeepStrictEqual(annotations, set.metadata.annotations)) return set;
  const updated = await ctx.client.update<ReplicaSet>({ ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: size } }, { signal });
  ctx.informers.of<ReplicaSet>(REPLICA_SET).observe(updated);
  if (before !== size) tellScaling(ctx, deployment, updated, before, size);
  return updated;
}

export function tellScaling(ctx: ControllerContext, deployment: Deployment, set: ReplicaSet, from: number, to: number): void {
  ctx.events("deployment-controller").record(deployment, "Normal", "ScalingReplicaSet", `Scaled ${to > from ? "up" : "down"} replica set ${set.metadata.name} from ${from} to ${to}`);
}

/** The deployment's sets by reference; strays whose labels fit are adopted. */
export async function claimSets(ctx: ControllerContext, deployment: Deployment, owned: readonly ReplicaSet[], inNamespace: readonly ReplicaSet[], signal: AbortSignal): Promise<ReplicaSet[]> {
  const sets = [...owned];
  if (deployment.metadata.deletionTimestamp) return sets;
  for (const set of inNamespace) {
    if (controllerOf(set) || set.metadata.deletionTimestamp || !selects(deployment.spec.selector, set.metadata.labels)) continue;
    const body = { metadata: { uid: set.metadata.uid, resourceVersion: set.metadata.resourceVersion, ownerReferences: [...(set.metadata.ownerReferences ?? []), controllerRef(deployment, DEPLOYMENT)] } };
    const adopted = await ctx.client.patch<ReplicaSet>({ ...REPLICA_SET, namespace: set.metadata.namespace!, name: set.metadata.name! }, "merge", body, { signal });
    ctx.informers.of<ReplicaSet>(REPLICA_SET).observe(adopted);
    sets.push(adopted);
  }
  return sets;
}
