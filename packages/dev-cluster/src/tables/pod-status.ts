import type { KubeObject } from "@trireme/api";
import { age } from "./age.ts";

export interface PodSummary {
  ready: number;
  total: number;
  reason: string;
  /** `2 (5m ago)` */
  restarts: string;
}

const TERMINAL = ["Succeeded", "Failed"];

/** A pod in one line, as `kubectl get pods` shows it. */
export function podStatus(pod: KubeObject, now: number): PodSummary {
  const { spec = {}, status = {} } = pod;
  const init = initState(spec, status);
  const sidecars = new Set<string>((spec.initContainers ?? []).filter((one: any) => one.restartPolicy === "Always").map((one: any) => one.name));
  const total = (spec.containers ?? []).length + sidecars.size;
  let { reason, restarts, last } = init;
  let ready = init.ready;
  reason ??= gated(status) ?? status.reason ?? status.phase ?? "";

  if (!init.initializing || (status.conditions ?? []).some((one: any) => one.type === "Initialized" && one.status === "True")) {
    ({ restarts, last } = init.sidecars);
    let running = false;
    let failed = "";
    if (init.initializing) reason = gated(status) ?? status.reason ?? status.phase ?? "";
    for (const container of [...(status.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount ?? 0;
      last = later(last, container.lastState?.terminated?.finishedAt);
      const { waiting, terminated, running: runs } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated) {
        reason = terminatedText(terminated);
        if (terminated.exitCode !== 0) failed = reason;
      } else if (container.ready && runs) {
        running = true;
        ready++;
      }
    }
    if (reason === "Completed") {
      const isReady = (status.conditions ?? []).some((one: any) => one.type === "Ready" && one.status === "True");
      if (running && isReady) reason = "Running";
      else if (failed !== "") reason = failed;
      else if (running) reason = "NotReady";
    }
  }

  if (pod.metadata.deletionTimestamp) {
    if (status.reason === "NodeLost") reason = "Unknown";
    else if (!TERMINAL.includes(status.phase)) reason = "Terminating";
  }
  return { ready, total, reason: reason!, restarts: restarts > 0 && last ? `${restarts} (${age(last, now)} ago)` : String(restarts) };
}

interface InitState {
  initializing: boolean;
  reason: string | undefined;
  ready: number;
  restarts: number;
  last: string | undefined;
  sidecars: { restarts: number; last: string | undefined };
}

function initState(spec: any, status: any): InitState {
  const state: InitState = { initializing: false, reason: undefined, ready: 0, restarts: 0, last: undefined, sidecars: { restarts: 0, last: undefined } };
  const declared = new Map<string, any>((spec.initContainers ?? []).map((one: any) => [one.name, one]));
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    const restartable = declared.get(container.name)?.restartPolicy === "Always";
    const finished = container.lastState?.terminated?.finishedAt;
    state.restarts += container.restartCount ?? 0;
    state.last = later(state.last, finished);
    if (restartable) {
      state.sidecars.restarts += container.restartCount ?? 0;
      state.sidecars.last = later(state.sidecars.last, finished);
    }
    const { waiting, terminated } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (restartable && container.started) {
      if (container.ready) state.ready++;
      continue;
    }
    state.initializing = true;
    if (terminated) state.reason = `Init:${terminatedText(terminated)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing") state.reason = `Init:${waiting.reason}`;
    else state.reason = `Init:${index}/${(spec.initContainers ?? []).length}`;
    break;
  }
  return state;
}

function gated(status: any): string | undefined {
  return (status.conditions ?? []).some((one: any) => one.type === "PodScheduled" && one.reason === "SchedulingGated") ? "SchedulingGated" : undefined;
}

function terminatedText({ reason, signal, exitCode }: any): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (!a || !b) return a ?? b;
  return a < b ? b : a;
}
