import type { KubeObject } from "@trireme/api";
import { createSubresource, isConflict, isNotFound, type KubeClient, type WatchCache } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime/clock";
import { indexBy } from "../loop/index-by.ts";
import type { EventRecorder } from "../loop/events.ts";
import { conditionOf, isOver, isTerminating, type Pod } from "../loop/pods.ts";
import { workQueue } from "../loop/work-queue.ts";
import { POD } from "./kubelet.ts";
import { unfitReason } from "./node-fit.ts";

export interface SchedulerOptions {
  client: KubeClient;
  pods: WatchCache<Pod>;
  nodes: WatchCache<KubeObject>;
  claims: WatchCache<KubeObject>;
  events: EventRecorder;
  onError?: (what: string, error: Error) => void;
}

/** Binds pods to the node that fits and has the fewest. Pods that fit nowhere say so and are looked at again when nodes or claims change. */
export function startScheduler(options: SchedulerOptions): AsyncDisposable & { start(): void } {
  const { client, pods, nodes, claims, events } = options;
  const onNode = indexBy(pods, (pod) => (pod.spec["nodeName"] && !isOver(pod) ? [pod.spec["nodeName"]] : []));
  const pending = indexBy(pods, (pod) => (isPending(pod) ? ["pending"] : []));
  const queue = workQueue({ name: "scheduler", workers: 16, visit, ...(options.onError && { onError: options.onError }) });
  const all = () => pending.get("pending").forEach(enqueue);
  pods.on(({ type, object }) => (type === "deleted" ? undefined : enqueue(object)));
  nodes.on(all);
  claims.on(all);

  function enqueue(pod: Pod): void {
    if (isPending(pod)) queue.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
  }

  async function visit(key: string, signal: AbortSignal): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    const pod = pods.get(namespace, name);
    if (!pod || !isPending(pod)) return;
    const reasons = new Map<string, number>();
    const count = (reason: string) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    const fitting = nodes.list().filter((node) => {
      const reason = unfitReason(pod, node, () => onNode.count(node.metadata.name!));
      if (reason) count(reason);
      return reason === undefined;
    });
    const unbound = unboundClaim(pod, claims);
    const best = fitting.sort((a, b) => onNode.count(a.metadata.name!) - onNode.count(b.metadata.name!))[0];
    if (!best || unbound) return unschedulable(pod, unbound ?? fitMessage(nodes.list().length, reasons), signal);
    try {
      await createSubresource(client, { ...POD, namespace, name }, "binding", { apiVersion: "v1", kind: "Binding", metadata: { name, namespace, uid: pod.metadata.uid! }, target: { apiVersion: "v1", kind: "Node", name: best.metadata.name } }, signal);
    } catch (thrown) {
      // Gone, or bound by somebody else: the watch tells.
      if (isNotFound(thrown) || isConflict(thrown)) return;
      throw thrown;
    }
    events.record(pod, "Normal", "Scheduled", `Successfully assigned ${key} to ${best.metadata.name}`);
  }

  async function unschedulable(pod: Pod, message: string, signal: AbortSignal): Promise<void> {
    if (conditionOf(pod, "PodScheduled")?.message === message) return;
    const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
    const condition = { type: "PodScheduled", status: "False", reason: "Unschedulable", message, lastProbeTime: null, lastTransitionTime: rfc3339(Date.now()) };
    const body = { metadata: { uid: pod.metadata.uid }, status: { conditions: [...others, condition] } };
    pods.observe(await client.patch<Pod>({ ...POD, namespace: pod.metadata.namespace!, name: pod.metadata.name! }, "merge", body, { subresource: "status", fieldManager: "kube-scheduler", signal }));
    events.record(pod, "Warning", "FailedScheduling", message);
  }

  return { start: all, [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose]() };
}

function isPending(pod: Pod): boolean {
  return !pod.spec["nodeName"] && !isTerminating(pod) && !isOver(pod) && !pod.spec["schedulingGates"]?.length && (pod.spec["schedulerName"] ?? "default-scheduler") === "default-scheduler";
}

function fitMessage(nodes: number, reasons: ReadonlyMap<string, number>): string {
  if (nodes === 0) return "no nodes available to schedule pods";
  const counted = [...reasons].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodes} nodes are available: ${counted.join(", ")}. preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
}

function unboundClaim(pod: Pod, claims: WatchCache<KubeObject>): string | undefined {
  for (const volume of pod.spec["volumes"] ?? []) {
    const name = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.metadata.name}-${volume.name}`);
    if (!name) continue;
    const claim = claims.get(pod.metadata.namespace ?? "", name);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim["status"]?.phase !== "Bound") return "pod has unbound immediate PersistentVolumeClaims";
  }
  return undefined;
}
