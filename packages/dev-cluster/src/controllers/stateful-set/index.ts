import { isAlreadyExists } from "@trireme/kube";
import { isDeepStrictEqual } from "node:util";
import { availableInMs, isAvailable, isOver, isReady, isTerminating, type Pod } from "../../loop/pods.ts";
import { controllerOfKind, omitEmpty, POD, type Controller, type ControllerContext } from "../context.ts";
import { controllerRevisions, type ControllerRevision } from "../controller-revisions.ts";
import { claimPods, deletePods } from "../pods.ts";
import { claimsAt, ordinalOf, podAt } from "./pods.ts";
import { REVISION_LABEL, STATEFUL_SET, type StatefulSet, type StatefulSetStatus } from "./types.ts";

const COMPONENT = "statefulset-controller";
const CLAIM = { group: "", version: "v1", kind: "PersistentVolumeClaim" };

/** Keeps numbered pods with volumes of their own: up in order, down and updated from the last to the first. */
export function startStatefulSets(ctx: ControllerContext): Controller {
  const revisions = controllerRevisions(ctx, STATEFUL_SET, "controller.kubernetes.io/hash");
  const pods = ctx.informers.of<Pod>(POD);
  const claims = ctx.informers.of(CLAIM);
  const controller = controllerOfKind<StatefulSet>(ctx, { name: COMPONENT, kind: STATEFUL_SET, owns: [POD], visit });
  return controller;

  async function visit(set: StatefulSet, signal: AbortSignal): Promise<number | void> {
    const mine = (await claimPods(ctx, set, STATEFUL_SET, set.spec.selector, signal)).filter((pod) => ordinalOf(set, pod) !== undefined);
    if (set.metadata.deletionTimestamp) return;
    const update = await revisions.current(set, set.status?.collisionCount ?? 0, signal);
    const current = revisions.of(set).find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const status = counted(set, mine, current, update);
    await act(set, mine, current, update, status, signal);

    const after = completed(set, { ...counted(set, ctx.podsByOwner.get(set.metadata.uid!).filter((pod) => ordinalOf(set, pod) !== undefined), current, update) });
    if (!isDeepStrictEqual(after, set.status)) controller.cache.observe(await ctx.client.update<StatefulSet>({ ...set, status: after }, { subresource: "status", signal }));
    const inUse = new Set([update.metadata.name!, current.metadata.name!, ...mine.map((pod) => pod.metadata.labels?.[REVISION_LABEL] ?? "")]);
    await revisions.trim(set, set.spec.revisionHistoryLimit ?? 10, inUse, signal);
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const waiting = mine.filter(isReady).map((pod) => availableInMs(pod, minReadySeconds, ctx.now())).filter((ms) => ms > 0);
    return waiting.length > 0 ? Math.min(...waiting) : undefined;
  }

  /** One step; in order, the first pod that is not healthy ends it, and its next event continues. */
  async function act(set: StatefulSet, mine: readonly Pod[], current: ControllerRevision, update: ControllerRevision, status: StatefulSetStatus, signal: AbortSignal): Promise<void> {
    const start = set.spec.ordinals?.start ?? 0;
    const end = start + (set.spec.replicas ?? 1);
    const ordered = set.spec.podManagementPolicy !== "Parallel";
    const at = new Map(mine.map((pod) => [ordinalOf(set, pod)!, pod]));

    for (let ordinal = start; ordinal < end; ordinal++) {
      const pod = at.get(ordinal);
      if (pod && isOver(pod) && !isTerminating(pod)) await deletePods(ctx, set, [pod], COMPONENT, signal);
      if (!pod) await create(set, ordinal, isOfCurrent(set, ordinal, status, start) ? current : update, signal);
      else await ensureClaims(set, ordinal, signal);
      const healthy = pod !== undefined && !isTerminating(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, ctx.now());
      if (ordered && !healthy) return;
    }
    const condemned = [...at].filter(([ordinal]) => ordinal < start || ordinal >= end).sort(([a], [b]) => b - a);
    for (const [, pod] of condemned) {
      if (!isTerminating(pod)) await deletePods(ctx, set, [pod], COMPONENT, signal);
      if (ordered) return;
    }
    if (set.spec.updateStrategy?.type === "OnDelete") return;
    const partition = Math.max(start, set.spec.updateStrategy?.rollingUpdate?.partition ?? 0);
    for (let ordinal = end - 1; ordinal >= partition; ordinal--) {
      const pod = at.get(ordinal);
      if (pod && pod.metadata.labels?.[REVISION_LABEL] !== update.metadata.name && !isTerminating(pod)) return deletePods(ctx, set, [pod], COMPONENT, signal);
      if (!pod || isTerminating(pod) || !isAvailable(pod, set.spec.minReadySeconds ?? 0, ctx.now())) return;
    }
  }

  async function create(set: StatefulSet, ordinal: number, revision: ControllerRevision, signal: AbortSignal): Promise<void> {
    await ensureClaims(set, ordinal, signal);
    const { $patch: _, ...template } = revision.data.spec.template;
    try {
      const created = await ctx.client.create(podAt(set, ordinal, template, revision.metadata.name!), { signal });
      pods.observe(created);
      ctx.events(COMPONENT).record(set, "Normal", "SuccessfulCreate", `Create Pod ${created.metadata.name} in StatefulSet ${set.metadata.name} successful`);
    } catch (thrown) {
      if (!isAlreadyExists(thrown)) throw thrown;
    }
  }

  async function ensureClaims(set: StatefulSet, ordinal: number, signal: AbortSignal): Promise<void> {
    for (const claim of claimsAt(set, ordinal)) {
      if (claims.get(claim.metadata.namespace!, claim.metadata.name!)) continue;
      try {
        claims.observe(await ctx.client.create(claim, { signal }));
      } catch (thrown) {
        if (!isAlreadyExists(thrown)) throw thrown;
      }
    }
  }

  function counted(set: StatefulSet, mine: readonly Pod[], current: ControllerRevision, update: ControllerRevision): StatefulSetStatus {
    const live = mine.filter((pod) => !isTerminating(pod));
    const ofRevision = (revision: ControllerRevision) => live.filter((pod) => pod.metadata.labels?.[REVISION_LABEL] === revision.metadata.name).length;
    return {
      replicas: mine.length,
      ...omitEmpty({
        observedGeneration: set.metadata.generation,
        readyReplicas: mine.filter(isReady).length,
        currentReplicas: ofRevision(current),
        updatedReplicas: ofRevision(update),
        currentRevision: current.metadata.name,
        updateRevision: update.metadata.name,
      }),
      availableReplicas: mine.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, ctx.now())).length,
      collisionCount: set.status?.collisionCount ?? 0,
    };
  }
}

/** While an update runs, pods below the partition (or not yet reached) come back with the template that they had. */
function isOfCurrent(set: StatefulSet, ordinal: number, status: StatefulSetStatus, start: number): boolean {
  if (status.currentRevision === status.updateRevision || set.spec.updateStrategy?.type === "OnDelete") return false;
  const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  return ordinal < start + (partition > 0 ? partition - start : (status.currentReplicas ?? 0));
}

/** Once every pod has the new template and is ready, the new revision is the current one. */
function completed(set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const wanted = set.spec.replicas ?? 1;
  const done = set.spec.updateStrategy?.type !== "OnDelete" && (status.updatedReplicas ?? 0) === wanted && (status.readyReplicas ?? 0) === wanted && status.replicas === wanted;
  if (!done || status.currentRevision === status.updateRevision) return status;
  return { ...status, ...omitEmpty({ currentReplicas: status.updatedReplicas, currentRevision: status.updateRevision }) };
}
