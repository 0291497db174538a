import type { KubeObject, LabelSelector } from "@trireme/api";
import { rfc3339 } from "@trireme/runtime/clock";
import { isDeepStrictEqual } from "node:util";
import { indexBy, namespaceOf } from "../loop/index-by.ts";
import { matchesLabels } from "../loop/selector.ts";
import { availableInMs, isActive, isAvailable, isReady, isTerminating } from "../loop/pods.ts";
import { controllerOfKind, omitEmpty, POD, type Controller, type ControllerContext } from "./context.ts";
import { byWorth, claimPods, createPods, deletePods, podFrom, type PodTemplate } from "./pods.ts";

export const REPLICA_SET = { group: "apps", version: "v1", kind: "ReplicaSet" };

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate };
  status?: { replicas: number; readyReplicas?: number; availableReplicas?: number; fullyLabeledReplicas?: number; terminatingReplicas?: number; observedGeneration?: number; conditions?: ReplicaSetCondition[] };
}

interface ReplicaSetCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

const COMPONENT = "replicaset-controller";
/** More pods at once would starve everybody else. */
const BURST = 500;

/** Keeps as many pods as the set asks for, and counts them. */
export function startReplicaSets(ctx: ControllerContext): Controller {
  const controller = controllerOfKind<ReplicaSet>(ctx, { name: COMPONENT, kind: REPLICA_SET, owns: [POD], visit });
  const sets = indexBy(controller.cache, namespaceOf);
  // A stray pod has no owner that would be told: any set of its namespace may want it.
  ctx.informers.of(POD).on(({ type, object }) => {
    if (type === "deleted" || object.metadata.ownerReferences?.some(({ controller }) => controller)) return;
    for (const set of sets.get(object.metadata.namespace ?? "")) controller.queue.add(`${set.metadata.namespace}/${set.metadata.name}`);
  });
  return controller;

  async function visit(set: ReplicaSet, signal: AbortSignal): Promise<number | void> {
    const pods = await claimPods(ctx, set, REPLICA_SET, set.spec.selector, signal);
    const failure = isTerminating(set) ? undefined : await manage(set, pods.filter(isActive), signal);
    return writeStatus(set, failure, signal);
  }

  async function manage(set: ReplicaSet, active: readonly Awaited<ReturnType<typeof claimPods>>[number][], signal: AbortSignal): Promise<Error | undefined> {
    const difference = active.length - (set.spec.replicas ?? 1);
    if (difference < 0) {
      const pods = Array.from({ length: Math.min(-difference, BURST) }, () => podFrom(set.spec.template, set, REPLICA_SET));
      return createPods(ctx, set, pods, COMPONENT, signal);
    }
    if (difference > 0) await deletePods(ctx, set, active.toSorted(byWorth).slice(0, Math.min(difference, BURST)), COMPONENT, signal);
    return undefined;
  }

  async function writeStatus(set: ReplicaSet, failure: Error | undefined, signal: AbortSignal): Promise<number | void> {
    const now = ctx.now();
    const all = ctx.podsByOwner.get(set.metadata.uid!).filter((pod) => matchesLabels(set.spec.selector.matchLabels, pod.metadata.labels));
    const active = all.filter(isActive);
    const minReadySeconds = set.spec.minReadySeconds ?? 0;
    const available = active.filter((pod) => isAvailable(pod, minReadySeconds, now));
    const status: NonNullable<ReplicaSet["status"]> = {
      replicas: active.length,
      ...omitEmpty({
        fullyLabeledReplicas: active.filter((pod) => matchesLabels(set.spec.template.metadata?.labels, pod.metadata.labels)).length,
        readyReplicas: active.filter(isReady).length,
        availableReplicas: available.length,
        observedGeneration: set.metadata.generation,
        conditions: conditions(set, failure, now),
      }),
      terminatingReplicas: all.filter((pod) => isTerminating(pod) && pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed").length,
    };
    if (!isDeepStrictEqual(status, set.status)) controller.cache.observe(await ctx.client.update<ReplicaSet>({ ...set, status }, { subresource: "status", signal }));
    if (failure) throw failure;
    const waiting = active.filter((pod) => isReady(pod) && !available.includes(pod)).map((pod) => availableInMs(pod, minReadySeconds, now));
    return waiting.length > 0 ? Math.max(1, Math.min(...waiting)) : undefined;
  }
}

function conditions(set: ReplicaSet, failure: Error | undefined, now: number): ReplicaSetCondition[] {
  const others = (set.status?.conditions ?? []).filter(({ type }) => type !== "ReplicaFailure");
  if (!failure) return others;
  const before = set.status?.conditions?.find(({ type }) => type === "ReplicaFailure");
  return [...others, { type: "ReplicaFailure", status: "True", lastTransitionTime: before?.lastTransitionTime ?? rfc3339(now), reason: "FailedCreate", message: failure.message }];
}
