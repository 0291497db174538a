import { rfc3339 } from "@trireme/runtime/clock";
import type { Pod, PodCondition } from "../loop/pods.ts";
import type { Container } from "./container.ts";
import type { PodWorker } from "./pod-worker.ts";

/** `status` of a pod as its kubelet would write it now. Conditions of others (readiness gates) stay. */
export function podStatus(pod: Pod, worker: PodWorker, hostIP: string, now: number): Record<string, any> {
  const init = worker.containers.filter(({ options }) => options.role !== "main");
  const main = worker.containers.filter(({ options }) => options.role === "main");
  const phase = worker.evicted ? "Failed" : phaseOf(init, main, pod.spec["restartPolicy"] ?? "Always");
  const podIP = pod.spec["hostNetwork"] ? hostIP : worker.podIP;
  const sandboxed = worker.containers.some(({ containerID }) => containerID !== "") || worker.containers.some(({ untouched }) => !untouched);
  return {
    phase,
    ...(worker.evicted && { reason: worker.evicted.reason, message: worker.evicted.message }),
    observedGeneration: pod.metadata.generation ?? null,
    conditions: conditions(pod, phase, init, main, sandboxed, now),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(sandboxed && { podIP, podIPs: [{ ip: podIP }] }),
    startTime: rfc3339(worker.startedAt),
    ...(init.length > 0 && { initContainerStatuses: init.map((container) => initStatus(container)) }),
    containerStatuses: main.map((container) => container.status()),
  };
}

function initStatus(container: Container): Record<string, any> {
  const status = container.status();
  return container.options.role === "init" ? { ...status, ready: container.succeeded, started: false } : status;
}

function phaseOf(init: readonly Container[], main: readonly Container[], restartPolicy: string): string {
  for (const container of init) {
    if (container.options.role === "sidecar") {
      if (container.state.in !== "running" && container.restarts === 0 && !container.over) return "Pending";
      continue;
    }
    if (container.succeeded) continue;
    return container.over ? "Failed" : "Pending";
  }
  const ran = main.map(({ state, last }) => state.in !== "waiting" || last !== undefined);
  if (ran.some((value) => !value)) return "Pending";
  if (main.some(({ over }) => !over) || restartPolicy === "Always") return "Running";
  return main.every(({ succeeded }) => succeeded) ? "Succeeded" : "Failed";
}

function conditions(pod: Pod, phase: string, init: readonly Container[], main: readonly Container[], sandboxed: boolean, now: number): PodCondition[] {
  const over = phase === "Succeeded" || phase === "Failed";
  const uninitialized = init.filter((container) => (container.options.role === "sidecar" ? container.state.in !== "running" && !over : !container.succeeded)).map(({ name }) => name);
  const unready = [...init.filter(({ options }) => options.role === "sidecar"), ...main].filter(({ ready }) => !ready).map(({ name }) => name);
  const initialized = verdict("Initialized", uninitialized.length === 0, "ContainersNotInitialized", `containers with incomplete status: [${uninitialized.join(" ")}]`);
  const done = phase === "Succeeded" ? ({ status: "False", reason: "PodCompleted" } as const) : phase === "Failed" ? ({ status: "False", reason: "PodFailed" } as const) : undefined;
  const containersReady = done ? { type: "ContainersReady", ...done } : verdict("ContainersReady", unready.length === 0, "ContainersNotReady", `containers with unready status: [${unready.join(" ")}]`);
  const gates = ((pod.spec["readinessGates"] ?? []) as { conditionType: string }[]).filter(({ conditionType }) => pod.status?.conditions?.find(({ type }) => type === conditionType)?.status !== "True");
  const ready = done
    ? { type: "Ready", ...done }
    : containersReady.status !== "True"
      ? { ...containersReady, type: "Ready" }
      : verdict("Ready", gates.length === 0, "ReadinessGatesNotReady", gates.map(({ conditionType }) => `corresponding condition of pod readiness gate "${conditionType}" does not exist.`).join(" "));

  const own: PodCondition[] = [
    { type: "PodReadyToStartContainers", status: sandboxed && !over ? "True" : "False" },
    phase === "Succeeded" ? { ...initialized, reason: "PodCompleted" } : initialized,
    ready,
    containersReady,
    { type: "PodScheduled", status: "True" },
  ];
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !own.some((condition) => condition.type === type));
  return [...own.map((condition) => dated(condition, pod, now)), ...others];
}

function verdict(type: string, holds: boolean, reason: string, message: string): PodCondition {
  return holds ? { type, status: "True" } : { type, status: "False", reason, message };
}

/** A condition changes its time only with its status. */
function dated(condition: PodCondition, pod: Pod, now: number): PodCondition {
  const before = pod.status?.conditions?.find(({ type }) => type === condition.type);
  const { type, status, ...rest } = condition;
  return {
    type,
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: before?.status === status && before.lastTransitionTime ? before.lastTransitionTime : rfc3339(now),
    ...rest,
  };
}
