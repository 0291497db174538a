import type { KubeObject } from "@trireme/api";
import { analysisIcon } from "./icons.ts";
import { briefly, byCreation, byText, ownedBy, revisionOf } from "./objects.ts";

const COUNTS = ["successful", "failed", "inconclusive", "error"] as const;

/** AnalysisRuns of a Rollout or an Experiment, newest revision first: measurements that were Jobs apart from those that were values. */
export function analysisRunInfos(owner: KubeObject, runs: readonly KubeObject[]): object[] {
  return runs
    .filter(ownedBy(owner.metadata.uid))
    .sort((a, b) => revisionOf(b) - revisionOf(a) || byCreation(a, b) || byText(b.metadata.name, a.metadata.name))
    .map((run) => {
      const results: any[] = run["status"]?.metricResults ?? [];
      const measurements = results.flatMap((result) => (result.measurements ?? []).map((measurement: any) => ({ ...measurement, metricName: result.name })));
      const phase: string = run["status"]?.phase ?? "";
      return {
        objectMeta: briefly(run.metadata),
        icon: analysisIcon(phase),
        revision: revisionOf(run),
        status: phase,
        ...Object.fromEntries(COUNTS.map((count) => [count, results.reduce((sum, result) => sum + (result[count] ?? 0), 0)])),
        jobs: measurements.filter(({ metadata }) => metadata?.["job-name"] !== undefined).map((measurement) => jobInfo(measurement, run)),
        nonJobInfo: measurements.filter(({ metadata }) => metadata === undefined || metadata === null).map(({ value, phase: status, metricName, startedAt }) => ({ value: value ?? "", status: status ?? "", metricName, startedAt })),
        metrics: (run["spec"]?.metrics ?? []).map(metricInfo),
        specAndStatus: { spec: run["spec"] ?? {}, status: run["status"] ?? {} },
      };
    });
}

function jobInfo({ metadata, phase, metricName, startedAt }: any, run: KubeObject): object {
  const namespace: string | undefined = metadata["job-namespace"] ?? run.metadata.namespace;
  return { objectMeta: { name: metadata["job-name"], namespace, ...(startedAt && { creationTimestamp: startedAt }) }, status: phase ?? "", icon: analysisIcon(phase ?? ""), metricName, startedAt };
}

/** Limits that are still text, as of an argument, count as none. */
function metricInfo(metric: any): object {
  const number = (value: unknown): number => (typeof value === "number" ? value : 0);
  return { name: metric.name, successCondition: metric.successCondition ?? "", count: number(metric.count), inconclusiveLimit: number(metric.inconclusiveLimit), failureLimit: number(metric.failureLimit) };
}
