import type { KubeObject } from "@trireme/api";

export interface PodCondition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
  lastProbeTime?: string | null;
  observedGeneration?: number;
}

export interface Pod extends KubeObject {
  spec: Record<string, any>;
  status?: { phase?: string; conditions?: PodCondition[]; [key: string]: any };
}

export function conditionOf(pod: KubeObject, type: string): PodCondition | undefined {
  return (pod["status"]?.conditions as PodCondition[] | undefined)?.find((condition) => condition.type === type);
}

export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, "Ready")?.status === "True";
}

/** Ready for at least so many seconds. */
export function isAvailable(pod: KubeObject, minReadySeconds: number, now: number): boolean {
  return isReady(pod) && availableInMs(pod, minReadySeconds, now) <= 0;
}

/** How long until a ready pod counts as available; not positive once it does. */
export function availableInMs(pod: KubeObject, minReadySeconds: number, now: number): number {
  const since = Date.parse(conditionOf(pod, "Ready")?.lastTransitionTime ?? "");
  return minReadySeconds === 0 || Number.isNaN(since) ? 0 : since + minReadySeconds * 1000 - now;
}

export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Succeeded or Failed: will never run again. */
export function isOver(pod: KubeObject): boolean {
  return pod["status"]?.phase === "Succeeded" || pod["status"]?.phase === "Failed";
}

/** Counts for its controller: neither over nor on its way out. */
export function isActive(pod: KubeObject): boolean {
  return !isOver(pod) && !isTerminating(pod);
}
