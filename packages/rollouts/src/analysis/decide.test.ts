import { decide } from "./decide.ts";
import { nextIndex } from "./measurements.ts";
import type { AnalysisPhase, AnalysisRun, AnalysisRunSpec, AnalysisRunStatus, Measurement, Metric } from "./types.ts";

const START = Date.parse("2026-11-23T06:24:25Z");
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString().replace(".000", "");
const web = { web: { url: "http://metrics.test/" } };
const metric = (given: Partial<Metric> = {}): Metric => ({ name: "m", provider: web, ...given });
const runOf = (spec: Partial<AnalysisRunSpec>, status?: AnalysisRunStatus): AnalysisRun => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name: "r", namespace: "default", uid: "u" }, spec: { metrics: [metric()], ...spec }, ...(status && { status }) });
const finished = (phase: AnalysisPhase, from: number, to = from, more: Partial<Measurement> = {}): Measurement => ({ phase, startedAt: at(from), finishedAt: at(to), ...more });

/** A run that is measured one outcome after another, each written before the next is taken. */
function play(spec: Partial<AnalysisRunSpec>, outcomes: readonly [metric: string, measurement: Measurement][]) {
  const run = runOf(spec);
  const events: string[] = [];
  let seconds = 0;
  for (const [name, measurement] of outcomes) {
    const index = nextIndex(run.status?.metricResults?.find((result) => result.name === name));
    const decision = decide(run, { now: START + seconds * 1000, exact: () => undefined, taken: [{ metric: name, index, measurement }] });
    run.status = decision.status;
    events.push(...decision.events.map((event) => `${event.type} ${event.reason} ${event.message}`));
    seconds += 5;
  }
  return { run, status: run.status!, events };
}

const repeat = (phase: AnalysisPhase, times: number, more: Partial<Measurement> = {}): [string, Measurement][] => Array.from({ length: times }, (_, index) => ["m", finished(phase, index * 5, index * 5, more)]);

describe("decide", () => {
  it("writes what Argo Rollouts wrote of a run whose Jobs fail", () => {
    const job = (index: number) => ({ metadata: { "job-name": `uid.fail.${index}`, "job-namespace": "default" } });
    const run = runOf({ metrics: [{ name: "fail", count: 2, interval: "5s", failureLimit: 1, provider: { job: { spec: {} } } }] }, { phase: "", runSummary: {} });
    const step = (seconds: number, index: number, measurement: Measurement) => {
      const decision = decide(run, { now: START + seconds * 1000, exact: () => undefined, taken: [{ metric: "fail", index, measurement }] });
      run.status = decision.status;
      return decision;
    };
    expect(step(0, 0, { phase: "Running", startedAt: at(0), ...job(1) }).status).toEqual({
      dryRunSummary: {},
      metricResults: [{ measurements: [{ metadata: { "job-name": "uid.fail.1", "job-namespace": "default" }, phase: "Running", startedAt: "2026-11-23T06:24:25Z" }], name: "fail", phase: "Running" }],
      phase: "Running",
      runSummary: { count: 1 },
      startedAt: "2026-11-23T06:24:25Z",
    });
    expect(step(1, 0, finished("Failed", 0, 1, job(1))).status).toEqual({
      dryRunSummary: {},
      metricResults: [{ count: 1, failed: 1, measurements: [{ finishedAt: "2026-11-23T06:24:26Z", metadata: { "job-name": "uid.fail.1", "job-namespace": "default" }, phase: "Failed", startedAt: "2026-11-23T06:24:25Z" }], name: "fail", phase: "Running" }],
      phase: "Running",
      runSummary: { count: 1 },
      startedAt: "2026-11-23T06:24:25Z",
    });
    const last = step(7, 1, finished("Failed", 6, 7, job(2)));
    expect(last.status).toMatchObject({
      completedAt: "2026-11-23T06:24:32Z",
      message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)',
      metricResults: [{ count: 2, failed: 2, name: "fail", phase: "Failed" }],
      phase: "Failed",
      runSummary: { count: 1, failed: 1 },
    });
    expect(last.events).toEqual([
      { type: "Warning", reason: "MetricFailed", message: "Metric 'fail' Completed. Result: Failed" },
      { type: "Warning", reason: "AnalysisRunFailed", message: "Analysis Completed. Result: Failed" },
    ]);
  });

  it("counts a place once, whoever takes the measurement twice", () => {
    const run = runOf({ metrics: [metric({ count: 3, interval: "5s" })] });
    const taken = { metric: "m", index: 0, measurement: finished("Successful", 0) };
    const decision = decide(run, { now: START, exact: () => undefined, taken: [taken, taken, { ...taken, index: 7 }] });
    expect(decision.status.metricResults).toEqual([expect.objectContaining({ count: 1, successful: 1, measurements: [taken.measurement] })]);
    expect(decision.due).toEqual([{ metric: "m", index: 1, at: expect.any(Number) }]);
  });

  it.each<{ name: string; metric: Partial<Metric>; outcomes: [string, Measurement][]; phase: string; message?: string; count?: number }>([
    { name: "one success where nothing is said", metric: {}, outcomes: repeat("Successful", 1), phase: "Successful" },
    { name: "one failure where nothing is said", metric: {}, outcomes: repeat("Failed", 1), phase: "Failed", message: 'Metric "m" assessed Failed due to failed (1) > failureLimit (0)' },
    { name: "failures within the limit", metric: { count: 3, interval: "5s", failureLimit: 2 }, outcomes: [...repeat("Failed", 2), ...repeat("Successful", 1)], phase: "Successful" },
    { name: "ignored failures", metric: { count: 3, interval: "5s", failureLimit: -1, consecutiveSuccessLimit: 1 }, outcomes: [...repeat("Failed", 2), ...repeat("Successful", 1)], phase: "Successful" },
    { name: "an inconclusive measurement", metric: {}, outcomes: repeat("Inconclusive", 1), phase: "Inconclusive", message: 'Metric "m" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)' },
    { name: "four errors in a row", metric: { count: 2, interval: "5s" }, outcomes: repeat("Error", 4), phase: "Running" },
    { name: "five errors in a row", metric: {}, outcomes: repeat("Error", 5, { message: "connection refused" }), phase: "Error", message: 'Metric "m" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4): "Error Message: connection refused"' },
    { name: "errors that a success interrupts", metric: { count: 2, interval: "5s" }, outcomes: [...repeat("Error", 4), ...repeat("Successful", 1), ...repeat("Error", 4), ...repeat("Successful", 1)], phase: "Successful" },
    { name: "a limit of its own for errors, as text", metric: { consecutiveErrorLimit: "0" }, outcomes: repeat("Error", 1), phase: "Error", message: 'Metric "m" assessed Error due to consecutiveErrors (1) > consecutiveErrorLimit (0)' },
    { name: "an interval without a count", metric: { interval: "5s" }, outcomes: repeat("Successful", 9), phase: "Running" },
    { name: "enough successes in a row", metric: { interval: "5s", consecutiveSuccessLimit: 3 }, outcomes: repeat("Successful", 3), phase: "Successful" },
    { name: "too few successes in a row within the failure limit", metric: { count: 3, interval: "5s", consecutiveSuccessLimit: 2, failureLimit: 1 }, outcomes: [...repeat("Successful", 1), ...repeat("Failed", 1), ...repeat("Successful", 1)], phase: "Inconclusive" },
    { name: "too few successes in a row, failures ignored", metric: { count: 2, interval: "5s", consecutiveSuccessLimit: 2, failureLimit: -1 }, outcomes: [...repeat("Successful", 1), ...repeat("Failed", 1)], phase: "Failed" },
  ])("judges $name as Argo does", ({ metric: given, outcomes, phase, message }) => {
    const { status } = play({ metrics: [metric(given)] }, outcomes);
    expect([status.phase, status.message]).toEqual([phase, message]);
    expect(status.completedAt === undefined).toBe(phase === "Running");
  });

  it("lets the last limit that was passed decide within a metric, and the worst metric decide the run", () => {
    const { status } = play({ metrics: [metric({ name: "a" }), metric({ name: "b" }), metric({ name: "c" })] }, [["a", finished("Inconclusive", 0)]]);
    expect(status.phase).toBe("Inconclusive");
    expect(status.metricResults).toHaveLength(1);
    expect(status.runSummary).toEqual({ count: 3, inconclusive: 1 });
  });

  it("ends the other metrics well when one ends badly, in the same write", () => {
    const { status, events } = play({ metrics: [metric({ name: "good", interval: "5s" }), metric({ name: "bad", interval: "5s" })] }, [
      ["good", finished("Successful", 0)],
      ["bad", finished("Failed", 0)],
    ]);
    expect(status).toMatchObject({ phase: "Failed", message: 'Metric "bad" assessed Failed due to failed (1) > failureLimit (0)', runSummary: { count: 2, successful: 1, failed: 1 } });
    expect(events.filter((event) => event.includes("AnalysisRun"))).toHaveLength(1);
  });

  it("does not let a dry run decide", () => {
    const { status } = play({ metrics: [metric({ name: "trial" }), metric({ name: "real" })], dryRun: [{ metricName: "tri.*" }] }, [
      ["trial", finished("Failed", 0)],
      ["real", finished("Successful", 0)],
    ]);
    expect(status).toMatchObject({ phase: "Successful", runSummary: { count: 1, successful: 1 }, dryRunSummary: { count: 1, failed: 1 } });
    expect(status.metricResults).toEqual(expect.arrayContaining([expect.objectContaining({ name: "trial", dryRun: true, phase: "Failed", message: "Metric assessed Failed due to failed (1) > failureLimit (0)" })]));
  });

  it("ends a terminated run well, measured or not", () => {
    expect(decide(runOf({ terminate: true }), { now: START, exact: () => undefined, taken: [] }).status).toMatchObject({ phase: "Successful", message: "Run Terminated", startedAt: at(0), completedAt: at(0) });
  });

  it("ends what is under way before a terminated run is over", () => {
    const run = runOf({ metrics: [metric({ provider: { job: { spec: {} } } })] });
    run.status = decide(run, { now: START, exact: () => undefined, taken: [{ metric: "m", index: 0, measurement: { phase: "Running", startedAt: at(0) } }] }).status;
    run.spec.terminate = true;
    const ending = decide(run, { now: START + 1000, exact: () => undefined, taken: [] });
    expect(ending).toMatchObject({ status: { phase: "Running" }, events: [], begun: [{ metric: "m", index: 0, end: true }] });
    const ended = decide(run, { now: START + 1000, exact: () => undefined, taken: [{ metric: "m", index: 0, measurement: finished("Successful", 0, 1, { message: "Metric Terminated" }) }] });
    expect(ended.status).toMatchObject({ phase: "Successful", message: "Run Terminated", metricResults: [{ phase: "Successful", measurements: [{ message: "Metric Terminated" }] }] });
  });

  it.each<{ name: string; spec: Partial<AnalysisRunSpec>; message: string }>([
    { name: "no metric", spec: { metrics: [] }, message: "Analysis spec invalid: no metrics specified" },
    { name: "a name twice", spec: { metrics: [metric(), metric()] }, message: "Analysis spec invalid: metrics[1]: duplicate name 'm'" },
    { name: "a count without an interval", spec: { metrics: [metric({ count: 2 })] }, message: "Analysis spec invalid: metrics[0]: interval must be specified when count > 1" },
    { name: "a count below the limits", spec: { metrics: [metric({ count: 1, failureLimit: 2 })] }, message: "Analysis spec invalid: metrics[0]: count (1) must be >= failureLimit + consecutiveSuccessLimit (2 + 0) if both >= 0" },
    { name: "an interval that is none", spec: { metrics: [metric({ interval: "5x" })] }, message: 'Analysis spec invalid: metrics[0]: invalid interval string: time: unknown unit "x" in duration "5x"' },
    { name: "no limits at all", spec: { metrics: [metric({ failureLimit: -1 })] }, message: "Analysis spec invalid: metrics[0]: failureLimit and consecutiveSuccessLimit cannot both be disabled" },
    { name: "no provider", spec: { metrics: [metric({ provider: {} })] }, message: "Analysis spec invalid: metrics[0]: no provider specified" },
    { name: "two providers", spec: { metrics: [metric({ provider: { ...web, prometheus: {} } })] }, message: "Analysis spec invalid: metrics[0]: multiple providers specified" },
    { name: "a provider of Argo's that is not here", spec: { metrics: [metric({ provider: { datadog: {} } })] }, message: "Analysis spec invalid: metrics[0]: provider 'datadog' is not supported (supported are job, prometheus, web)" },
    { name: "an argument without a value", spec: { args: [{ name: "x" }] }, message: 'Unable to resolve metric arguments: argument "x" was not supplied' },
    { name: "a tag that is no argument", spec: { metrics: [metric({ successCondition: "{{ args.y }}" })] }, message: "Unable to resolve metric arguments: failed to resolve {{ args.y }}" },
    { name: "a dry run that matches nothing", spec: { dryRun: [{ metricName: "*" }] }, message: "Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)" },
    { name: "a retention that matches nothing", spec: { measurementRetention: [{ metricName: "x", limit: 3 }] }, message: "Analysis spec invalid: measurementRetention[0]: Rule didn't match any metric name(s)" },
  ])("refuses $name", ({ spec, message }) => {
    const { status, events } = decide(runOf(spec), { now: START, exact: () => undefined, taken: [] });
    expect(status).toEqual({ phase: "Error", message });
    expect(events).toEqual([{ type: "Warning", reason: "AnalysisRunError", message: "Analysis Completed. Result: Error" }]);
  });

  it("reads limits and conditions that arguments fill in", () => {
    const { status } = play({ metrics: [metric({ count: "{{args.times}}", interval: "{{args.every}}" })], args: [{ name: "times", value: "2" }, { name: "every", value: "5s" }] }, repeat("Successful", 2));
    expect(status.phase).toBe("Successful");
  });

  it("keeps ten measurements, or as many as is said", () => {
    const many = play({ metrics: [metric({ interval: "5s" })] }, repeat("Successful", 12));
    expect(many.status.metricResults![0]).toMatchObject({ count: 12, successful: 12 });
    expect(many.status.metricResults![0]!.measurements).toHaveLength(10);
    const few = play({ metrics: [metric({ interval: "5s" })], measurementRetention: [{ metricName: "m", limit: 3 }] }, repeat("Successful", 12));
    expect(few.status.metricResults![0]!.measurements).toHaveLength(3);
  });
});

describe("schedule", () => {
  const dueAt = (spec: Partial<Metric>, measurements: Measurement[], now: number, exact?: { origin: number; finished: number }) => {
    const counts = { count: measurements.filter((entry) => entry.phase !== "Error").length, error: measurements.filter((entry) => entry.phase === "Error").length, consecutiveError: 0 };
    const status: AnalysisRunStatus = { phase: "Running", startedAt: at(0), metricResults: measurements.length === 0 ? [] : [{ name: "m", phase: "Running", ...counts, measurements }] };
    const { due } = decide(runOf({ metrics: [metric(spec)] }, status), { now: START + now * 1000, exact: () => exact && { origin: START + exact.origin * 1000, finished: START + exact.finished * 1000 }, taken: [] });
    return due.map((entry) => (entry.at - START) / 1000)[0];
  };

  it.each<{ name: string; metric: Partial<Metric>; measurements: Measurement[]; now: number; exact?: { origin: number; finished: number }; due: number | undefined }>([
    { name: "at once", metric: {}, measurements: [], now: 3, due: 3 },
    { name: "after the initial delay", metric: { initialDelay: "30s" }, measurements: [], now: 3, due: 30 },
    { name: "never again when one was asked for", metric: {}, measurements: [finished("Successful", 0)], now: 3, due: undefined },
    { name: "ten seconds after an error, whatever the interval", metric: { interval: "1h" }, measurements: [finished("Error", 0, 1)], now: 3, due: 11 },
    { name: "on the grid, though the answer was slow", metric: { interval: "5s" }, measurements: [finished("Successful", 0, 3)], now: 3, exact: { origin: 0.3, finished: 3.4 }, due: 5.3 },
    { name: "on the grid's next moment when one was missed", metric: { interval: "5s" }, measurements: [finished("Successful", 0, 7)], now: 7, exact: { origin: 0.3, finished: 7 }, due: 10.3 },
    { name: "an interval after the grid's first moment, though the first was over before it", metric: { interval: "5s" }, measurements: [finished("Successful", 0)], now: 0.05, exact: { origin: 0.2, finished: 0.05 }, due: 5.2 },
    { name: "on a grid finer than a second", metric: { interval: "200ms" }, measurements: [finished("Successful", 0)], now: 1, exact: { origin: 0.1, finished: 0.35 }, due: 0.5 },
    { name: "by the status alone after a restart", metric: { interval: "5s" }, measurements: [finished("Successful", 10)], now: 12, due: 15 },
    { name: "at once when the controller was away", metric: { interval: "5s" }, measurements: [finished("Successful", 0)], now: 60, due: 5 },
  ])("measures $name", ({ metric: given, measurements, now, exact, due }) => {
    expect(dueAt(given, measurements, now, exact)).toBe(due);
  });
});
