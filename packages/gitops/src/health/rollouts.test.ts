import type { KubeObject } from "@trireme/api";
import { healthOf } from "./index.ts";

const object = (kind: string, more: Record<string, unknown>): KubeObject => ({ apiVersion: "argoproj.io/v1alpha1", kind, metadata: { name: "web", namespace: "team", generation: 2 }, ...more }) as KubeObject;
const rollout = (strategy: object, status: object | undefined, spec: object = {}, metadata: object = {}): KubeObject => {
  const base = object("Rollout", { spec: { replicas: 2, strategy, ...spec }, ...(status && { status }) });
  return { ...base, metadata: { ...base.metadata, ...metadata } };
};
/** As a controller before 1.0 left it: no phase, a hash for the generation. */
const old = (strategy: object, status: object, spec: object = {}) => rollout(strategy, { observedGeneration: "5c8f7d5c9", currentPodHash: "b", updatedReplicas: 2, availableReplicas: 2, replicas: 2, conditions: [], ...status }, spec);
const seen = (status: object) => ({ observedGeneration: "2", ...status });
const progressing = (reason: string, message: string) => ({ conditions: [{ type: "Available", reason: "AvailableReason" }, { type: "Progressing", reason, message }] });

describe("health of a Rollout", () => {
  test.each<{ name: string; of: KubeObject; want: string; message?: string }>([
    { name: "nobody has seen it yet", of: rollout({ canary: {} }, undefined), want: "Progressing", message: "Waiting for rollout spec update to be observed" },
    { name: "a newer spec than the controller has seen", of: rollout({ canary: {} }, { observedGeneration: "1", phase: "Healthy" }), want: "Progressing", message: "Waiting for rollout spec update to be observed" },
    { name: "a newer workload than the controller has seen", of: rollout({ canary: {} }, seen({ phase: "Healthy", workloadObservedGeneration: "3" }), { workloadRef: { kind: "Deployment", name: "web" } }, { annotations: { "rollout.argoproj.io/workload-generation": "4" } }), want: "Progressing", message: "Waiting for rollout spec update to be observed" },
    { name: "the workload that it refers to has been seen", of: rollout({ canary: {} }, seen({ phase: "Healthy", workloadObservedGeneration: "4" }), { workloadRef: { kind: "Deployment", name: "web" } }, { annotations: { "rollout.argoproj.io/workload-generation": "4" } }), want: "Healthy" },
    { name: "a workload of a controller that did not count yet", of: rollout({ canary: {} }, seen({ phase: "Healthy" }), { workloadRef: { kind: "Deployment", name: "web" } }, { annotations: { other: "x" } }), want: "Healthy" },
    { name: "healthy", of: rollout({ canary: {} }, seen({ phase: "Healthy" })), want: "Healthy" },
    { name: "paused is suspended, with the reason", of: rollout({ canary: {} }, seen({ phase: "Paused", message: "CanaryPauseStep" })), want: "Suspended", message: "CanaryPauseStep" },
    { name: "progressing says what it waits for", of: rollout({ blueGreen: {} }, seen({ phase: "Progressing", message: "active service cutover pending" })), want: "Progressing", message: "active service cutover pending" },
    { name: "degraded says why", of: rollout({ blueGreen: {} }, seen({ phase: "Degraded", message: "RolloutAborted: Rollout aborted update to revision 2" })), want: "Degraded", message: "RolloutAborted: Rollout aborted update to revision 2" },
    { name: "a phase that nobody knows", of: rollout({ canary: {} }, seen({ phase: "Dancing" })), want: "Unknown", message: "Lua returned an invalid health status" },
    { name: "being deleted", of: rollout({ canary: {} }, seen({ phase: "Healthy" }), {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }), want: "Progressing", message: "Pending deletion" },
    { name: "before 1.0: a generation that happens to be digits", of: rollout({ canary: {} }, { observedGeneration: "79644858", currentPodHash: "b", stableRS: "b", updatedReplicas: 2, availableReplicas: 2, replicas: 2 }), want: "Healthy" },
    { name: "before 1.0: an invalid spec", of: old({ canary: {} }, { conditions: [{ type: "InvalidSpec", message: "no strategy" }] }), want: "Degraded", message: "no strategy" },
    { name: "before 1.0: aborted", of: old({ canary: {} }, progressing("RolloutAborted", "Rollout is aborted")), want: "Degraded", message: "Rollout is aborted" },
    { name: "before 1.0: out of time", of: old({ canary: {} }, progressing("ProgressDeadlineExceeded", "timed out")), want: "Degraded", message: "timed out" },
    { name: "before 1.0: paused by its controller", of: old({ canary: {} }, { pauseConditions: [{ reason: "CanaryPauseStep" }] }), want: "Suspended", message: "Rollout is paused" },
    { name: "before 1.0: paused by a person", of: old({ canary: {} }, {}, { paused: true }), want: "Suspended", message: "Rollout is paused" },
    { name: "before 1.0: not reconciled", of: old({ canary: {} }, { currentPodHash: undefined }), want: "Progressing", message: "Waiting for rollout to finish: status has not been reconciled." },
    { name: "before 1.0: too few new pods", of: old({ blueGreen: {} }, { updatedReplicas: 1 }), want: "Progressing", message: "Waiting for roll out to finish: More replicas need to be updated" },
    { name: "before 1.0: new pods are not available", of: old({ blueGreen: {} }, { availableReplicas: 1 }), want: "Progressing", message: "Waiting for roll out to finish: updated replicas are still becoming available" },
    { name: "before 1.0: the active Service has not moved", of: old({ blueGreen: {} }, { blueGreen: { activeSelector: "a" }, stableRS: "a" }), want: "Progressing", message: "active service cutover pending" },
    { name: "before 1.0: analysis after the switch", of: old({ blueGreen: {} }, { blueGreen: { activeSelector: "b" }, stableRS: "a" }), want: "Progressing", message: "waiting for analysis to complete" },
    { name: "before 0.8: blue-green without a stable set", of: old({ blueGreen: {} }, { blueGreen: { activeSelector: "b" } }), want: "Healthy" },
    { name: "before 1.0: old pods are left", of: old({ canary: {} }, { replicas: 3, stableRS: "a" }), want: "Progressing", message: "Waiting for roll out to finish: old replicas are pending termination" },
    { name: "before 1.0: steps are left", of: old({ canary: {} }, { stableRS: "a" }), want: "Progressing", message: "Waiting for rollout to finish steps" },
    { name: "before 0.8: a canary's own stable set", of: old({ canary: {} }, { canary: { stableRS: "b" } }), want: "Healthy" },
    { name: "before 1.0: done", of: old({ canary: {} }, { stableRS: "b" }), want: "Healthy" },
  ])("$name", ({ of, want, message }) => expect(healthOf(of)).toEqual({ status: want, ...(message !== undefined && { message }) }));
});

describe("health of the other kinds of argoproj.io", () => {
  const condition = (type: string, status: string, more: object = {}) => ({ status: { conditions: [{ type, status, message: `${type} is ${status}`, ...more }] } });
  test.each<{ kind: string; name: string; more: Record<string, unknown>; want: string | undefined; message?: string }>([
    { kind: "AnalysisRun", name: "without a status", more: {}, want: "Progressing", message: "Waiting for analysis run to finish: status has not been reconciled." },
    { kind: "AnalysisRun", name: "without a phase", more: { status: {} }, want: undefined },
    { kind: "AnalysisRun", name: "pending", more: { status: { phase: "Pending" } }, want: "Progressing", message: "Analysis run is running" },
    { kind: "AnalysisRun", name: "running says no message of its own", more: { status: { phase: "Running", message: "x" } }, want: "Progressing", message: "Analysis run is running" },
    { kind: "AnalysisRun", name: "successful", more: { status: { phase: "Successful" } }, want: "Healthy", message: "Analysis run completed successfully" },
    { kind: "AnalysisRun", name: "terminated", more: { status: { phase: "Successful", message: "Run Terminated" } }, want: "Healthy", message: "Run Terminated" },
    { kind: "AnalysisRun", name: "failed", more: { status: { phase: "Failed" } }, want: "Degraded", message: "Analysis run failed" },
    { kind: "AnalysisRun", name: "failed with the metric's sentence", more: { status: { phase: "Failed", message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' } }, want: "Degraded", message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' },
    { kind: "AnalysisRun", name: "an error", more: { status: { phase: "Error" } }, want: "Degraded", message: "Analysis run had an error" },
    { kind: "AnalysisRun", name: "inconclusive", more: { status: { phase: "Inconclusive" } }, want: "Unknown", message: "Analysis run was inconclusive" },
    { kind: "Experiment", name: "without a status", more: {}, want: "Progressing", message: "Waiting for experiment to finish: status has not been reconciled." },
    { kind: "Experiment", name: "pending", more: { status: { phase: "Pending" } }, want: "Progressing", message: "Experiment is pending" },
    { kind: "Experiment", name: "running", more: { status: { phase: "Running" } }, want: "Progressing", message: "Experiment is running" },
    { kind: "Experiment", name: "successful", more: { status: { phase: "Successful", message: "x" } }, want: "Healthy", message: "Experiment is successful" },
    { kind: "Experiment", name: "failed", more: { status: { phase: "Failed" } }, want: "Degraded", message: "Experiment has failed" },
    { kind: "Experiment", name: "an error", more: { status: { phase: "Error" } }, want: "Degraded", message: "Experiment had an error" },
    { kind: "Experiment", name: "a phase that Argo CD does not judge", more: { status: { phase: "Inconclusive" } }, want: undefined },
    { kind: "ApplicationSet", name: "without a status", more: {}, want: "Progressing", message: "Waiting for the status to be reported" },
    { kind: "ApplicationSet", name: "an error", more: condition("ErrorOccurred", "True"), want: "Degraded", message: "ErrorOccurred is True" },
    { kind: "ApplicationSet", name: "not up to date", more: condition("ResourcesUpToDate", "False"), want: "Degraded", message: "ResourcesUpToDate is False" },
    { kind: "ApplicationSet", name: "step by step", more: condition("RolloutProgressing", "True"), want: "Progressing", message: "RolloutProgressing is True" },
    { kind: "ApplicationSet", name: "up to date", more: condition("ResourcesUpToDate", "True"), want: "Healthy", message: "ResourcesUpToDate is True" },
    { kind: "CronWorkflow", name: "without conditions", more: {}, want: "Healthy", message: "CronWorkflow is healthy." },
    { kind: "CronWorkflow", name: "a bad spec", more: condition("SpecError", "True"), want: "Degraded", message: "SpecError is True" },
    { kind: "CronWorkflow", name: "could not be submitted", more: condition("SubmissionError", "True"), want: "Degraded", message: "SubmissionError is True" },
    { kind: "CronWorkflow", name: "completed", more: condition("Completed", "True"), want: "Healthy", message: "Completed is True" },
    { kind: "EventBus", name: "new", more: {}, want: "Progressing", message: "Waiting for initialization" },
    { kind: "EventBus", name: "not deployed", more: condition("Deployed", "False", { message: undefined, reason: "NoVersion" }), want: "Degraded", message: "NoVersion" },
    { kind: "EventBus", name: "deployed", more: condition("Deployed", "True"), want: "Healthy", message: "Deployed is True" },
    { kind: "AnalysisTemplate", name: "has no health", more: { spec: {} }, want: undefined },
  ])("$kind: $name", ({ kind, more, want, message }) => expect(healthOf(object(kind, more))).toEqual(want === undefined ? undefined : { status: want, ...(message !== undefined && { message }) }));
});
