import type { KubeObject } from "@trireme/api";
import { conditionsOf, health, numberAt, type Health } from "./status.ts";

const WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation";
const PHASES: Record<string, Health["status"]> = { Healthy: "Healthy", Degraded: "Degraded", Progressing: "Progressing", Paused: "Suspended", Unknown: "Unknown" };

/**
 * A Rollout, as Argo CD 3.5 judges it: what its controller says of it once it has seen the spec. Rollouts that a
 * controller before 1.0 wrote have no phase and are judged by their conditions and numbers.
 */
export function rolloutHealth(object: KubeObject): Health {
  const { status } = object;
  if (status === undefined || !isGenerationObserved(object) || !isWorkloadObserved(object)) return health("Progressing", "Waiting for rollout spec update to be observed");
  if (typeof status.phase === "string") {
    const code = PHASES[status.phase];
    return code === undefined ? health("Unknown", "Lua returned an invalid health status") : health(code, status.message);
  }
  return fromConditions(object) ?? fromPauses(object) ?? fromReplicas(object) ?? fromStrategy(object) ?? health("Healthy");
}

/** Before 0.10 the observed generation was a hash: one that does not read as a number, or as none that was there yet. */
function isGenerationObserved({ status, metadata }: KubeObject): boolean {
  const observed = numberOf(status?.observedGeneration);
  const generation = numberAt(metadata.generation);
  return observed === undefined || observed > generation || observed === generation;
}

function isWorkloadObserved({ spec, status, metadata }: KubeObject): boolean {
  if (spec?.workloadRef === undefined || metadata.annotations === undefined) return true;
  return numberOf(metadata.annotations[WORKLOAD_GENERATION]) === numberOf(status?.workloadObservedGeneration);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
}

function fromConditions(object: KubeObject): Health | undefined {
  const failed = conditionsOf(object).find(({ type, reason }) => type === "InvalidSpec" || (type === "Progressing" && (reason === "RolloutAborted" || reason === "ProgressDeadlineExceeded")));
  return failed === undefined ? undefined : health("Degraded", failed.message);
}

function fromPauses({ spec, status }: KubeObject): Health | undefined {
  return (status?.pauseConditions ?? []).length > 0 || spec?.paused === true ? health("Suspended", "Rollout is paused") : undefined;
}

function fromReplicas({ spec, status }: KubeObject): Health | undefined {
  if (status?.currentPodHash === undefined) return health("Progressing", "Waiting for rollout to finish: status has not been reconciled.");
  const updated = numberAt(status.updatedReplicas);
  if (updated < (typeof spec?.replicas === "number" ? spec.replicas : 1)) return health("Progressing", "Waiting for roll out to finish: More replicas need to be updated");
  if (numberAt(status.availableReplicas) < updated) return health("Progressing", "Waiting for roll out to finish: updated replicas are still becoming available");
  return undefined;
}

function fromStrategy({ spec, status }: KubeObject): Health | undefined {
  const current = status?.currentPodHash;
  // Until 0.8 the stable set was the canary's alone.
  const stable: string | undefined = status?.stableRS ?? (status?.canary === undefined ? "" : status.canary.stableRS);
  if (spec?.strategy?.blueGreen !== undefined) {
    if (status?.blueGreen?.activeSelector !== current) return health("Progressing", "active service cutover pending");
    if (stable !== "" && stable !== current) return health("Progressing", "waiting for analysis to complete");
  } else if (spec?.strategy?.canary !== undefined) {
    if (numberAt(status?.replicas) > numberAt(status?.updatedReplicas)) return health("Progressing", "Waiting for roll out to finish: old replicas are pending termination");
    if (stable === "" || stable !== current) return health("Progressing", "Waiting for rollout to finish steps");
  }
  return undefined;
}
