import { isNotFound } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import { controllerUid, indexBy, namespaceOf } from "../../loop/index-by.ts";
import { isActive } from "../../loop/pods.ts";
import { controllerOfKind, POD, type Controller, type ControllerContext } from "../context.ts";
import { REPLICA_SET, type ReplicaSet } from "../replica-set.ts";
import { byCreation, newSetSize, oldSetSizes, proportionalSizes, specReplicas, wantedReplicas } from "./arithmetic.ts";
import { annotatedSet, claimSets, createNewSet, findNewSet, revisionOf, scaleSet, sizeAnnotations, tellScaling } from "./replica-sets.ts";
import { countedStatus, deadlineInMs, hasDeadline, isComplete, rolloutStatus, withCondition } from "./status.ts";
import { DEPLOYMENT, DESIRED, MAX_REPLICAS, REVISION, type Deployment, type DeploymentStatus } from "./types.ts";

/** Moves deployments from one template to the next, and says how far they are. */
export function startDeployments(ctx: ControllerContext): Controller {
  const sets = ctx.informers.of<ReplicaSet>(REPLICA_SET);
  const byOwner = indexBy(sets, controllerUid);
  const byNamespace = indexBy(sets, namespaceOf);
  const controller = controllerOfKind<Deployment>(ctx, { name: "deployment-controller", kind: DEPLOYMENT, owns: [REPLICA_SET], visit });
  // Recreate waits for the last old pod, which its set does not count any more.
  ctx.informers.of(POD).on(({ type, object }) => {
    if (type !== "deleted") return;
    const set = object.metadata.ownerReferences?.find((owner) => owner.controller && owner.kind === "ReplicaSet");
    const owner = set && sets.get(object.metadata.namespace!, set.name)?.metadata.ownerReferences?.find((each) => each.controller);
    if (owner?.kind === "Deployment") controller.queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  return controller;

  async function visit(seen: Deployment, signal: AbortSignal): Promise<number | void> {
    let deployment = seen;
    const all = await claimSets(ctx, deployment, byOwner.get(deployment.metadata.uid!), byNamespace.get(deployment.metadata.namespace!), signal);
    if (deployment.metadata.deletionTimestamp) return void (await write(deployment, countedStatus(deployment, all, findNewSet(deployment, all), ctx.now()), signal));

    deployment = await withPauseCondition(deployment, signal);
    if (deployment.spec.paused || isScaled(deployment, all)) return scale(deployment, all, signal);

    const old = all.filter((set) => set !== findNewSet(deployment, all));
    const recreate = deployment.spec.strategy?.type === "Recreate";
    if (recreate) {
      const shrunk = await Promise.all(old.map((set) => (specReplicas(set) > 0 ? scaleSet(ctx, deployment, set, 0, signal) : set)));
      const remaining = old.some((set) => ctx.podsByOwner.get(set.metadata.uid!).some((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed"));
      if (shrunk.some((set, index) => set !== old[index]) || remaining) return finish(deployment, [...shrunk, ...without(all, old)], findNewSet(deployment, all), signal);
    }
    const made = await newSet(deployment, all, old, signal);
    if (!made) return 0;
    return roll(made.deployment, made.set, old, signal);
  }

  /** One step of the rollout: first the new set grows, then the old ones shrink; every step brings the next event. */
  async function roll(deployment: Deployment, newSet: ReplicaSet, old: readonly ReplicaSet[], signal: AbortSignal): Promise<number | void> {
    const grown = await scaleSet(ctx, deployment, newSet, Math.max(0, newSetSize(deployment, [...old, newSet], newSet)), signal);
    const sizes = deployment.spec.strategy?.type === "Recreate" ? new Map<string, number>() : oldSetSizes(deployment, [...old, grown], old, grown);
    const shrunk = await Promise.all(old.map((set) => (sizes.has(set.metadata.uid!) ? scaleSet(ctx, deployment, set, sizes.get(set.metadata.uid!)!, signal) : set)));
    return finish(deployment, [...shrunk, grown], grown, signal);
  }

  /** A change of size alone, or of a paused deployment: no new set, the present ones share it. */
  async function scale(deployment: Deployment, all: readonly ReplicaSet[], signal: AbortSignal): Promise<number | void> {
    const newSet = findNewSet(deployment, all);
    const active = all.filter((set) => specReplicas(set) > 0);
    const single = active.length > 1 ? undefined : (active[0] ?? newSet ?? all.toSorted(byCreation).at(-1));
    let scaled = [...all];
    const resize = async (set: ReplicaSet, size: number) => {
      const updated = await scaleSet(ctx, deployment, set, size, signal);
      scaled = scaled.map((each) => (each.metadata.uid === updated.metadata.uid ? updated : each));
    };
    if (single) await resize(single, wantedReplicas(deployment));
    else if (newSet && isSaturated(deployment, newSet)) {
      for (const set of active) if (set !== newSet) await resize(set, 0);
    } else if (deployment.spec.strategy?.type !== "Recreate") {
      const annotated = (key: string) => (set: ReplicaSet) => (set.metadata.annotations?.[key] === undefined ? undefined : Number(set.metadata.annotations[key]));
      const sizes = proportionalSizes(deployment, active, annotated(DESIRED), annotated(MAX_REPLICAS));
      for (const set of active) await resize(set, sizes.get(set.metadata.uid!) ?? specReplicas(set));
    }
    if (deployment.spec.paused) await cleanUp(deployment, scaled, newSet, signal);
    return finish(deployment, scaled, findNewSet(deployment, scaled), signal);
  }

  /** The set of the present template, found or created, with the revision on both. */
  async function newSet(deployment: Deployment, all: readonly ReplicaSet[], old: readonly ReplicaSet[], signal: AbortSignal): Promise<{ deployment: Deployment; set: ReplicaSet } | undefined> {
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const found = findNewSet(deployment, all);
    if (found) {
      const annotations = annotatedSet(deployment, found, revision);
      const { minReadySeconds } = deployment.spec;
      let set = found;
      if (!isDeepStrictEqual(annotations, found.metadata.annotations ?? {}) || (found.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
        set = await ctx.client.update<ReplicaSet>({ ...found, metadata: { ...found.metadata, annotations }, spec: { ...found.spec, ...(minReadySeconds !== undefined && { minReadySeconds }) } }, { signal });
        sets.observe(set);
      }
      const known = deployment.status?.conditions?.some(({ type }) => type === "Progressing");
      return { deployment: noted(deployment, revisionOf(set), known ? undefined : { reason: "FoundNewReplicaSet", message: `Found new replica set "${set.metadata.name}"` }), set };
    }
    const set = await createNewSet(ctx, deployment, old, revision, signal);
    if (!set) {
      // The name belongs to another template: the next try hashes differently.
      controller.cache.observe(await ctx.client.update<Deployment>({ ...deployment, status: { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 } }, { subresource: "status", signal }));
      return undefined;
    }
    if (specReplicas(set) > 0) tellScaling(ctx, deployment, set, 0, specReplicas(set));
    return { deployment: noted(deployment, revision, { reason: "NewReplicaSetCreated", message: `Created new replica set "${set.metadata.name}"` }), set };
  }

  /** Revision annotation and the first word on progress. Both are written with the status, which does not count as a new generation. */
  function noted(deployment: Deployment, revision: number, progress: { reason: string; message: string } | undefined): Deployment {
    const annotations = revisionOf(deployment) < revision ? { ...deployment.metadata.annotations, [REVISION]: String(revision) } : deployment.metadata.annotations;
    const conditions = progress && hasDeadline(deployment) ? withCondition(deployment.status?.conditions ?? [], { type: "Progressing", status: "True", ...progress }, ctx.now()) : deployment.status?.conditions;
    return { ...deployment, metadata: { ...deployment.metadata, ...(annotations && { annotations }) }, status: { ...deployment.status, ...(conditions && { conditions }) } };
  }

  async function withPauseCondition(deployment: Deployment, signal: AbortSignal): Promise<Deployment> {
    if (!hasDeadline(deployment)) return deployment;
    const current = deployment.status?.conditions?.find(({ type }) => type === "Progressing");
    if (current?.reason === "ProgressDeadlineExceeded") return deployment;
    const isMarked = current?.reason === "DeploymentPaused";
    if (Boolean(deployment.spec.paused) === isMarked) return deployment;
    const found = deployment.spec.paused ? { reason: "DeploymentPaused", message: "Deployment is paused" } : { reason: "DeploymentResumed", message: "Deployment is resumed" };
    const conditions = withCondition(deployment.status?.conditions ?? [], { type: "Progressing", status: "Unknown", ...found }, ctx.now());
    const updated = await ctx.client.update<Deployment>({ ...deployment, status: { ...deployment.status, conditions } }, { subresource: "status", signal });
    controller.cache.observe(updated);
    return updated;
  }

  async function finish(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, signal: AbortSignal): Promise<number | void> {
    const now = ctx.now();
    const status = deployment.spec.paused ? countedStatus(deployment, all, newSet, now) : rolloutStatus(deployment, all, newSet, now);
    await write(deployment, status, signal);
    if (isComplete(deployment, status)) await cleanUp(deployment, all, newSet, signal);
    return deadlineInMs(deployment, status, now);
  }

  async function write(deployment: Deployment, status: DeploymentStatus, signal: AbortSignal): Promise<void> {
    const written = controller.cache.get(deployment.metadata.namespace!, deployment.metadata.name!);
    if (isDeepStrictEqual(status, written?.status) && revisionOf(deployment) === revisionOf(written)) return;
    controller.cache.observe(await ctx.client.update<Deployment>({ ...deployment, status }, { subresource: "status", signal }));
  }

  /** Keeps as many empty old sets as can be rolled back to. */
  async function cleanUp(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet | undefined, signal: AbortSignal): Promise<void> {
    const limit = deployment.spec.revisionHistoryLimit ?? 10;
    const empty = all.filter((set) => set.metadata.uid !== newSet?.metadata.uid && !set.metadata.deletionTimestamp);
    const surplus = empty.length - limit;
    if (surplus <= 0) return;
    for (const set of empty.toSorted((a, b) => revisionOf(a) - revisionOf(b) || byCreation(a, b)).slice(0, surplus)) {
      const inUse = specReplicas(set) > 0 || (set.status?.replicas ?? 0) > 0 || (set.metadata.generation ?? 0) > (set.status?.observedGeneration ?? 0) || ctx.podsByOwner.get(set.metadata.uid!).some(isActive);
      if (inUse) continue;
      try {
        await ctx.client.delete({ ...REPLICA_SET, namespace: set.metadata.namespace!, name: set.metadata.name! }, { preconditions: { uid: set.metadata.uid! }, signal });
        sets.observeDeleted(set);
      } catch (thrown) {
        if (!isNotFound(thrown)) throw thrown;
      }
    }
  }

  function isScaled(deployment: Deployment, all: readonly ReplicaSet[]): boolean {
    return all.some((set) => specReplicas(set) > 0 && set.metadata.annotations?.[DESIRED] !== undefined && set.metadata.annotations[DESIRED] !== sizeAnnotations(deployment)[DESIRED]);
  }

  function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
    const wanted = wantedReplicas(deployment);
    return specReplicas(set) === wanted && Number(set.metadata.annotations?.[DESIRED]) === wanted && (set.status?.availableReplicas ?? 0) === wanted;
  }
}

function without<T>(all: readonly T[], some: readonly T[]): T[] {
  return all.filter((each) => !some.includes(each));
}
