import type { KubeObject, LabelSelector } from "@trireme/api";
import { isDeepStrictEqual } from "node:util";
import { availableInMs, isAvailable, isOver, isReady, isTerminating, type Pod } from "../loop/pods.ts";
import { unfitReason } from "../nodes/node-fit.ts";
import { controllerOfKind, omitEmpty, POD, type Controller, type ControllerContext } from "./context.ts";
import { controllerRevisions } from "./controller-revisions.ts";
import { share } from "./deployment/arithmetic.ts";
import { claimPods, createPods, deletePods, podFrom, type PodTemplate } from "./pods.ts";

export const DAEMON_SET = { group: "apps", version: "v1", kind: "DaemonSet" };
const NODE = { group: "", version: "v1", kind: "Node" };
const COMPONENT = "daemonset-controller";
const HASH = "controller-revision-hash";

interface DaemonSet extends KubeObject {
  spec: {
    selector: LabelSelector;
    template: PodTemplate;
    updateStrategy?: { type?: string; rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string } };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
  };
}

/** What a node agent has to bear: it runs where others may not. */
const TOLERATIONS = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

/** One pod on every node that fits. */
export function startDaemonSets(ctx: ControllerContext): Controller {
  const nodes = ctx.informers.of(NODE);
  const revisions = controllerRevisions(ctx, DAEMON_SET, HASH);
  const controller = controllerOfKind<DaemonSet>(ctx, { name: COMPONENT, kind: DAEMON_SET, owns: [POD], visit });
  nodes.on(() => controller.start());
  return controller;

  async function visit(set: DaemonSet, signal: AbortSignal): Promise<number | void> {
    const mine = await claimPods(ctx, set, DAEMON_SET, set.spec.selector, signal);
    if (set.metadata.deletionTimestamp) return;
    const revision = await revisions.current(set, set["status"]?.collisionCount ?? 0, signal);
    const hash = revision.metadata.labels![HASH]!;
    const wanted = new Set(nodes.list().filter((node) => fits(set, node)).map(({ metadata }) => metadata.name!));
    const failure = await place(set, mine, wanted, hash, signal);
    if (set.spec.updateStrategy?.type !== "OnDelete") await replaceOld(set, mine, wanted, hash, signal);

    await writeStatus(set, wanted, hash, signal);
    await revisions.trim(set, set.spec.revisionHistoryLimit ?? 10, new Set([revision.metadata.name!]), signal);
    if (failure) throw failure;
    const waiting = mine.filter(isReady).map((pod) => availableInMs(pod, set.spec.minReadySeconds ?? 0, ctx.now())).filter((ms) => ms > 0);
    return waiting.length > 0 ? Math.min(...waiting) : undefined;
  }

  async function place(set: DaemonSet, mine: readonly Pod[], wanted: ReadonlySet<string>, hash: string, signal: AbortSignal): Promise<Error | undefined> {
    const byNode = Map.groupBy(mine, nodeOf);
    const surplus = mine.filter((pod) => {
      if (isTerminating(pod)) return false;
      const others = byNode.get(nodeOf(pod))!.filter((other) => !isTerminating(other) && !isOver(other));
      // Failed ones make room for the next; of several the first stays.
      return isOver(pod) || !wanted.has(nodeOf(pod)) || (others.length > 1 && others[0] !== pod);
    });
    await deletePods(ctx, set, surplus, COMPONENT, signal);
    const missing = [...wanted].filter((node) => !byNode.get(node)?.length);
    return createPods(ctx, set, missing.map((node) => podOn(set, node, hash)), COMPONENT, signal);
  }

  /** Takes old pods away, as many at once as may be missing; those that do not work anyway cost nothing. */
  async function replaceOld(set: DaemonSet, mine: readonly Pod[], wanted: ReadonlySet<string>, hash: string, signal: AbortSignal): Promise<void> {
    const live = mine.filter((pod) => wanted.has(nodeOf(pod)) && !isTerminating(pod) && !isOver(pod));
    const allowed = Math.max(1, share(set.spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted.size, Math.ceil));
    const works = (pod: Pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, ctx.now());
    const old = live.filter((pod) => pod.metadata.labels?.[HASH] !== hash);
    const missing = wanted.size - live.filter(works).length;
    const free = old.filter((pod) => !works(pod));
    await deletePods(ctx, set, [...free, ...old.filter(works).slice(0, Math.max(0, allowed - missing))], COMPONENT, signal);
  }

  async function writeStatus(set: DaemonSet, wanted: ReadonlySet<string>, hash: string, signal: AbortSignal): Promise<void> {
    const mine = ctx.podsByOwner.get(set.metadata.uid!).filter((pod) => !isOver(pod));
    const perNode = [...Map.groupBy(mine, nodeOf)].map(([node, pods]) => ({ node, pod: pods.find((each) => !isTerminating(each)) ?? pods[0]! }));
    const scheduled = perNode.filter(({ node }) => wanted.has(node)).map(({ pod }) => pod);
    const available = scheduled.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, ctx.now())).length;
    const status = {
      currentNumberScheduled: scheduled.length,
      numberMisscheduled: perNode.filter(({ node }) => !wanted.has(node)).length,
      desiredNumberScheduled: wanted.size,
      numberReady: scheduled.filter(isReady).length,
      ...omitEmpty({
        observedGeneration: set.metadata.generation,
        updatedNumberScheduled: scheduled.filter((pod) => pod.metadata.labels?.[HASH] === hash).length,
        numberAvailable: available,
        numberUnavailable: wanted.size - available,
        collisionCount: set["status"]?.collisionCount,
      }),
    };
    if (!isDeepStrictEqual(status, set["status"])) controller.cache.observe(await ctx.client.update<DaemonSet>({ ...set, status }, { subresource: "status", signal }));
  }
}

function fits(set: DaemonSet, node: KubeObject): boolean {
  const tolerations = [...((set.spec.template.spec["tolerations"] ?? []) as unknown[]), ...TOLERATIONS, { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoSchedule" }];
  return unfitReason({ apiVersion: "v1", kind: "Pod", metadata: {}, spec: { ...set.spec.template.spec, tolerations } }, node, () => 0) === undefined;
}

/** The pod names its node by affinity, so that the scheduler binds it as it binds others. */
function podOn(set: DaemonSet, node: string, hash: string): Pod {
  const pod = podFrom(set.spec.template, set, DAEMON_SET);
  pod.metadata.labels = { ...pod.metadata.labels, [HASH]: hash, "pod-template-generation": String(set.metadata.annotations?.["deprecated.daemonset.template.generation"] ?? 1) };
  const affinity = (pod.spec["affinity"] ?? {}) as Record<string, any>;
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
  const terms = affinity["nodeAffinity"]?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms as { matchExpressions?: unknown[] }[] | undefined;
  const nodeSelectorTerms = terms ? terms.map((term) => ({ ...term, matchFields })) : [{ matchFields }];
  pod.spec["affinity"] = { ...affinity, nodeAffinity: { ...affinity["nodeAffinity"], requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
  pod.spec["tolerations"] = [...((pod.spec["tolerations"] ?? []) as unknown[]), ...TOLERATIONS];
  return pod;
}

function nodeOf(pod: Pod): string {
  const terms = pod.spec["affinity"]?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return pod.spec["nodeName"] ?? terms?.[0]?.matchFields?.[0]?.values?.[0] ?? "";
}
