import { planAnalysis, type AnalysisRun, type Measurement, type Metric } from "../analysis/index.ts";
import { effectiveCount, intOf } from "../analysis/limits.ts";
import { byCreation, Key } from "../rollout/objects.ts";
import { thresholdsOf, type Threshold } from "./thresholds.ts";

export interface ReportedAnalysis {
  name: string;
  type: string;
  phase: string;
  message: string;
  startedAt?: string;
  completedAt?: string;
  failures: ReportedMeasurement[];
  metrics: ReportedMetric[];
}

/** One metric with what was measured, oldest first, and what it is measured against. */
export interface ReportedMetric {
  name: string;
  phase: string;
  message: string;
  dryRun: boolean;
  /** As the run has them, with arguments in. */
  successCondition?: string;
  failureCondition?: string;
  /** The lines of each condition, where it is a plain comparison of one number. */
  successThresholds: Threshold[];
  failureThresholds: Threshold[];
  interval?: string;
  /** After so many measurements it is done; absent: never by itself. */
  count?: number;
  /** More failures than this end it; -1: it may fail for ever. */
  failureLimit: number;
  /** How often it was measured, and how often that failed: runs keep only the last measurements. */
  taken: number;
  failed: number;
  measurements: ReportedMeasurement[];
}

export interface ReportedMeasurement {
  metric: string;
  phase: string;
  value: string;
  /** The value, where it is one number. */
  number?: number;
  message: string;
  startedAt?: string;
  finishedAt?: string;
  job?: string;
  dryRun: boolean;
}

/** The runs that judge a revision, newest first, each with its metrics and with its measurements that were not Successful. */
export function analysesOfRevision(runs: readonly AnalysisRun[], hash: string): ReportedAnalysis[] {
  return runs.filter((run) => hashOfRun(run) === hash).sort((a, b) => byCreation(b, a)).map(reportRun);
}

/** Of other revisions the newest that did not succeed: what stopped a release that was taken back. */
export function stoppedRun(runs: readonly AnalysisRun[], hash: string): ReportedAnalysis | undefined {
  const newest = runs.filter((run) => hashOfRun(run) !== hash).sort((a, b) => byCreation(b, a))[0];
  return newest !== undefined && FAILURES.has(newest.status?.phase ?? "") ? reportRun(newest) : undefined;
}

const hashOfRun = ({ metadata }: AnalysisRun): string => metadata.labels?.[Key.Hash] ?? "";

function reportRun(run: AnalysisRun): ReportedAnalysis {
  const metrics = reportMetrics(run);
  const { phase = "", message = "", startedAt, completedAt } = run.status ?? {};
  return {
    name: run.metadata.name ?? "",
    type: run.metadata.labels?.[Key.RolloutType] ?? "",
    phase,
    message,
    ...(startedAt !== undefined && { startedAt }),
    ...(completedAt !== undefined && { completedAt }),
    failures: metrics.flatMap(({ measurements }) => measurements.filter((measurement) => FAILURES.has(measurement.phase))).sort((a, b) => (a.startedAt ?? "") < (b.startedAt ?? "") ? 1 : -1),
    metrics,
  };
}

const FAILURES: ReadonlySet<string> = new Set(["Failed", "Error", "Inconclusive"]);

/** In the order of the spec; results of a run whose spec cannot be understood stand there all the same. */
function reportMetrics({ spec, status }: AnalysisRun): ReportedMetric[] {
  const plan = planAnalysis(spec);
  const metrics: readonly Metric[] = "problem" in plan ? (spec.metrics ?? []) : plan.metrics;
  const results = new Map((status?.metricResults ?? []).map((result) => [result.name, result]));
  const known = new Set(metrics.map(({ name }) => name));
  const unknown = [...results.keys()].filter((name) => !known.has(name)).map((name) => ({ name }));
  return [...metrics, ...unknown].map((metric: Partial<Metric> & { name: string }) => {
    const { name, successCondition, failureCondition, interval } = metric;
    const result = results.get(name);
    const dryRun = result?.dryRun === true || (!("problem" in plan) && plan.dryRun.has(name));
    const count = effectiveCount(metric as Metric);
    return {
      name,
      phase: result?.phase ?? "",
      message: result?.message ?? "",
      dryRun,
      ...(successCondition && { successCondition }),
      ...(failureCondition && { failureCondition }),
      successThresholds: thresholdsOf(successCondition, "and"),
      failureThresholds: thresholdsOf(failureCondition, "or"),
      ...(interval && { interval }),
      ...(count !== undefined && { count }),
      failureLimit: intOf(metric.failureLimit),
      taken: (result?.successful ?? 0) + (result?.failed ?? 0) + (result?.inconclusive ?? 0) + (result?.error ?? 0),
      failed: result?.failed ?? 0,
      measurements: (result?.measurements ?? []).map((measurement) => reported(name, dryRun, measurement)),
    };
  });
}

function reported(metric: string, dryRun: boolean, { phase, value = "", message = "", startedAt, finishedAt, metadata }: Measurement): ReportedMeasurement {
  const job = metadata?.["job-name"];
  const number = numberOf(value);
  return { metric, phase, value, ...(number !== undefined && { number }), message, ...(startedAt !== undefined && { startedAt }), ...(finishedAt !== undefined && { finishedAt }), ...(job !== undefined && { job }), dryRun };
}

/** `0.5`, `[0.5]` and `"0.5"` are one number; anything else is none. */
function numberOf(value: string): number | undefined {
  const text = /^\s*\[?\s*"?([+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"?\s*\]?\s*$/.exec(value)?.[1];
  const number = text === undefined ? NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}
