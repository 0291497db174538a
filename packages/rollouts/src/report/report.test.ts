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
const waiting = (of: Rollout, sets = SETS) => reportRelease(of, sets, []).waitingFor;

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
    expect(reportRelease(of, [set("a", 1), set("b", 2, { desired: 1, available: 1 }), set("c", 3, { desired: 0, available: 0, annotations: { "scale-down-deadline": "2026-01-02T03:04:05Z" } })], [])).toMatchObject({
      namespace: "team", name: "web", strategy: "Canary", phase: "Paused", message: "CanaryPauseStep", aborted: false,
      step: { number: 2, count: 4, description: "pause: 10m" },
      stableRevision: "1", currentRevision: "2",
      sets: [
        { name: "web-c", roles: [], scaleDownAt: "2026-01-02T03:04:05Z" },
        { name: "web-b", revision: "2", roles: ["canary"], desired: 1, ready: 1, available: 1, images: ["web:2"] },
        { name: "web-a", revision: "1", roles: ["stable"] },
      ],
    });
    expect(reportRelease(rollout(CANARY, { currentStepIndex: 4 }), SETS, []).step).toEqual({ number: 5, count: 4, description: "" });
    expect(reportRelease(rollout(BLUE_GREEN, { stableRS: "b", blueGreen: { activeSelector: "b", previewSelector: "b" } }), SETS, [])).toMatchObject({ strategy: "BlueGreen", sets: [{ roles: ["stable", "active", "preview"] }, { roles: [] }] });
    expect(reportRelease(rollout({ canary: {} }, {}, { annotations: { "trireme.dev/strategy": "in-place" } }), SETS, []).strategy).toBe("in-place");
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
    const { analyses } = reportRelease(rollout(BLUE_GREEN, {}), SETS, [run("old", "a", "2026-01-01T00:00:00Z", failed), run("first", "b", "2026-01-02T00:00:00Z", { phase: "Running" }), run("second", "b", "2026-01-03T00:00:00Z", failed)]);
    expect(analyses).toEqual([
      {
        name: "second",
        type: "PrePromotion",
        phase: "Failed",
        message: 'Metric "rate" assessed Failed due to failed (2) > failureLimit (1)',
        failures: [
          { metric: "rate", phase: "Failed", value: "[0.4]", message: "", startedAt: "2026-01-02T03:04:07Z", dryRun: false },
          { metric: "probe", phase: "Error", value: "", message: "received non 2xx response code: 500", startedAt: "2026-01-02T03:04:04Z", job: "uid.probe.1", dryRun: true },
          { metric: "rate", phase: "Failed", value: "[0.5]", message: "", startedAt: "2026-01-02T03:04:02Z", finishedAt: "2026-01-02T03:04:03Z", dryRun: false },
        ],
      },
      { name: "first", type: "PrePromotion", phase: "Running", message: "", failures: [] },
    ]);
  });
});
