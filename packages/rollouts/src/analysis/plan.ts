import { RE2JS } from "re2js";
import { maskedArguments, substitute } from "./substitute.ts";
import { KEPT_MEASUREMENTS } from "./limits.ts";
import type { AnalysisRunSpec, Metric } from "./types.ts";
import { validateMetrics } from "./validate.ts";

/** What a run's spec comes to: its metrics with arguments in (secrets masked), and what its rules make of each. */
export interface AnalysisPlan {
  metrics: readonly Metric[];
  dryRun: ReadonlySet<string>;
  /** Measurements to keep, by metric. */
  kept: ReadonlyMap<string, number>;
}

/** The problem is the run's message. */
export function planAnalysis(spec: AnalysisRunSpec): AnalysisPlan | { problem: string } {
  const metrics = substitute(spec.metrics ?? [], maskedArguments(spec.args ?? []));
  if ("problem" in metrics) return { problem: `Unable to resolve metric arguments: ${metrics.problem}` };
  const invalid = validateMetrics(metrics.value);
  if (invalid !== undefined) return { problem: `Analysis spec invalid: ${invalid}` };
  const names = metrics.value.map((metric) => metric.name);
  const dryRun = new Set<string>();
  for (const [index, { metricName }] of (spec.dryRun ?? []).entries()) {
    const matched = matching(metricName, names);
    if (matched.length === 0) return { problem: `Analysis spec invalid: dryRun[${index}]: Rule didn't match any metric name(s)` };
    for (const name of matched) dryRun.add(name);
  }
  const kept = new Map<string, number>();
  for (const [index, { metricName, limit }] of (spec.measurementRetention ?? []).entries()) {
    const matched = matching(metricName, names);
    if (matched.length === 0) return { problem: `Analysis spec invalid: measurementRetention[${index}]: Rule didn't match any metric name(s)` };
    for (const name of matched) kept.set(name, limit > 0 ? limit : KEPT_MEASUREMENTS);
  }
  return { metrics: metrics.value, dryRun, kept };
}

/** Names that an unanchored expression finds itself in; one that is none finds nothing. */
function matching(pattern: string, names: readonly string[]): string[] {
  try {
    const expression = RE2JS.compile(pattern);
    return names.filter((name) => expression.matcher(name).find());
  } catch {
    return [];
  }
}
