import type { KubeObject } from "@trireme/api";
import { analysisRunInfos } from "./analysis-runs.ts";
import { experimentInfos } from "./experiments.ts";
import { rolloutIcon } from "./icons.ts";
import { imagesOf, type RolloutObjects } from "./objects.ts";
import { phaseOf } from "./phase.ts";
import { replicaSetInfos } from "./replica-sets.ts";
import { actualWeightOf, setWeightOf, stepsOf } from "./steps.ts";

/** A Rollout with everything that `kubectl argo rollouts get rollout` draws, in the JSON of `rollout.RolloutInfo`. */
export function rolloutInfo(rollout: KubeObject, objects: RolloutObjects): object {
  const { spec = {}, status = {}, metadata } = rollout;
  const { name, namespace, labels, annotations, uid, generation, creationTimestamp, resourceVersion } = metadata;
  const { phase, message } = phaseOf(rollout);
  const replicaSets = replicaSetInfos(rollout, objects);
  const workload = spec.workloadRef === undefined ? undefined : objects.deployments.find((each) => each.metadata.name === spec.workloadRef.name && each.metadata.namespace === namespace);
  const template = (workload?.["spec"] ?? spec).template?.spec;
  return {
    objectMeta: { name, namespace, labels, annotations, uid, generation, creationTimestamp, resourceVersion },
    status: phase,
    message,
    icon: rolloutIcon(phase),
    ...strategyInfo(rollout, replicaSets),
    ready: status.readyReplicas ?? 0,
    current: status.replicas ?? 0,
    desired: spec.replicas ?? 1,
    updated: status.updatedReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    restartedAt: typeof status.restartedAt === "string" ? goTime(status.restartedAt) : "Never",
    generation: String(status.observedGeneration ?? ""),
    replicaSets,
    experiments: experimentInfos(rollout, objects),
    analysisRuns: analysisRunInfos(rollout, objects.analysisRuns),
    containers: imagesOf(template?.containers),
    initContainers: imagesOf(template?.initContainers),
  };
}

function strategyInfo(rollout: KubeObject, replicaSets: any[]): object {
  const { canary, blueGreen } = rollout["spec"]?.strategy ?? {};
  if (!canary) return blueGreen ? { strategy: "BlueGreen" } : {};
  const steps = stepsOf(rollout);
  const index: unknown = rollout["status"]?.currentStepIndex;
  return {
    strategy: "Canary",
    ...(typeof index === "number" && steps.length > 0 && { step: `${index}/${steps.length}`, steps }),
    setWeight: String(setWeightOf(rollout)),
    actualWeight: String(actualWeightOf(rollout, replicaSets)),
  };
}

/** As Go prints a time. */
function goTime(rfc3339: string): string {
  const iso = new Date(rfc3339).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} +0000 UTC`;
}
