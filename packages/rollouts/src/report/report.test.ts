import type { Rollout } from "@trireme/api/argo";
import type { AnalysisRun } from "../analysis/index.ts";
import type { ReplicaSet } from "../rollout/objects.ts";
import { reportRelease } from "./report.ts";

const BLUE_GREEN = { blueGreen: { activeService: "web-active", previewService: "web-preview" } };
const CANARY = { canary: { steps: [{ setWeight: 20 }, { pause: { duration: "10m" } }, { analysis: { templates: [] } }, { pause: {} }] } };
const rollout = (strategy: object, status: object, more: { spec?: object; annotations?: Record<string, string> } = {}): Rollout =>
  ({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web", namespace: "team", uid: "u", generation: 2, annotations: more.annotations }, spec: { replicas: 2, strategy, ...more.spec }, status: { observedGeneration: "2", phase: "Progressing", currentPodHash: "b", stableRS: "a", ...status } }) as unknown as Rollout;
const set = (hash: string, revision: number, more: { desired?: number; available?: number; annotations?: object } = {}): ReplicaSet => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: `web-${hash}`, labels: { "rollouts-pod-template-hash": hash }, annotations: { "rollout.argoproj.io/revision": String(revision), ...more.annotations } },
  spec: { replicas: more.desired ?? 2, selector: {}, template: { spec: { containers: [{ image: `web:${revision}` }] } } },
  status: { readyReplicas: more.available ?? 2, availableReplicas: more.available ?? 2 },
});
const SETS = [set("a", 1), set("b", 2)];
const waiting = (of: Rollout, sets = SETS) => reportRelease(of, { sets, runs: [] }).waitingFor;

describe("what a release waits for", () => {
  const START = "2026-01-02T03:04:05Z";
  const paused = (reason: string) => ({ phase: "Paused", controllerPause: true, pauseConditions: [{ reason, startTime: START }] });
  const condition = (type: string, reason: string) => ({ phase: "Degraded", conditions: [{ type, reason, message: "why", lastUpdateTime: START }] });
  test.each<{ name: string; of: Rollout; sets?: ReplicaSet[]; want: object | undefined }>([
    { name: "nothing when healthy", of: rollout(BLUE_GREEN, { phase: "Healthy" }), want: undefined },
    { name: "the controller", of: rollout(BLUE_GREEN, { phase: "Healthy", observedGeneration: "1" }), want: { reason: "SpecNotObserved" } },
    { name: "a right spec", of: rollout(BLUE_GREEN, condition("InvalidSpec", "InvalidSpec")), want: { reason: "InvalidSpec", message: "why", since: START } },
    { name: "another revision, after an abort", of: rollout(BLUE_GREEN, { ...condition("Progressing", "RolloutAborted"), abort: true, abortedAt: "2026-01-02T03:00:00Z" }), want: { reason: "RolloutAborted", message: "why", since: "2026-01-02T03:00:00Z" } },
    { name: "pods that never came", of: rollout(BLUE_GREEN, condition("Progressing", "ProgressDeadlineExceeded")), want: { reason: "ProgressDeadlineExceeded" } },
    { name: "the person who paused it", of: rollout(CANARY, { phase: "Paused" }, { spec: { paused: true } }), want: { reason: "PausedByPerson" } },
    { name: "the end of a pause step", of: rollout(CANARY, { ...paused("CanaryPauseStep"), currentStepIndex: 1 }), want: { reason: "PauseStep", message: "step 2, pause: 10m: it goes on by itself", since: START, until: "2026-01-02T03:14:05Z" } },
    { name: "somebody at a pause step without end", of: rollout(CANARY, { ...paused("CanaryPauseStep"), currentStepIndex: 3 }), want: { reason: "PauseStep", message: "step 4, pause: it goes on when somebody promotes it", since: START } },
    { name: "the promotion's own time", of: rollout({ blueGreen: { ...BLUE_GREEN.blueGreen, autoPromotionSeconds: 30 } }, paused("BlueGreenPause")), want: { reason: "PauseBeforePromotion", message: "the new set is ready: it becomes active by itself", since: START, until: "2026-01-02T03:04:35Z" } },
    { name: "somebody before the promotion", of: rollout({ blueGreen: { ...BLUE_GREEN.blueGreen, autoPromotionEnabled: false, autoPromotionSeconds: 30 } }, paused("BlueGreenPause")), want: { reason: "PauseBeforePromotion", message: "the new set is ready: it becomes active when somebody promotes it", since: START } },
    { name: "a decision that the analysis did not make", of: rollout(BLUE_GREEN, { ...paused("InconclusiveAnalysisRun"), blueGreen: { prePromotionAnalysisRunStatus: { name: "run", status: "Inconclusive" } } }), want: { reason: "AnalysisInconclusive", blocker: { kind: "AnalysisRun", name: "run" } } },
    { name: "the controller to see that it was resumed", of: rollout(CANARY, { phase: "Paused", controllerPause: true }), want: { reason: "Resuming" } },
    { name: "pods to restart", of: rollout(CANARY, {}, { spec: { restartAt: START } }), want: { reason: "PodsRestarting", since: START } },
    { name: "the analysis before the promotion", of: rollout(BLUE_GREEN, { blueGreen: { activeSelector: "a", prePromotionAnalysisRunStatus: { name: "run", status: "Running" } } }), want: { reason: "AnalysisRunning", message: "AnalysisRun run is measuring", blocker: { kind: "AnalysisRun", name: "run" } } },
    { name: "the analysis of a step", of: rollout(CANARY, { currentStepIndex: 2, canary: { currentStepAnalysisRunStatus: { name: "run", status: "Pending" } } }), want: { reason: "AnalysisRunning" } },
    { name: "not for an analysis in the background", of: rollout(CANARY, { currentStepIndex: 0, canary: { currentBackgroundAnalysisRunStatus: { name: "run", status: "Running" } } }), want: { reason: "StepsLeft" } },
    { name: "pods of the new set", of: rollout(BLUE_GREEN, {}), sets: [set("a", 1), set("b", 2, { available: 1 })], want: { reason: "PodsNotAvailable", message: "1 of 2 pods of web-b are available", blocker: { kind: "ReplicaSet", name: "web-b" } } },
    { name: "the switch", of: rollout(BLUE_GREEN, { message: "active service cutover pending", blueGreen: { activeSelector: "a" } }), want: { reason: "ServiceNotSwitched", message: "active service cutover pending", blocker: { kind: "Service", name: "web-active" } } },
    { name: "old pods", of: rollout({ canary: {} }, { replicas: 3, updatedReplicas: 2, message: "old replicas are pending termination" }), want: { reason: "OldPodsTerminating" } },
  ])("$name", ({ of, sets, want }) => {
    if (want === undefined) expect(waiting(of, sets)).toBeUndefined();
    else expect(waiting(of, sets)).toMatchObject(want);
  });
});

describe(reportRelease, () => {
  it("says which step of how many, and which set is what", () => {
    const of = rollout(CANARY, { currentStepIndex: 1, phase: "Paused", message: "CanaryPauseStep" });
    expect(reportRelease(of, { sets: [set("a", 1), set("b", 2, { desired: 1, available: 1 }), set("c", 3, { desired: 0, available: 0, annotations: { "scale-down-deadline": "2026-01-02T03:04:05Z" } })], runs: [] })).toMatchObject({
      namespace: "team", name: "web", strategy: "Canary", phase: "Paused", message: "CanaryPauseStep", aborted: false,
      step: { number: 2, count: 4, description: "pause: 10m" },
      stableRevision: "1", currentRevision: "2",
      sets: [
        { name: "web-c", roles: [], scaleDownAt: "2026-01-02T03:04:05Z" },
        { name: "web-b", revision: "2", roles: ["canary"], desired: 1, ready: 1, available: 1, images: ["web:2"] },
        { name: "web-a", revision: "1", roles: ["stable"] },
      ],
    });
    expect(reportRelease(rollout(CANARY, { currentStepIndex: 4 }), { sets: SETS, runs: [] }).step).toEqual({ number: 5, count: 4, description: "" });
    expect(reportRelease(rollout(BLUE_GREEN, { stableRS: "b", blueGreen: { activeSelector: "b", previewSelector: "b" } }), { sets: SETS, runs: [] })).toMatchObject({ strategy: "BlueGreen", sets: [{ roles: ["stable", "active", "preview"] }, { roles: [] }] });
    expect(reportRelease(rollout({ canary: {} }, {}, { annotations: { "trireme.dev/strategy": "in-place" } }), { sets: SETS, runs: [] }).strategy).toBe("in-place");
  });

  it("says which measurement of which analysis of this revision failed, with which value", () => {
    const run = (name: string, hash: string, created: string, status: object) => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name, creationTimestamp: created, labels: { "rollouts-pod-template-hash": hash, "rollout-type": "PrePromotion" } }, spec: { metrics: [] }, status }) as unknown as AnalysisRun;
    const failed = {
      phase: "Failed",
      message: 'Metric "rate" assessed Failed due to failed (2) > failureLimit (1)',
      metricResults: [
        { name: "rate", phase: "Failed", measurements: [{ phase: "Successful", value: "[0.99]", startedAt: "2026-01-02T03:04:01Z" }, { phase: "Failed", value: "[0.5]", startedAt: "2026-01-02T03:04:02Z", finishedAt: "2026-01-02T03:04:03Z" }, { phase: "Failed", value: "[0.4]", startedAt: "2026-01-02T03:04:07Z" }] },
        { name: "probe", phase: "Error", dryRun: true, measurements: [{ phase: "Error", message: "received non 2xx response code: 500", startedAt: "2026-01-02T03:04:04Z", metadata: { "job-name": "uid.probe.1" } }] },
      ],
    };
    const { analyses, stoppedBy } = reportRelease(rollout(BLUE_GREEN, {}), { sets: SETS, runs: [run("old", "a", "2026-01-01T00:00:00Z", failed), run("first", "b", "2026-01-02T00:00:00Z", { phase: "Running" }), run("second", "b", "2026-01-03T00:00:00Z", failed)] });
    expect(analyses).toMatchObject([
      {
        name: "second",
        type: "PrePromotion",
        phase: "Failed",
        message: 'Metric "rate" assessed Failed due to failed (2) > failureLimit (1)',
        failures: [
          { metric: "rate", phase: "Failed", value: "[0.4]", number: 0.4, message: "", startedAt: "2026-01-02T03:04:07Z", dryRun: false },
          { metric: "probe", phase: "Error", value: "", message: "received non 2xx response code: 500", startedAt: "2026-01-02T03:04:04Z", job: "uid.probe.1", dryRun: true },
          { metric: "rate", phase: "Failed", value: "[0.5]", number: 0.5, message: "", startedAt: "2026-01-02T03:04:02Z", finishedAt: "2026-01-02T03:04:03Z", dryRun: false },
        ],
      },
      { name: "first", type: "PrePromotion", phase: "Running", message: "", failures: [] },
    ]);
    expect(stoppedBy).toMatchObject({ name: "old", phase: "Failed", failures: [{ number: 0.4 }, {}, {}] });
    expect(reportRelease(rollout(BLUE_GREEN, {}), { sets: SETS, runs: [run("old", "a", "2026-01-01T00:00:00Z", failed), run("newer", "c", "2026-01-02T00:00:00Z", { phase: "Successful" })] })).not.toHaveProperty("stoppedBy");
  });

  it("says of each metric what was measured, against which lines, and what counts for nothing", () => {
    const spec = {
      args: [{ name: "least", value: "0.95" }, { name: "token", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }],
      metrics: [
        { name: "rate", interval: "5s", count: 3, failureLimit: 1, successCondition: "result[0] >= {{args.least}}", provider: { prometheus: { query: "{{args.token}}" } } },
        { name: "probe", failureCondition: "result.ok != true", provider: { web: { url: "http://x", jsonPath: "{$}" } } },
      ],
      dryRun: [{ metricName: "probe" }],
    };
    const of = (status: object | undefined, more: object = {}) => ({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisRun", metadata: { name: "run", labels: { "rollouts-pod-template-hash": "b" } }, spec: { ...spec, ...more }, status }) as unknown as AnalysisRun;
    const reported = (run: AnalysisRun) => reportRelease(rollout(BLUE_GREEN, {}), { sets: SETS, runs: [run] }).analyses[0]!;
    const measured = [{ phase: "Successful", value: "[0.99]", startedAt: "2026-01-02T03:04:01Z" }, { phase: "Failed", value: "[0.4]", startedAt: "2026-01-02T03:04:06Z" }];
    const { startedAt, metrics } = reported(of({ phase: "Running", startedAt: "2026-01-02T03:04:00Z", metricResults: [{ name: "rate", phase: "Running", successful: 8, failed: 1, count: 9, measurements: measured }] }));
    expect(startedAt).toBe("2026-01-02T03:04:00Z");
    expect(metrics).toEqual([
      { name: "rate", phase: "Running", message: "", dryRun: false, successCondition: "result[0] >= 0.95", successThresholds: [{ operator: ">=", value: 0.95 }], failureThresholds: [], interval: "5s", count: 3, failureLimit: 1, taken: 9, failed: 1, measurements: [{ metric: "rate", phase: "Successful", value: "[0.99]", number: 0.99, message: "", startedAt: "2026-01-02T03:04:01Z", dryRun: false }, { metric: "rate", phase: "Failed", value: "[0.4]", number: 0.4, message: "", startedAt: "2026-01-02T03:04:06Z", dryRun: false }] },
      { name: "probe", phase: "", message: "", dryRun: true, failureCondition: "result.ok != true", successThresholds: [], failureThresholds: [], count: 1, failureLimit: 0, taken: 0, failed: 0, measurements: [] },
    ]);
    expect(reported(of({ phase: "Error", metricResults: [{ name: "gone", phase: "Failed", measurements: measured }] }, { args: [] })).metrics.map(({ name, measurements }) => [name, measurements.length])).toEqual([["rate", 0], ["probe", 0], ["gone", 2]]);
  });

  it("says of all steps what they are, and which share the new set should have and has", () => {
    const of = (status: object, sets = SETS) => reportRelease(rollout(CANARY, status), { sets, runs: [] });
    expect(of({ currentStepIndex: 1 }).steps).toEqual([{ description: "setWeight: 20" }, { description: "pause: 10m" }, { description: "analysis" }, { description: "pause" }]);
    expect(of({ currentStepIndex: 1 }, [set("a", 1, { available: 4 }), set("b", 2, { available: 1 })]).weight).toEqual({ desired: 20, actual: 20 });
    expect(of({ currentStepIndex: 4 }).weight).toEqual({ desired: 100, actual: 50 });
    expect(of({ currentStepIndex: 1, abort: true }).weight).toEqual({ desired: 0, actual: 50 });
    expect(of({ currentStepIndex: 1, canary: { weights: { canary: { weight: 15 } } } }).weight).toEqual({ desired: 20, actual: 15 });
    expect(of({ stableRS: "b" }, [set("b", 2)]).weight).toEqual({ desired: 100, actual: 100 });
    expect(reportRelease(rollout(BLUE_GREEN, {}), { sets: SETS, runs: [] }).weight).toBeUndefined();
  });

  it("says which set each Service selects: as it stands, else as the controller wrote", () => {
    const service = (name: string, hash: string | undefined) => ({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: "team" }, spec: { selector: { app: "web", ...(hash !== undefined && { "rollouts-pod-template-hash": hash }) } } });
    const of = (services: ReturnType<typeof service>[]) => reportRelease(rollout(BLUE_GREEN, { blueGreen: { activeSelector: "a", previewSelector: "b" } }), { sets: SETS, runs: [], services }).services;
    expect(of([])).toEqual([{ name: "web-active", role: "active", set: "web-a" }, { name: "web-preview", role: "preview", set: "web-b" }]);
    expect(of([service("web-active", "b"), service("web-preview", undefined)])).toEqual([{ name: "web-active", role: "active", set: "web-b" }, { name: "web-preview", role: "preview" }]);
  });

  it("says of each pod whether it is ready or going", () => {
    const pod = (name: string, ready: boolean, more: object = {}) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, creationTimestamp: `2026-01-01T00:00:0${name}Z`, ...more }, status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] } });
    const podsOf = (of: ReplicaSet) => (of.metadata.name === "web-b" ? [pod("2", false), pod("1", true, { deletionTimestamp: "2026-01-01T00:01:00Z" })] : []);
    expect(reportRelease(rollout(CANARY, {}), { sets: SETS, runs: [], podsOf, reasonOf: ({ metadata }) => `reason of ${metadata.name}` }).sets.map(({ pods }) => pods)).toEqual([[{ name: "1", ready: true, terminating: true, reason: "reason of 1" }, { name: "2", ready: false, terminating: false, reason: "reason of 2" }], []]);
  });
});
