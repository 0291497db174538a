import { isCompleted, type Measurement, type MetricResult } from "./types.ts";

/** A measurement that was taken, or begun, for its place in a metric's row. */
export interface Taken {
  metric: string;
  /** How many of the metric were finished before it. */
  index: number;
  measurement: Measurement;
  /** What the provider says of the metric as a whole. */
  metadata?: Record<string, string>;
}

/** The place of the next measurement; one that is under way has it. */
export function nextIndex(result: MetricResult | undefined): number {
  return (result?.count ?? 0) + (result?.error ?? 0);
}

/** The measurement that was begun and is not finished. */
export function underWay(result: MetricResult | undefined): Measurement | undefined {
  const last = result?.measurements?.at(-1);
  return last === undefined || isCompleted(last.phase) ? undefined : last;
}

/** Counts what was taken, once: what comes for a place that is filled already changes nothing. */
export function withMeasurement(results: readonly MetricResult[], taken: Taken, dryRun: boolean): MetricResult[] {
  const { metric: name, index, measurement, metadata } = taken;
  const before = results.find((result) => result.name === name);
  if (nextIndex(before) !== index || isCompleted(before?.phase)) return [...results];
  const first: MetricResult = { name, phase: "Running", ...(dryRun && { dryRun }), ...(metadata !== undefined && Object.keys(metadata).length > 0 && { metadata }) };
  const begun = before ?? first;
  const finished = underWay(begun) === undefined ? (begun.measurements ?? []) : begun.measurements!.slice(0, -1);
  const counted = { ...counters(begun, measurement), measurements: [...finished, measurement] };
  return before === undefined ? [...results, counted] : results.map((result) => (result.name === name ? counted : result));
}

function counters(result: MetricResult, { phase }: Measurement): MetricResult {
  if (!isCompleted(phase)) return result;
  const counted = { ...result };
  const add = (field: "count" | "successful" | "failed" | "inconclusive" | "error" | "consecutiveError" | "consecutiveSuccess") => (counted[field] = (counted[field] ?? 0) + 1);
  if (phase === "Error") {
    add("error");
    add("consecutiveError");
  } else {
    add("count");
    delete counted.consecutiveError;
    add(phase === "Successful" ? "successful" : phase === "Failed" ? "failed" : "inconclusive");
  }
  if (phase === "Successful") add("consecutiveSuccess");
  else delete counted.consecutiveSuccess;
  return counted;
}
