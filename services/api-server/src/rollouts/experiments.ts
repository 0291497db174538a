import type { KubeObject } from "@trireme/api";
import { analysisRunInfos } from "./analysis-runs.ts";
import { analysisIcon } from "./icons.ts";
import { briefly, byCreation, ownedBy, revisionOf, type RolloutObjects } from "./objects.ts";
import { replicaSetInfos } from "./replica-sets.ts";

/** Experiments of a Rollout, newest revision first, with their own sets and runs. */
export function experimentInfos(rollout: KubeObject, objects: RolloutObjects): object[] {
  return objects.experiments
    .filter(ownedBy(rollout.metadata.uid))
    .sort((a, b) => revisionOf(b) - revisionOf(a) || byCreation(a, b))
    .map((experiment) => {
      const phase: string = experiment["status"]?.phase ?? "";
      return {
        objectMeta: briefly(experiment.metadata),
        icon: analysisIcon(phase),
        revision: revisionOf(experiment),
        status: phase,
        message: experiment["status"]?.message ?? "",
        replicaSets: replicaSetInfos(experiment, objects),
        analysisRuns: analysisRunInfos(experiment, objects.analysisRuns),
      };
    });
}
