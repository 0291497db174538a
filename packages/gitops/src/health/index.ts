import { parseApiVersion, type KubeObject } from "@trireme/api";
import { hasHookFinalizer } from "../hooks.ts";
import { analysisRunHealth, applicationSetHealth, cronWorkflowHealth, eventBusHealth, experimentHealth } from "./argo-kinds.ts";
import { apiServiceHealth, horizontalPodAutoscalerHealth, ingressHealth, persistentVolumeClaimHealth, serviceHealth, workflowHealth } from "./others.ts";
import { rolloutHealth } from "./rollouts.ts";
import { health, type Health } from "./status.ts";
import { daemonSetHealth, deploymentHealth, jobHealth, podHealth, replicaSetHealth, statefulSetHealth } from "./workloads.ts";

export { isWorse, type Health } from "./status.ts";
export { applicationHealth, type ResourceHealth } from "./application.ts";

interface Check {
  versions: readonly string[];
  of(object: KubeObject): Health | undefined;
}

const CHECKS: Record<string, Check> = {
  "apps/Deployment": { versions: ["v1"], of: deploymentHealth },
  "apps/StatefulSet": { versions: ["v1"], of: statefulSetHealth },
  "apps/DaemonSet": { versions: ["v1"], of: daemonSetHealth },
  "apps/ReplicaSet": { versions: ["v1"], of: replicaSetHealth },
  "batch/Job": { versions: ["v1"], of: jobHealth },
  "/Pod": { versions: ["v1"], of: podHealth },
  "/Service": { versions: ["v1"], of: serviceHealth },
  "/PersistentVolumeClaim": { versions: ["v1"], of: persistentVolumeClaimHealth },
  "networking.k8s.io/Ingress": { versions: [], of: ingressHealth },
  "extensions/Ingress": { versions: [], of: ingressHealth },
  "autoscaling/HorizontalPodAutoscaler": { versions: ["v1", "v2"], of: horizontalPodAutoscalerHealth },
  "apiregistration.k8s.io/APIService": { versions: ["v1", "v1beta1"], of: apiServiceHealth },
  "argoproj.io/Workflow": { versions: [], of: workflowHealth },
  "argoproj.io/Rollout": { versions: [], of: rolloutHealth },
  "argoproj.io/AnalysisRun": { versions: [], of: analysisRunHealth },
  "argoproj.io/Experiment": { versions: [], of: experimentHealth },
  "argoproj.io/ApplicationSet": { versions: [], of: applicationSetHealth },
  "argoproj.io/CronWorkflow": { versions: [], of: cronWorkflowHealth },
  "argoproj.io/EventBus": { versions: [], of: eventBusHealth },
};

/**
 * How well a live object is; `undefined` for kinds that have no health. A version that no check understands, or
 * a status that cannot be read, is Unknown with the reason.
 */
export function healthOf(object: KubeObject): Health | undefined {
  if (object.metadata.deletionTimestamp !== undefined && object.metadata.deletionTimestamp !== null && !hasHookFinalizer(object)) return health("Progressing", "Pending deletion");
  const { group, version } = parseApiVersion(object.apiVersion);
  const check = CHECKS[`${group}/${object.kind}`];
  if (check === undefined) return undefined;
  if (check.versions.length > 0 && !check.versions.includes(version)) return health("Unknown", `unsupported ${object.kind} GVK: ${object.apiVersion}, Kind=${object.kind}`);
  try {
    return check.of(object);
  } catch (error) {
    return health("Unknown", (error as Error).message);
  }
}
