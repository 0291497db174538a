import type { KubeObject } from "@trireme/api";

const WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation";

/** A Rollout's phase and message as its clients show them: what its controller wrote, unless that is about to change. */
export function phaseOf(rollout: KubeObject): { phase: string; message: string } {
  const { status, metadata } = rollout;
  const observed = numberOf(status?.observedGeneration);
  if (observed !== undefined && observed < (metadata.generation ?? 0)) return { phase: "Progressing", message: "waiting for rollout spec update to be observed" };
  if (status?.controllerPause === true && (status.pauseConditions ?? []).length === 0) return { phase: "Progressing", message: "waiting for rollout to unpause" };
  const workload = numberOf(status?.workloadObservedGeneration);
  if (rollout["spec"]?.workloadRef !== undefined && workload !== undefined && workload !== (numberOf(metadata.annotations?.[WORKLOAD_GENERATION]) ?? workload)) return { phase: "Progressing", message: "waiting for rollout spec update to be observed for the reference workload" };
  if (typeof status?.phase === "string" && status.phase !== "") return { phase: status.phase, message: status.message ?? "" };
  return { phase: "Progressing", message: "more replicas need to be updated" };
}

function numberOf(value: unknown): number | undefined {
  return (typeof value === "string" && /^\d+$/.test(value)) || typeof value === "number" ? Number(value) : undefined;
}
