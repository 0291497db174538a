import { selects, type KubeObject, type LabelSelector } from "@trireme/api";
import { isAlreadyExists, isNotFound } from "@trireme/kube";
import type { Kind } from "../loop/informers.ts";
import { controllerOf } from "../loop/index-by.ts";
import { isReady, isTerminating, type Pod } from "../loop/pods.ts";
import { controllerRef, POD, type ControllerContext } from "./context.ts";

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string>; finalizers?: string[] };
  spec: Record<string, any>;
}

/** Failures in a row after which a controller stops creating for this visit. */
const FIRST_BATCH = 1;

/** A pod as its template and controller want it; the API server fills in what is open. */
export function podFrom(template: PodTemplate, owner: KubeObject, kind: Kind): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace!,
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
      ...(finalizers && { finalizers: [...finalizers] }),
      ownerReferences: [controllerRef(owner, kind)],
    },
    spec: structuredClone(template.spec),
  };
}

/**
 * Creates pods in batches that double, so that one that is refused (a quota, a webhook) is not refused a hundred times.
 * Answers the first failure, if any, after as many as worked.
 */
export async function createPods(ctx: ControllerContext, owner: KubeObject, pods: readonly Pod[], component: string, signal: AbortSignal): Promise<Error | undefined> {
  const events = ctx.events(component);
  let next = 0;
  for (let batch = FIRST_BATCH; next < pods.length; batch *= 2) {
    const results = await Promise.allSettled(pods.slice(next, next + batch).map((pod) => ctx.client.create(pod, { signal })));
    next += batch;
    let failure: Error | undefined;
    for (const result of results) {
      if (result.status === "fulfilled") {
        ctx.informers.of<Pod>(POD).observe(result.value);
        events.record(owner, "Normal", "SuccessfulCreate", `Created pod: ${result.value.metadata.name}`);
      } else if (!isAlreadyExists(result.reason)) failure ??= result.reason as Error;
    }
    if (failure) {
      events.record(owner, "Warning", "FailedCreate", `Error creating: ${failure.message}`);
      return failure;
    }
  }
  return undefined;
}

export async function deletePods(ctx: ControllerContext, owner: KubeObject, pods: readonly Pod[], component: string, signal: AbortSignal): Promise<void> {
  const cache = ctx.informers.of<Pod>(POD);
  await Promise.all(
    pods.map(async (pod) => {
      try {
        const answer = await ctx.client.delete({ ...POD, namespace: pod.metadata.namespace!, name: pod.metadata.name! }, { preconditions: { uid: pod.metadata.uid! }, signal });
        if (answer.kind === "Pod" && (answer as Pod).metadata.deletionTimestamp) cache.observe(answer as Pod);
        else cache.observeDeleted(pod);
        ctx.events(component).record(owner, "Normal", "SuccessfulDelete", owner.kind === "StatefulSet" ? `Delete Pod ${pod.metadata.name} in StatefulSet ${owner.metadata.name} successful` : `Deleted pod: ${pod.metadata.name}`);
      } catch (thrown) {
        if (!isNotFound(thrown)) throw thrown;
      }
    }),
  );
}

/** The pods of an owner by reference and selector: strays that fit are adopted, those that fit no more are let go. */
export async function claimPods(ctx: ControllerContext, owner: KubeObject, kind: Kind, selector: LabelSelector, signal: AbortSignal): Promise<Pod[]> {
  const mine = ctx.podsByOwner.get(owner.metadata.uid!);
  const kept: Pod[] = [];
  for (const pod of mine) {
    if (selects(selector, pod.metadata.labels)) kept.push(pod);
    else if (!isTerminating(owner) && !isTerminating(pod)) await setOwners(ctx, pod, pod.metadata.ownerReferences!.filter(({ uid }) => uid !== owner.metadata.uid), signal);
  }
  if (isTerminating(owner)) return kept;
  for (const pod of ctx.podsByNamespace.get(owner.metadata.namespace!)) {
    if (controllerOf(pod) || isTerminating(pod) || !selects(selector, pod.metadata.labels)) continue;
    const adopted = await setOwners(ctx, pod, [...(pod.metadata.ownerReferences ?? []), controllerRef(owner, kind)], signal);
    if (adopted) kept.push(adopted);
  }
  return kept;
}

async function setOwners(ctx: ControllerContext, pod: Pod, ownerReferences: NonNullable<Pod["metadata"]["ownerReferences"]>, signal: AbortSignal): Promise<Pod | undefined> {
  const body = { metadata: { uid: pod.metadata.uid, resourceVersion: pod.metadata.resourceVersion, ownerReferences } };
  try {
    const patched = await ctx.client.patch<Pod>({ ...POD, namespace: pod.metadata.namespace!, name: pod.metadata.name! }, "merge", body, { signal });
    ctx.informers.of<Pod>(POD).observe(patched);
    return patched;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

/** Order in which pods are given up: those that do least come first, of equals the youngest. */
export function byWorth(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => [pod.spec["nodeName"] ? 1 : 0, { Pending: 0, Unknown: 1, Running: 2 }[pod.status?.phase ?? "Pending"] ?? 0, isReady(pod) ? 1 : 0, Number(pod.metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0)];
  const [left, right] = [rank(a), rank(b)];
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return Date.parse(b.metadata.creationTimestamp ?? "") - Date.parse(a.metadata.creationTimestamp ?? "") || 0;
}
