import type { IntOrText, Metric } from "./types.ts";

/** Measurements that a metric keeps. */
export const KEPT_MEASUREMENTS = 10;
/** After a measurement that could not be taken, whatever the interval. */
export const ERROR_RETRY_MS = 10_000;

const CONSECUTIVE_ERROR_LIMIT = 4;

/** Kubernetes' int-or-string; text that is no number is 0. */
export function intOf(value: IntOrText | undefined): number {
  if (typeof value === "number") return Math.trunc(value);
  return value !== undefined && /^[+-]?\d{1,10}$/.test(value) ? Number(value) : 0;
}

/** How many measurements make a metric complete; undefined for one that never ends by itself. */
export function effectiveCount(metric: Metric): number | undefined {
  const count = intOf(metric.count);
  if (count !== 0) return count;
  return metric.interval ? undefined : 1;
}

export function consecutiveErrorLimit(metric: Metric): number {
  return metric.consecutiveErrorLimit === undefined ? CONSECUTIVE_ERROR_LIMIT : intOf(metric.consecutiveErrorLimit);
}
