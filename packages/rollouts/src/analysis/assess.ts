import type { AnalysisPlan } from "./plan.ts";
import { consecutiveErrorLimit, effectiveCount, intOf } from "./limits.ts";
import { AnalysisPhase, isCompleted, type AnalysisRunStatus, type Metric, type MetricResult, type RunSummary } from "./types.ts";

/** An Event on the run. */
export interface AnalysisEvent {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

/** Ended by a person, or by a metric that was not in dry run and came to a bad end. */
export function isTerminating(terminate: boolean | undefined, results: readonly MetricResult[]): boolean {
  return terminate === true || results.some((result) => result.dryRun !== true && (result.phase === "Failed" || result.phase === "Error" || result.phase === "Inconclusive"));
}

/** One round of Argo's assessment: phases of metrics, summaries, and the run's own phase and message. */
export function assess(plan: AnalysisPlan, before: AnalysisRunStatus, terminate: boolean | undefined): { status: AnalysisRunStatus; events: AnalysisEvent[] } {
  const results = [...(before.metricResults ?? [])];
  const terminating = isTerminating(terminate, results);
  const events: AnalysisEvent[] = [];
  const summaries: { run: RunSummary; dryRun: RunSummary } = { run: {}, dryRun: {} };
  let worst: AnalysisPhase | undefined;
  let message = terminate === true ? "Run Terminated" : "";
  let allCompleted = true;

  for (const metric of plan.metrics) {
    const isDryRun = plan.dryRun.has(metric.name);
    const summary = isDryRun ? summaries.dryRun : summaries.run;
    count(summary, "count");
    const at = results.findIndex((candidate) => candidate.name === metric.name);
    if (at < 0) {
      allCompleted = false;
      continue;
    }
    let result = results[at]!;
    const phase = metricPhase(metric, result, terminating);
    if (result.phase !== phase) {
      if (isCompleted(phase)) events.push({ type: eventType(phase), reason: `Metric${phase}`, message: `Metric '${metric.name}' Completed. Result: ${phase}` });
      result = withMessage({ ...result, phase }, result.measurements?.at(-1)?.message ?? "");
    }
    if (!isCompleted(phase)) allCompleted = false;
    else {
      const bad = violation(metric, result);
      count(summary, SUMMARY_FIELD[bad?.phase ?? "Successful"]);
      if (isDryRun) {
        worst ??= AnalysisPhase.Successful;
        if (bad !== undefined) result = withMessage(result, `Metric assessed ${phase} due to ${bad.message}`);
      } else if (worst === undefined || severity(phase) > severity(worst)) {
        worst = phase;
        if (bad !== undefined) message = `Metric "${metric.name}" assessed ${phase} due to ${bad.message}${result.message ? `: "Error Message: ${result.message}"` : ""}`;
      }
    }
    results[at] = result;
  }

  const assessed = { ...before, metricResults: results, runSummary: summaries.run, dryRunSummary: summaries.dryRun };
  const next = terminating ? (worst ?? AnalysisPhase.Successful) : allCompleted && worst !== undefined ? worst : AnalysisPhase.Running;
  if (next === before.phase) return { status: assessed, events };
  const { message: _, ...rest } = assessed;
  const said = next === AnalysisPhase.Running ? "" : message.trim();
  if (isCompleted(next)) events.push(completion(next));
  return { status: { ...rest, phase: next, ...(said !== "" && { message: said }) }, events };
}

export function completion(phase: AnalysisPhase): AnalysisEvent {
  return { type: eventType(phase), reason: `AnalysisRun${phase}`, message: `Analysis Completed. Result: ${phase}` };
}

function metricPhase(metric: Metric, result: MetricResult, terminating: boolean): AnalysisPhase {
  if (isCompleted(result.phase)) return result.phase;
  const last = result.measurements?.at(-1);
  if (last === undefined) return terminating ? AnalysisPhase.Successful : AnalysisPhase.Pending;
  if (!isCompleted(last.phase)) return AnalysisPhase.Running;
  const bad = violation(metric, result);
  if (bad !== undefined) return bad.phase;
  const successes = intOf(metric.consecutiveSuccessLimit);
  if (successes > 0 && (result.consecutiveSuccess ?? 0) >= successes) return AnalysisPhase.Successful;
  const wanted = effectiveCount(metric);
  if (wanted !== undefined && (result.count ?? 0) >= wanted) {
    if (successes === 0) return AnalysisPhase.Successful;
    return intOf(metric.failureLimit) >= 0 ? AnalysisPhase.Inconclusive : AnalysisPhase.Failed;
  }
  return terminating ? AnalysisPhase.Successful : AnalysisPhase.Running;
}

/** The limit that a metric has gone over; of several the last one decides, as Argo has it. */
function violation(metric: Metric, result: MetricResult): { phase: AnalysisPhase; message: string } | undefined {
  const { failed = 0, inconclusive = 0, consecutiveError = 0 } = result;
  const failures = intOf(metric.failureLimit);
  const inconclusives = intOf(metric.inconclusiveLimit);
  const errors = consecutiveErrorLimit(metric);
  if (consecutiveError > errors) return { phase: AnalysisPhase.Error, message: `consecutiveErrors (${consecutiveError}) > consecutiveErrorLimit (${errors})` };
  if (inconclusive > inconclusives) return { phase: AnalysisPhase.Inconclusive, message: `inconclusive (${inconclusive}) > inconclusiveLimit (${inconclusives})` };
  if (failures >= 0 && failed > failures) return { phase: AnalysisPhase.Failed, message: `failed (${failed}) > failureLimit (${failures})` };
  return undefined;
}

const SEVERITY: readonly AnalysisPhase[] = ["Successful", "Running", "Pending", "Inconclusive", "Error", "Failed"];
const SUMMARY_FIELD: Readonly<Record<string, keyof RunSummary>> = { Successful: "successful", Failed: "failed", Inconclusive: "inconclusive", Error: "error" };

function severity(phase: AnalysisPhase): number {
  return SEVERITY.indexOf(phase);
}

function eventType(phase: AnalysisPhase): "Normal" | "Warning" {
  return phase === "Error" || phase === "Failed" ? "Warning" : "Normal";
}

function count(summary: RunSummary, field: keyof RunSummary | undefined): void {
  if (field !== undefined) summary[field] = (summary[field] ?? 0) + 1;
}

function withMessage({ message: _, ...result }: MetricResult, message: string): MetricResult {
  return message === "" ? result : { ...result, message };
}
