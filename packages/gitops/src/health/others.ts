import type { KubeObject } from "@trireme/api";
import { conditionsOf, health, type Health } from "./status.ts";

export function serviceHealth(object: KubeObject): Health {
  return object.spec?.type === "LoadBalancer" && !hasAddress(object) ? health("Progressing") : health("Healthy");
}

export function ingressHealth(object: KubeObject): Health {
  return hasAddress(object) ? health("Healthy") : health("Progressing");
}

export function persistentVolumeClaimHealth(object: KubeObject): Health {
  switch (object.status?.phase) {
    case "Bound":
      return health("Healthy");
    case "Pending":
      return health("Progressing");
    case "Lost":
      return health("Degraded");
    default:
      return health("Unknown");
  }
}

export function apiServiceHealth(object: KubeObject): Health {
  const available = conditionsOf(object).find((condition) => condition.type === "Available");
  if (available === undefined) return health("Progressing", "Waiting to be processed");
  return health(available.status === "True" ? "Healthy" : "Progressing", `${available.reason ?? ""}: ${available.message ?? ""}`);
}

export function workflowHealth(object: KubeObject): Health {
  const message: string | undefined = object.status?.message;
  switch (object.status?.phase ?? "") {
    case "":
    case "Pending":
    case "Running":
      return health("Progressing", message);
    case "Succeeded":
      return health("Healthy", message);
    case "Failed":
    case "Error":
      return health("Degraded", message);
    default:
      return health("Unknown", message);
  }
}

const HPA_FAILURES: Record<string, readonly string[]> = {
  AbleToScale: ["FailedGetScale", "FailedUpdateScale"],
  ScalingActive: ["FailedGetResourceMetric", "FailedGetObjectMetric", "FailedGetPodsMetric", "FailedGetExternalMetric", "FailedComputeMetricsReplicas", "InvalidSelector"],
};

/** v2 has conditions in its status; v1 hides them as JSON in an annotation. */
export function horizontalPodAutoscalerHealth(object: KubeObject): Health {
  let conditions = conditionsOf(object);
  if (object.apiVersion === "autoscaling/v1") {
    const text = object.metadata.annotations?.["autoscaling.alpha.kubernetes.io/conditions"];
    if (text === undefined) return health("Progressing", "Waiting to Autoscale");
    try {
      const parsed: unknown = JSON.parse(text);
      conditions = Array.isArray(parsed) ? parsed : [];
    } catch (error) {
      throw new TypeError(`annotation autoscaling.alpha.kubernetes.io/conditions is not JSON: ${(error as Error).message}`);
    }
  }
  for (const condition of conditions) {
    if (condition.status === "False" && HPA_FAILURES[condition.type]?.includes(condition.reason ?? "")) return health("Degraded", condition.message);
  }
  const working = conditions.find((condition) => (condition.type === "AbleToScale" || condition.type === "ScalingLimited") && condition.status === "True");
  return working === undefined ? health("Progressing", "Waiting to Autoscale") : health("Healthy", working.message);
}

function hasAddress(object: KubeObject): boolean {
  const ingress = object.status?.loadBalancer?.ingress;
  return Array.isArray(ingress) && ingress.length > 0;
}
