import type { KubeObject } from "@trireme/api";
import { podIcon } from "./icons.ts";
import { briefly, byCreation, byText } from "./objects.ts";

/** Pods of a ReplicaSet, oldest first, as `kubectl argo rollouts get rollout` shows them. */
export function podInfos(pods: readonly KubeObject[]): object[] {
  return [...pods].sort((a, b) => byCreation(a, b) || byText(a.metadata.name, b.metadata.name)).map(podInfo);
}

function podInfo(pod: KubeObject): object {
  const started = startedOf(pod);
  const { reason, restarts, ready } = started.waits ? { ...started, ready: 0 } : running(pod, started.reason);
  const deleted = pod.metadata.deletionTimestamp !== undefined;
  const status = deleted ? (pod["status"]?.reason === "NodeLost" ? "Unknown" : "Terminating") : reason;
  return { objectMeta: briefly(pod.metadata), status, icon: podIcon(status), ready: `${ready}/${(pod["spec"]?.containers ?? []).length}`, restarts };
}

/** Where the containers that come first stand; `waits` while they keep the others from starting. */
function startedOf(pod: KubeObject): { reason: string; restarts: number; waits: boolean } {
  const { spec = {}, status = {} } = pod;
  const reason: string = status.reason || status.phase || "";
  const sidecars = new Set((spec.initContainers ?? []).filter((container: any) => container.restartPolicy === "Always").map((container: any) => container.name));
  let restarts = 0;
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount ?? 0;
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (terminated) return { reason: `Init:${terminated.reason || endOf(terminated)}`, restarts, waits: true };
    if (sidecars.has(container.name) && container.started === true) {
      if (container.ready === true) continue;
      break;
    }
    if (waiting?.reason && waiting.reason !== "PodInitializing") return { reason: `Init:${waiting.reason}`, restarts, waits: true };
    return { reason: `Init:${index}/${(spec.initContainers ?? []).length}`, restarts, waits: true };
  }
  return { reason, restarts, waits: false };
}

function running(pod: KubeObject, before: string): { reason: string; restarts: number; ready: number } {
  let reason = before;
  let restarts = 0;
  let ready = 0;
  for (const container of [...(pod["status"]?.containerStatuses ?? [])].reverse()) {
    restarts += container.restartCount ?? 0;
    const { terminated, waiting, running: runs } = container.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) reason = terminated.reason || endOf(terminated);
    else if (container.ready === true && runs) ready++;
  }
  return { reason: reason === "Completed" && ready > 0 ? "Running" : reason, restarts, ready };
}

const endOf = ({ signal, exitCode }: { signal?: number; exitCode?: number }): string => (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? 0}`);
