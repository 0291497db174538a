import { assess, completion, isTerminating, type AnalysisEvent } from "./assess.ts";
import { KEPT_MEASUREMENTS } from "./limits.ts";
import { underWay, withMeasurement, type Taken } from "./measurements.ts";
import { planAnalysis, type AnalysisPlan } from "./plan.ts";
import { schedule, type Due, type Timing } from "./schedule.ts";
import { isCompleted, type AnalysisRun, type AnalysisRunStatus, type Measurement } from "./types.ts";

/** What is to become of a run now. */
export interface Decision {
  /** As the object's status should read. */
  status: AnalysisRunStatus;
  events: AnalysisEvent[];
  /** Measurements to take; those that are under way are not among them. */
  due: Due[];
  /** Measurements that were begun, to be looked after; to be ended where the run is ending. */
  begun: { metric: string; index: number; measurement: Measurement; end: boolean }[];
  /** Metrics of which measurements were dropped, and how many they keep: what these left behind may go. */
  trimmed: { metric: string; kept: number }[];
}

/**
 * Judges a run: `taken` are measurements that finished or began since its status was written; each is counted once.
 * Phases and messages are Argo Rollouts' own. A run that a metric ends is looked at again at once, as Argo does on its next
 * visit; where measurements are still under way, these are to be ended first.
 */
export function decide(run: AnalysisRun, given: Timing & { taken: readonly Taken[]; plan?: ReturnType<typeof planAnalysis> }): Decision {
  const before: AnalysisRunStatus = run.status ?? { phase: "" };
  const nothing = { events: [], due: [], begun: [], trimmed: [] };
  if (isCompleted(before.phase)) return { status: before, ...nothing };
  const plan = given.plan ?? planAnalysis(run.spec);
  if ("problem" in plan) return { status: { ...before, phase: "Error", message: plan.problem }, ...nothing, events: [completion("Error")] };

  const counted = given.taken.reduce((results, taken) => withMeasurement(results, taken, plan.dryRun.has(taken.metric)), before.metricResults ?? []);
  let { status, events } = assess(plan, { ...before, metricResults: counted }, run.spec.terminate);
  const pending = begunIn(plan, status);
  const ending = !isCompleted(status.phase) && isTerminating(run.spec.terminate, status.metricResults ?? []);
  if (ending && pending.length === 0) {
    const again = assess(plan, status, run.spec.terminate);
    status = again.status;
    events = [...events, ...again.events];
  }
  // A terminated run is complete in its phase only once nothing of it is under way.
  const held = pending.length > 0 && isCompleted(status.phase);
  if (held) {
    const { message: _, ...rest } = status;
    status = { ...rest, phase: "Running", ...(before.message !== undefined && { message: before.message }) };
    events = events.filter((event) => !event.reason.startsWith("AnalysisRun"));
  }
  const at = rfc3339(given.now);
  status = { ...status, startedAt: before.startedAt ?? at, ...(isCompleted(status.phase) && { completedAt: before.completedAt ?? at }) };
  const { results, trimmed } = trim(plan, status);
  status = { ...status, metricResults: results };
  const over = isCompleted(status.phase);
  return {
    status,
    events,
    due: over || ending ? [] : schedule(plan, status, given),
    begun: pending.map((entry) => ({ ...entry, end: ending || held })),
    trimmed,
  };
}

function begunIn(plan: AnalysisPlan, status: AnalysisRunStatus): { metric: string; index: number; measurement: Measurement }[] {
  return plan.metrics.flatMap(({ name }) => {
    const result = status.metricResults?.find((candidate) => candidate.name === name);
    const measurement = underWay(result);
    return measurement === undefined ? [] : [{ metric: name, index: (result?.count ?? 0) + (result?.error ?? 0), measurement }];
  });
}

function trim(plan: AnalysisPlan, status: AnalysisRunStatus) {
  const trimmed: Decision["trimmed"] = [];
  const results = (status.metricResults ?? []).map((result) => {
    const kept = plan.kept.get(result.name) ?? KEPT_MEASUREMENTS;
    if ((result.measurements?.length ?? 0) <= kept) return result;
    trimmed.push({ metric: result.name, kept });
    return { ...result, measurements: result.measurements!.slice(-kept) };
  });
  return { results, trimmed };
}

function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
