import { parseDuration } from "@trireme/api";
import { effectiveCount, ERROR_RETRY_MS } from "./limits.ts";
import { nextIndex, underWay } from "./measurements.ts";
import type { AnalysisPlan } from "./plan.ts";
import { isCompleted, type AnalysisRunStatus, type Metric, type MetricResult } from "./types.ts";

/** What is known of time more exactly than a status says it, in milliseconds since the epoch. */
export interface Timing {
  now: number;
  /** Moments of a metric's grid, and when its last measurement finished; undefined for one that somebody else measured. */
  exact(metric: string): { origin: number; finished: number } | undefined;
}

/** A measurement to take. */
export interface Due {
  metric: string;
  /** Its place among the metric's measurements. */
  index: number;
  /** Milliseconds since the epoch; now or in the past for what is due at once. */
  at: number;
}

/**
 * Which measurements are to be taken, and when. A metric's moments lie on a fixed grid from `origin` on, so that neither slow
 * answers nor a controller that was away make it drift; what took longer than its interval waits for the next moment.
 * After an error it is tried again ten seconds later.
 */
export function schedule(plan: AnalysisPlan, status: AnalysisRunStatus, time: Timing): Due[] {
  const due: Due[] = [];
  for (const metric of plan.metrics) {
    const result = status.metricResults?.find((candidate) => candidate.name === metric.name);
    if (isCompleted(result?.phase) || underWay(result) !== undefined) continue;
    const at = dueAt(metric, result, status, time);
    if (at !== undefined) due.push({ metric: metric.name, index: nextIndex(result), at });
  }
  return due;
}

function dueAt(metric: Metric, result: MetricResult | undefined, status: AnalysisRunStatus, { now, exact }: Timing): number | undefined {
  const last = result?.measurements?.at(-1);
  if (last === undefined) {
    if (!metric.initialDelay) return now;
    return status.startedAt === undefined ? undefined : Date.parse(status.startedAt) + (parseDuration(metric.initialDelay) ?? 0);
  }
  const wanted = effectiveCount(metric);
  if (wanted !== undefined && (result?.count ?? 0) >= wanted) return undefined;
  const known = exact(metric.name);
  if (last.phase === "Error" || !metric.interval) return (known?.finished ?? Date.parse(last.finishedAt ?? "")) + ERROR_RETRY_MS;
  const interval = parseDuration(metric.interval) ?? ERROR_RETRY_MS;
  const origin = known?.origin ?? Date.parse(last.startedAt ?? "");
  // A status tells whole seconds: the rest of the second in which it finished is over by then at the latest.
  const finished = Math.min(known?.finished ?? Date.parse(last.finishedAt ?? "") + 999, now);
  // The grid's first moment is that of the first measurement, even if that was over a little before.
  return nextMoment(origin, interval, Math.max(origin, finished));
}

/** The first moment of a grid after a time; a grid without a width has one at every moment. */
export function nextMoment(origin: number, interval: number, after: number): number {
  if (!(interval > 0)) return after;
  return origin + (Math.floor((after - origin) / interval) + 1) * interval;
}
