import type { KubeObject } from "@trireme/api";
import { Annotation, hasAnnotationOption, isCustomResourceDefinition, syncProblem, type SyncTask } from "@trireme/gitops";
import type { ResourceInfo } from "@trireme/kube";
import { missingKind } from "./missing-kind.ts";
import type { Run } from "./run.ts";

/** What is wrong with tasks before anything is written; each is told in its task's result too. Empty: nothing. */
export function taskProblems(run: Run): string[] {
  const problems = new Set<string>();
  for (const task of run.tasks) {
    const problem = problemOf(run, task);
    if (problem === undefined) continue;
    task.status = "SyncFailed";
    task.message = problem;
    problems.add(problem);
  }
  return [...problems].sort();
}

function problemOf(run: Run, task: SyncTask): string | undefined {
  const { facts } = run;
  const info = servedAs(run, task);
  if (info === undefined) {
    if (task.target === undefined || comesWithSync(run, task) || run.syncOptions.includes("SkipDryRunOnMissingResource=true") || hasAnnotationOption(task.target, Annotation.SyncOptions, "SkipDryRunOnMissingResource=true")) return undefined;
    return missingKind(task.gvk, task.resultNamespace, task.key.name, facts.live);
  }
  return syncProblem(facts.project, task.key, info.namespaced, facts.cluster, facts.projectClusters);
}

function servedAs(run: Run, task: SyncTask): ResourceInfo | undefined {
  return run.facts.live.known?.find(task.gvk);
}

function comesWithSync(run: Run, task: SyncTask): boolean {
  const defines = (object: KubeObject | undefined) => object !== undefined && isCustomResourceDefinition(object) && object["spec"]?.group === task.gvk.group && object["spec"]?.names?.kind === task.gvk.kind;
  return run.tasks.some((other) => defines(other.target));
}

