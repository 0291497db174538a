import { argumentsWith, buildAnalysisRun, decideAnalysis as decide, nextIndex, redactSecrets, verdict, type AnalysisPhase, type AnalysisRun, type AnalysisRunSpec, type AnalysisTemplate, type Measurement, type Metric } from "../src/index.ts";

/** What a replacement of Argo Rollouts must get right of analysis, numbered as in its list of fifty. */
const START = Date.parse("2026-11-23T06:24:25Z");
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString().replace(".000", "");
const metric = (given: Partial<Metric> = {}): Metric => ({ name: "m", provider: { web: { url: "http://metrics.test/" } }, ...given });
const took = (phase: AnalysisPhase, seconds = 0): Measurement => ({ phase, startedAt: at(seconds), finishedAt: at(seconds) });
const runOf = (spec: Partial<AnalysisRunSpec>): AnalysisRun => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name: "r", namespace: "default", uid: "u" }, spec: { metrics: [metric()], ...spec } });

/** A run that is measured one phase after another, every five seconds. */
function measured(spec: Partial<AnalysisRunSpec>, phases: readonly (AnalysisPhase | [name: string, phase: AnalysisPhase])[]): AnalysisRun {
  const run = runOf(spec);
  for (const [turn, entry] of phases.entries()) {
    const [name, phase] = Array.isArray(entry) ? entry : ["m", entry];
    const index = nextIndex(run.status?.metricResults?.find((result) => result.name === name));
    run.status = decide(run, { now: START + turn * 5000, exact: () => undefined, taken: [{ metric: name, index, measurement: took(phase, turn * 5) }] }).status;
  }
  return run;
}

/** Seconds from the start at which the next measurement is due; undefined: none is. */
const nextDue = (run: AnalysisRun, now: number): number | undefined => decide(run, { now: START + now * 1000, exact: () => undefined, taken: [] }).due.map((due) => (due.at - START) / 1000)[0];

describe("behaviours of analysis", () => {
  /** All three limits of one metric are passed by counts that are set beside the last measurement. */
  it.each<{ name: string; counts: { failed?: number; inconclusive?: number; consecutiveError?: number }; last: AnalysisPhase; phase: string; says: string }>([
    { name: "Failed alone", counts: {}, last: "Failed", phase: "Failed", says: "failed (1) > failureLimit (0)" },
    { name: "Inconclusive over Failed", counts: { failed: 1 }, last: "Inconclusive", phase: "Inconclusive", says: "inconclusive (1) > inconclusiveLimit (0)" },
    { name: "Inconclusive over Failed, whichever came last", counts: { inconclusive: 1 }, last: "Failed", phase: "Inconclusive", says: "inconclusive (1) > inconclusiveLimit (0)" },
    { name: "Error over Failed", counts: { failed: 1, consecutiveError: 4 }, last: "Error", phase: "Error", says: "consecutiveErrors (5) > consecutiveErrorLimit (4)" },
    { name: "Error over Inconclusive", counts: { inconclusive: 1, consecutiveError: 4 }, last: "Error", phase: "Error", says: "consecutiveErrors (5) > consecutiveErrorLimit (4)" },
    { name: "Error over both", counts: { failed: 1, inconclusive: 1, consecutiveError: 4 }, last: "Error", phase: "Error", says: "consecutiveErrors (5) > consecutiveErrorLimit (4)" },
  ])("36. within a metric: $name", ({ counts, last, phase, says }) => {
    const { failed = 0, inconclusive = 0, consecutiveError = 0 } = counts;
    const count = failed + inconclusive;
    const run = runOf({ metrics: [metric({ count: 9, interval: "5s" })] });
    run.status = { phase: "Running", startedAt: at(0), metricResults: [{ name: "m", phase: "Running", count, failed, inconclusive, consecutiveError, error: consecutiveError, measurements: [took("Successful")] }] };
    const { status } = decide(run, { now: START + 5000, exact: () => undefined, taken: [{ metric: "m", index: count + consecutiveError, measurement: took(last, 5) }] });
    expect([status.phase, status.message]).toEqual([phase, `Metric "m" assessed ${phase} due to ${says}`]);
  });

  /** Worst first, as the rest follows. */
  const WORST: AnalysisPhase[] = ["Failed", "Error", "Inconclusive", "Successful"];
  it.each(WORST.flatMap((worse, index) => WORST.slice(index).map((better) => ({ worse, better }))))("36. across metrics: $worse and $better are $worse", ({ worse, better }) => {
    const run = runOf({ metrics: [metric({ name: "a" }), metric({ name: "b" })] });
    const result = (name: string, phase: AnalysisPhase) => ({ name, phase, count: 1, measurements: [took(phase)] });
    run.status = { phase: "Running", startedAt: at(0), metricResults: [result("a", better), result("b", worse)] };
    expect(decide(run, { now: START + 1000, exact: () => undefined, taken: [] }).status.phase).toBe(worse);
  });

  it.each<{ phases: AnalysisPhase[]; limit?: number; phase: string; count: number; due: number | undefined }>([
    { phases: ["Error"], phase: "Running", count: 0, due: 10 },
    { phases: ["Successful", "Error"], phase: "Running", count: 1, due: 15 },
    { phases: ["Error", "Error", "Error", "Error"], phase: "Running", count: 0, due: 25 },
    { phases: ["Error", "Error", "Error", "Error", "Error"], phase: "Error", count: 0, due: undefined },
    { phases: ["Error", "Error", "Error", "Error", "Successful", "Error"], phase: "Running", count: 1, due: 35 },
    { phases: ["Error"], limit: 0, phase: "Error", count: 0, due: undefined },
  ])("37. errors do not count: after $phases the run is $phase with $count, and measured again at $due s", ({ phases, limit, phase, count, due }) => {
    const run = measured({ metrics: [metric({ count: 3, interval: "1h", ...(limit !== undefined && { consecutiveErrorLimit: limit }) })] }, phases);
    const [result] = run.status!.metricResults!;
    expect([run.status!.phase, result!.count ?? 0, nextDue(run, phases.length * 5)]).toEqual([phase, count, due]);
  });

  it.each<{ name: string; of: Partial<Metric>; measurements: number; ends: boolean }>([
    { name: "neither count nor interval is one", of: {}, measurements: 1, ends: true },
    { name: "a count of 0 without an interval is one", of: { count: 0 }, measurements: 1, ends: true },
    { name: "an interval without a count never ends", of: { interval: "5s" }, measurements: 9, ends: false },
    { name: "an interval with a count of 0 never ends", of: { interval: "5s", count: 0 }, measurements: 9, ends: false },
    { name: "a count is as many", of: { interval: "5s", count: 3 }, measurements: 3, ends: true },
    { name: "a count is not fewer", of: { interval: "5s", count: 3 }, measurements: 2, ends: false },
    { name: "a count may be text", of: { interval: "5s", count: "3" }, measurements: 3, ends: true },
  ])("38. $name", ({ of, measurements, ends }) => {
    expect(measured({ metrics: [metric(of)] }, Array.from({ length: measurements }, () => "Successful" as const)).status!.phase).toBe(ends ? "Successful" : "Running");
  });

  it.each<{ rule: string; trial: boolean | "refused" }>([
    { rule: "trial", trial: true }, { rule: "ria", trial: true }, { rule: "^tr.al$", trial: true }, { rule: ".*", trial: true }, { rule: "^ria", trial: "refused" }, { rule: "*", trial: "refused" }, { rule: "real", trial: false },
  ])("39. the dry run '$rule' is an expression that matches anywhere: trial $trial", ({ rule, trial }) => {
    const run = measured({ metrics: [metric({ name: "trial" }), metric({ name: "real" })], dryRun: [{ metricName: rule }] }, [["trial", "Failed"], ["real", "Successful"]]);
    const isTrial = run.status!.metricResults?.find((result) => result.name === "trial")?.dryRun === true;
    expect(run.status!.message?.includes("Rule didn't match any metric name(s)") === true ? "refused" : isTrial).toBe(trial);
    if (trial !== "refused") expect(run.status!.phase).toBe(trial ? "Successful" : "Failed");
  });

  it.each<{ name: string; rules?: { metricName: string; limit: number }[]; kept: number }>([
    { name: "ten", kept: 10 },
    { name: "as many as a rule says", rules: [{ metricName: "m", limit: 3 }], kept: 3 },
    { name: "as many as the last rule says that matches", rules: [{ metricName: ".*", limit: 3 }, { metricName: "^m$", limit: 5 }], kept: 5 },
    { name: "ten where the rule's limit is none", rules: [{ metricName: "m", limit: 0 }], kept: 10 },
  ])("39. keeps $name, and counts all", ({ rules, kept }) => {
    const { status } = measured({ metrics: [metric({ interval: "5s" })], ...(rules !== undefined && { measurementRetention: rules }) }, Array.from({ length: 12 }, () => "Successful" as const));
    expect([status!.metricResults![0]!.measurements!.length, status!.metricResults![0]!.count]).toEqual([kept, 12]);
  });

  const template = (name: string, args: NonNullable<AnalysisTemplate["spec"]["args"]>, metrics: Metric[] = []): AnalysisTemplate => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name, namespace: "default" }, spec: { metrics, args } });
  const secret = { valueFrom: { secretKeyRef: { name: "s", key: "k" } } };
  it.each<{ name: string; templates: AnalysisTemplate["spec"]["args"][]; given: { name: string; value: string }[]; args?: object[]; problem?: string }>([
    { name: "the caller's value wins over the template's", templates: [[{ name: "a", value: "1" }]], given: [{ name: "a", value: "2" }], args: [{ name: "a", value: "2" }] },
    { name: "what no template declares is dropped", templates: [[{ name: "a", value: "1" }]], given: [{ name: "b", value: "2" }], args: [{ name: "a", value: "1" }] },
    { name: "a default of any template is taken", templates: [[{ name: "a" }], [{ name: "a", value: "1" }]], given: [], args: [{ name: "a", value: "1" }] },
    { name: "without a value there is no run", templates: [[{ name: "a" }]], given: [], problem: "args.a was not resolved" },
    { name: "two defaults that differ make no run, whatever the caller says", templates: [[{ name: "a", value: "1" }], [{ name: "a", value: "2" }]], given: [{ name: "a", value: "3" }], problem: "Argument `a` specified multiple times with different values: '1', '2'" },
    { name: "a secret stays a reference", templates: [[{ name: "a", ...secret }]], given: [], args: [{ name: "a", ...secret }] },
  ])("40. $name", ({ templates, given, args, problem }) => {
    const built = buildAnalysisRun({ name: "run", namespace: "default", templates: templates.map((each, index) => template(`t${index}`, each ?? [], index === 0 ? [metric()] : [])), args: given });
    expect("problem" in built ? built.problem : built.run.spec.args).toEqual(problem ?? args);
  });

  it("40. reads a secret for each measurement, over a value beside it, and tells it nobody", () => {
    const args = [{ name: "token", value: "plain", ...secret }];
    const values = [new Map([["token", "hush"]]), new Map([["token", "hush-hush"]])];
    expect(values.map((each) => argumentsWith(args, each))).toEqual([[{ name: "token", value: "hush" }], [{ name: "token", value: "hush-hush" }]]);
    expect(redactSecrets("401 for hush", ["hush"])).toBe("401 for *****");
  });

  it.each<{ name: string; taken: Measurement[]; phase: string; message: string }>([
    { name: "unmeasured", taken: [], phase: "Successful", message: "Run Terminated" },
    { name: "measured well", taken: [took("Successful")], phase: "Successful", message: "Run Terminated" },
    { name: "already bad", taken: [took("Failed")], phase: "Failed", message: 'Metric "m" assessed Failed due to failed (1) > failureLimit (0)' },
  ])("41. a run that a person ends, $name, is $phase", ({ taken, phase, message }) => {
    const run = measured({ metrics: [metric({ interval: "5s" })] }, taken.map((each) => each.phase as AnalysisPhase));
    run.spec.terminate = true;
    expect(decide(run, { now: START + 1000, exact: () => undefined, taken: [] }).status).toMatchObject({ phase, message });
  });

  it.each<{ success?: string; failure?: string; value: Parameters<typeof verdict>[0]; phase: string }>([
    { value: { number: 0 }, phase: "Successful" },
    { success: "result > 1", value: { number: 2 }, phase: "Successful" }, { success: "result > 1", value: { number: 1 }, phase: "Failed" },
    { failure: "result > 1", value: { number: 2 }, phase: "Failed" }, { failure: "result > 1", value: { number: 1 }, phase: "Successful" },
    { success: "result > 0", failure: "result > 1", value: { number: 2 }, phase: "Failed" }, { success: "result > 0", failure: "result > 1", value: { number: 1 }, phase: "Successful" }, { success: "result > 0", failure: "result > 1", value: { number: 0 }, phase: "Inconclusive" },
    { success: "result[0] > 1", value: { numbers: [] }, phase: "Error" }, { success: "result", value: { number: 1 }, phase: "Error" }, { success: "result >", value: { number: 1 }, phase: "Error" },
  ])("what conditions make of a value: $value is $phase by success $success and failure $failure", ({ success, failure, value, phase }) => {
    expect(verdict(value, { ...(success !== undefined && { successCondition: success }), ...(failure !== undefined && { failureCondition: failure }) }).phase).toBe(phase);
  });
});
