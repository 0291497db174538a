import type { KubeObject } from "@trireme/api";
import type { InfoItem } from "./node.ts";
import { milli } from "./quantity.ts";

export function podImages(pod: KubeObject): string[] {
  return [...new Set([...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map((container: any) => String(container.image ?? "")).filter((image) => image !== ""))].sort();
}

/** What kubectl's pod table says, as Argo shows it beside a pod. */
export function podInfo(pod: KubeObject): InfoItem[] {
  const { ready, total, restarts, reason } = summary(pod);
  const info: InfoItem[] = [];
  if (reason !== "") info.push({ name: "Status Reason", value: reason });
  info.push({ name: "Node", ...(pod.spec?.nodeName && { value: pod.spec.nodeName }) }, { name: "Containers", value: `${ready}/${total}` });
  if (restarts > 0) info.push({ name: "Restart Count", value: String(restarts) });
  if (!isTerminal(pod)) info.push({ name: "PodRequestsCPU", value: String(podRequest(pod, "cpu")) }, { name: "PodRequestsMEM", value: String(podRequest(pod, "memory")) });
  return info;
}

/** What a pod asks for in thousandths: containers together, or the largest init container where that is more. */
export function podRequest(pod: KubeObject, resource: "cpu" | "memory"): number {
  const of = (container: any) => milli(container?.resources?.requests?.[resource]);
  const inits: any[] = pod.spec?.initContainers ?? [];
  const sidecars = inits.filter(isSidecar).reduce((sum, container) => sum + of(container), 0);
  const running = (pod.spec?.containers ?? []).reduce((sum: number, container: any) => sum + of(container), 0) + sidecars;
  let sidecarsSoFar = 0;
  let largest = 0;
  for (const container of inits) {
    if (isSidecar(container)) sidecarsSoFar += of(container);
    else largest = Math.max(largest, of(container) + sidecarsSoFar);
  }
  return Math.max(running, largest) + milli(pod.spec?.overhead?.[resource]);
}

function summary(pod: KubeObject): { ready: number; total: number; restarts: number; reason: string } {
  const { spec = {}, status = {}, metadata } = pod;
  const inits: any[] = spec.initContainers ?? [];
  let total = (spec.containers ?? []).length + inits.filter(isSidecar).length;
  let ready = 0;
  let restarts = 0;
  let reason: string = status.reason || status.phase || "";
  const conditions: any[] = status.conditions ?? [];
  if (conditions.some((condition) => condition.type === "PodScheduled" && condition.reason === "SchedulingGated")) reason = "SchedulingGated";

  let initializing = false;
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount ?? 0;
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar(inits.find((init) => init.name === container.name)) && container.started === true) {
      if (container.ready === true) ready++;
      continue;
    }
    if (terminated) reason = `Init:${terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`)}`;
    else if (waiting?.reason && waiting.reason !== "PodInitializing") reason = `Init:${waiting.reason}`;
    else reason = `Init:${index}/${inits.length}`;
    initializing = true;
    break;
  }
  if (!initializing || conditions.some((condition) => condition.type === "Initialized" && condition.status === "True")) {
    let running = false;
    for (const container of [...(status.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount ?? 0;
      const { terminated, waiting } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated) reason = terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
      else if (container.ready === true && container.state?.running) {
        running = true;
        ready++;
      }
    }
    if (reason === "Completed" && running) reason = "Running";
  }
  if (metadata.deletionTimestamp !== undefined) {
    if (status.reason === "NodeLost") reason = "Unknown";
    else if (!isTerminal(pod)) reason = "Terminating";
  }
  total = Math.max(total, 0);
  return { ready, total, restarts, reason };
}

const isSidecar = (container: any): boolean => container?.restartPolicy === "Always";
const isTerminal = (pod: KubeObject): boolean => pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
