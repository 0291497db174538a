import type { KubeObject } from "@trireme/api";
import { conditionsOf, health, numberAt, type Health } from "./status.ts";

export function deploymentHealth(object: KubeObject): Health {
  const { spec = {}, status = {}, metadata } = object;
  if (spec.paused === true) return health("Suspended", "Deployment is paused");
  if (numberAt(metadata.generation) > numberAt(status.observedGeneration)) return health("Progressing", "Waiting for rollout to finish: observed deployment generation less than desired generation");

  const updated = numberAt(status.updatedReplicas);
  const replicas = numberAt(status.replicas);
  const available = numberAt(status.availableReplicas);
  if (conditionsOf(object).some((condition) => condition.type === "Progressing" && condition.reason === "ProgressDeadlineExceeded")) {
    return health("Degraded", `Deployment "${metadata.name}" exceeded its progress deadline`);
  }
  if (typeof spec.replicas === "number" && updated < spec.replicas) return health("Progressing", `Waiting for rollout to finish: ${updated} out of ${spec.replicas} new replicas have been updated...`);
  if (replicas > updated) return health("Progressing", `Waiting for rollout to finish: ${replicas - updated} old replicas are pending termination...`);
  if (available < updated) return health("Progressing", `Waiting for rollout to finish: ${available} of ${updated} updated replicas are available...`);
  return health("Healthy");
}

export function statefulSetHealth(object: KubeObject): Health {
  const { spec = {}, status = {}, metadata } = object;
  const observed = numberAt(status.observedGeneration);
  const updated = numberAt(status.updatedReplicas);
  const ready = numberAt(status.readyReplicas);
  if (observed === 0 || numberAt(metadata.generation) > observed) return health("Progressing", "Waiting for statefulset spec update to be observed...");
  if (typeof spec.replicas === "number" && ready < spec.replicas) return health("Progressing", `Waiting for ${spec.replicas - ready} pods to be ready...`);

  const strategy = spec.updateStrategy ?? {};
  if (strategy.type === "RollingUpdate" && strategy.rollingUpdate !== undefined && strategy.rollingUpdate !== null) {
    const { partition } = strategy.rollingUpdate;
    if (typeof spec.replicas === "number" && typeof partition === "number" && updated < spec.replicas - partition) {
      return health("Progressing", `Waiting for partitioned roll out to finish: ${updated} out of ${spec.replicas - partition} new pods have been updated...`);
    }
    return health("Healthy", `partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (strategy.type === "OnDelete") return health("Healthy", `statefulset has ${ready} ready pods`);
  if ((status.updateRevision ?? "") !== (status.currentRevision ?? "")) return health("Progressing", `waiting for statefulset rolling update to complete ${updated} pods at revision ${status.updateRevision ?? ""}...`);
  return health("Healthy", `statefulset rolling update complete ${numberAt(status.currentReplicas)} pods at revision ${status.currentRevision ?? ""}...`);
}

export function daemonSetHealth(object: KubeObject): Health {
  const { spec = {}, status = {}, metadata } = object;
  const updated = numberAt(status.updatedNumberScheduled);
  const desired = numberAt(status.desiredNumberScheduled);
  const available = numberAt(status.numberAvailable);
  if (numberAt(metadata.generation) > numberAt(status.observedGeneration)) return health("Progressing", "Waiting for rollout to finish: observed daemon set generation less than desired generation");
  if (spec.updateStrategy?.type === "OnDelete") return health("Healthy", `daemon set ${updated} out of ${desired} new pods have been updated`);
  if (updated < desired) return health("Progressing", `Waiting for daemon set "${metadata.name}" rollout to finish: ${updated} out of ${desired} new pods have been updated...`);
  if (available < desired) return health("Progressing", `Waiting for daemon set "${metadata.name}" rollout to finish: ${available} of ${desired} updated pods are available...`);
  return health("Healthy");
}

export function replicaSetHealth(object: KubeObject): Health {
  const { spec = {}, status = {}, metadata } = object;
  if (numberAt(metadata.generation) > numberAt(status.observedGeneration)) return health("Progressing", "Waiting for rollout to finish: observed replica set generation less than desired generation");
  const failure = conditionsOf(object).find((condition) => condition.type === "ReplicaFailure");
  if (failure?.status === "True") return health("Degraded", failure.message);
  const available = numberAt(status.availableReplicas);
  if (typeof spec.replicas === "number" && available < spec.replicas) return health("Progressing", `Waiting for rollout to finish: ${available} out of ${spec.replicas} new replicas are available...`);
  return health("Healthy");
}

export function jobHealth(object: KubeObject): Health {
  let complete = false;
  let failure: string | undefined;
  let message: string | undefined;
  let suspended = false;
  for (const condition of conditionsOf(object)) {
    if (condition.type === "Failed") {
      complete = true;
      failure = condition.message ?? "";
    } else if (condition.type === "Complete" || condition.type === "Suspended") {
      complete = true;
      message = condition.message;
      if (condition.type === "Suspended" && condition.status === "True") suspended = true;
    }
  }
  if (!complete) return health("Progressing", message);
  if (failure !== undefined) return health("Degraded", failure);
  return suspended ? health("Suspended") : health("Healthy", message);
}

export function podHealth(object: KubeObject): Health {
  const { spec = {}, status = {} } = object;
  const containers = (status.containerStatuses ?? []) as any[];
  const message: string | undefined = status.message;
  // A pod that is to end (a hook's) may still recover from a failed pull: only pods that run for ever are judged by it.
  if (spec.restartPolicy === "Always") {
    const failing = containers.map((container) => container.state?.waiting).filter((waiting) => waiting !== undefined && waiting !== null && isFailure(waiting.reason ?? ""));
    if (failing.length > 0) return health("Degraded", failing.map((waiting) => waiting.message ?? "").join(", "));
  }
  switch (status.phase) {
    case "Pending":
      return health("Progressing", message);
    case "Succeeded":
      return health("Healthy", message);
    case "Failed":
      return health("Degraded", message || [...(status.initContainerStatuses ?? []), ...containers].map(terminationMessage).find((text) => text !== ""));
    case "Running":
      if (spec.restartPolicy !== "Always") return spec.restartPolicy === "OnFailure" || spec.restartPolicy === "Never" ? health("Progressing", message) : health("Unknown", message);
      if (conditionsOf(object).some((condition) => condition.type === "Ready" && condition.status === "True")) return health("Healthy", message);
      return containers.some((container) => container.lastState?.terminated) ? health("Degraded", message) : health("Progressing", message);
    default:
      return health("Unknown", message);
  }
}

function isFailure(reason: string): boolean {
  return reason.startsWith("Err") || reason.endsWith("Error") || reason.endsWith("BackOff");
}

function terminationMessage(container: any): string {
  const terminated = container.state?.terminated;
  if (terminated === undefined || terminated === null) return "";
  if (terminated.message) return terminated.message;
  if (terminated.reason === "OOMKilled") return terminated.reason;
  return numberAt(terminated.exitCode) !== 0 ? `container "${container.name}" failed with exit code ${terminated.exitCode}` : "";
}
