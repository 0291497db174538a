import type { AnalysisRun, Measurement } from "../analysis/index.ts";
import { byCreation, Key } from "../rollout/objects.ts";

export interface ReportedAnalysis {
  name: string;
  type: string;
  phase: string;
  message: string;
  failures: ReportedMeasurement[];
}

export interface ReportedMeasurement {
  metric: string;
  phase: string;
  value: string;
  message: string;
  startedAt?: string;
  finishedAt?: string;
  job?: string;
  dryRun: boolean;
}

/** The runs that judge a revision, newest first, each with its measurements that were not Successful. */
export function analysesOfRevision(runs: readonly AnalysisRun[], hash: string): ReportedAnalysis[] {
  return runs
    .filter((run) => run.metadata.labels?.[Key.Hash] === hash)
    .sort((a, b) => byCreation(b, a))
    .map((run) => ({
      name: run.metadata.name ?? "",
      type: run.metadata.labels?.[Key.RolloutType] ?? "",
      phase: run.status?.phase ?? "",
      message: run.status?.message ?? "",
      failures: (run.status?.metricResults ?? []).flatMap(({ name, dryRun, measurements }) => (measurements ?? []).filter(({ phase }) => FAILURES.has(phase)).map((measurement) => reported(name, dryRun === true, measurement))).sort((a, b) => (a.startedAt ?? "") < (b.startedAt ?? "") ? 1 : -1),
    }));
}

const FAILURES: ReadonlySet<string> = new Set(["Failed", "Error", "Inconclusive"]);

function reported(metric: string, dryRun: boolean, { phase, value = "", message = "", startedAt, finishedAt, metadata }: Measurement): ReportedMeasurement {
  const job = metadata?.["job-name"];
  return { metric, phase, value, message, ...(startedAt !== undefined && { startedAt }), ...(finishedAt !== undefined && { finishedAt }), ...(job !== undefined && { job }), dryRun };
}
