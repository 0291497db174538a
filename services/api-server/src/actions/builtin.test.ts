import { shownAction } from "./action.ts";
import { actionsOf } from "./builtin.ts";

const NOW = Date.parse("2026-01-02T03:04:05Z");
const run = (group: string, kind: string, name: string, object: any, parameters: Record<string, string> = {}) => actionsOf(group, kind).find((action) => action.name === name)!.run(object, { now: NOW, parameters });
const shown = (group: string, kind: string, object: any) => actionsOf(group, kind).filter((action) => action.offered?.(object) !== false).map((action) => shownAction(action, object));
const names = (group: string, kind: string) => actionsOf(group, kind).map((action) => action.name);

describe(actionsOf, () => {
  it("offers what Argo CD offers for the built-in kinds", () => {
    expect(names("apps", "Deployment")).toEqual(["pause", "restart", "resume", "scale"]);
    expect(names("apps", "StatefulSet")).toEqual(["restart", "scale"]);
    expect(names("apps", "DaemonSet")).toEqual(["restart"]);
    expect(names("batch", "CronJob")).toEqual(["create-job", "resume", "suspend"]);
    expect(names("argoproj.io", "Rollout")).toEqual(["abort", "pause", "promote-full", "restart", "resume", "retry", "skip-current-step"]);
    expect(names("argoproj.io", "AnalysisRun")).toEqual(["terminate"]);
    expect(names("", "ConfigMap")).toEqual([]);
  });

  it("restarts by the annotation that kubectl uses", () => {
    expect(run("apps", "Deployment", "restart", { spec: { template: { metadata: { annotations: { a: "b" } } } } })).toMatchObject({ patch: { spec: { template: { metadata: { annotations: { a: "b", "kubectl.kubernetes.io/restartedAt": "2026-01-02T03:04:05Z" } } } } } });
  });

  it("scales to whole numbers only", () => {
    expect(run("apps", "StatefulSet", "scale", { spec: { replicas: 1 } }, { replicas: "3" })).toMatchObject({ patch: { spec: { replicas: 3 } } });
    expect(() => run("apps", "StatefulSet", "scale", {}, { replicas: "many" })).toThrow("replicas must be a whole number");
  });

  it("makes a Job of a CronJob, owned by it", () => {
    const result = run("batch", "CronJob", "create-job", { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "nightly", namespace: "n", uid: "u" }, spec: { jobTemplate: { spec: { template: {} } } } });
    expect(result).toMatchObject({ create: [{ kind: "Job", metadata: { name: "nightly-2601020304", namespace: "n", ownerReferences: [{ kind: "CronJob", uid: "u" }] } }] });
  });

  it("makes a Workflow of a CronWorkflow and of a WorkflowTemplate", () => {
    const from = { apiVersion: "argoproj.io/v1alpha1", metadata: { name: "w", namespace: "n", uid: "u" }, spec: { workflowSpec: { entrypoint: "main" }, workflowMetadata: { labels: { a: "b" } } } };
    expect(run("argoproj.io", "CronWorkflow", "create-workflow", { ...from, kind: "CronWorkflow" })).toMatchObject({ create: [{ kind: "Workflow", metadata: { name: "w-202601020304", labels: { a: "b", "workflows.argoproj.io/cron-workflow": "w" } }, spec: { entrypoint: "main" } }] });
    expect(run("argoproj.io", "WorkflowTemplate", "create-workflow", { ...from, kind: "WorkflowTemplate" })).toMatchObject({ create: [{ metadata: { ownerReferences: [{ kind: "WorkflowTemplate", uid: "u" }] }, spec: { workflowTemplateRef: { name: "w" } } }] });
  });

  it("offers resume only to what is paused", () => {
    expect(shown("apps", "Deployment", { spec: {} })).toContainEqual({ name: "resume", iconClass: "fa fa-fw fa-play-circle", disabled: true });
    expect(shown("apps", "Deployment", { spec: { paused: true } })).toContainEqual({ name: "resume", iconClass: "fa fa-fw fa-play-circle" });
  });

  it("terminates a running Job by the condition that its controller acts on, and offers nothing for one that has ended", () => {
    expect(run("batch", "Job", "terminate", { spec: {}, status: { active: 1 } })).toMatchObject({ patch: { status: { active: 1, conditions: [{ type: "FailureTarget", status: "True", reason: "ManuallyTerminated", lastTransitionTime: "2026-01-02T03:04:05Z" }] } } });
    expect(shown("batch", "Job", { spec: {}, status: { conditions: [{ type: "Complete", status: "True" }] } })).toEqual([]);
    expect(shown("batch", "Job", { spec: { suspend: true }, status: {} })).toMatchObject([{ name: "resume" }, { name: "terminate" }]);
  });

  it("names what switching automated sync would do", () => {
    expect(shown("argoproj.io", "Application", { spec: { syncPolicy: { automated: {} } } })).toEqual([{ name: "toggle-auto-sync", displayName: "Disable Auto-Sync" }]);
    expect(shown("argoproj.io", "Application", { spec: {} })).toEqual([{ name: "toggle-auto-sync", displayName: "Enable Auto-Sync" }]);
  });
});

describe("actions of a Rollout", () => {
  const CANARY = { canary: { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }] } };
  const rollout = (status: object, spec: object = { strategy: CANARY }) => ({ metadata: { generation: 3 }, spec: { ...spec }, status: { observedGeneration: "3", ...status } });
  const updating = { currentPodHash: "b", stableRS: "a", currentStepIndex: 1 };
  const paused = { ...updating, pauseConditions: [{ reason: "CanaryPauseStep" }], controllerPause: true };
  const healthy = { currentPodHash: "b", stableRS: "b", currentStepIndex: 3 };
  const BLUE_GREEN = { strategy: { blueGreen: { activeService: "web" } } };

  test.each<{ name: string; of: object; enabled: string[] }>([
    { name: "in the middle of an update", of: rollout(updating), enabled: ["abort", "pause", "promote-full", "restart", "skip-current-step"] },
    { name: "in a pause step", of: rollout(paused), enabled: ["abort", "pause", "promote-full", "restart", "resume", "skip-current-step"] },
    { name: "paused by a person", of: rollout(updating, { strategy: CANARY, paused: true }), enabled: ["abort", "promote-full", "restart", "resume", "skip-current-step"] },
    { name: "conditions that are there, and empty, count before the spec", of: rollout({ ...updating, pauseConditions: [] }, { strategy: CANARY, paused: true }), enabled: ["abort", "promote-full", "restart", "skip-current-step"] },
    { name: "fully promoted", of: rollout(healthy), enabled: ["restart"] },
    { name: "aborted", of: rollout({ ...updating, abort: true, currentStepIndex: 0 }), enabled: ["promote-full", "restart", "retry", "skip-current-step"] },
    { name: "a blue-green one has no steps", of: rollout({ currentPodHash: "b", stableRS: "a" }, BLUE_GREEN), enabled: ["abort", "pause", "promote-full", "restart"] },
    { name: "before 0.10 only a canary could be promoted at once", of: rollout({ ...updating, observedGeneration: "5c8f7d5c9" }, BLUE_GREEN), enabled: ["abort", "pause", "restart"] },
  ])("$name", ({ of, enabled }) => {
    expect((shown("argoproj.io", "Rollout", of) as { name: string; disabled?: boolean }[]).filter(({ disabled }) => disabled !== true).map(({ name }) => name)).toEqual(enabled);
  });

  it("calls restarting by what it does", () => {
    expect(shown("argoproj.io", "Rollout", rollout(healthy))).toContainEqual({ name: "restart", displayName: "Restart Pods" });
  });

  test.each<{ action: string; of: object; want: object }>([
    { action: "abort", of: rollout(updating), want: rollout({ ...updating, abort: true }) },
    { action: "pause", of: rollout(updating), want: rollout(updating, { strategy: CANARY, paused: true }) },
    { action: "promote-full", of: rollout(updating), want: rollout({ ...updating, promoteFull: true }) },
    { action: "promote-full", of: rollout({ ...updating, abort: true, observedGeneration: "5c8f7d5c9" }), want: rollout({ ...updating, observedGeneration: "5c8f7d5c9", currentStepIndex: 3 }) },
    { action: "restart", of: rollout(healthy), want: rollout(healthy, { strategy: CANARY, restartAt: "2026-01-02T03:04:05Z" }) },
    { action: "resume", of: rollout(paused), want: rollout({ ...updating, controllerPause: true }) },
    { action: "resume", of: rollout(updating, { strategy: CANARY, paused: true }), want: rollout(updating, { strategy: CANARY, paused: false }) },
    { action: "retry", of: rollout({ ...updating, abort: true }), want: rollout(updating) },
    { action: "skip-current-step", of: rollout(paused), want: rollout({ ...updating, controllerPause: true, currentStepIndex: 2 }) },
    { action: "skip-current-step", of: rollout(healthy), want: rollout(healthy) },
  ])("$action changes exactly what Argo CD changes", ({ action, of, want }) => expect(run("argoproj.io", "Rollout", action, of)).toEqual({ patch: want }));

  test.each([
    { phase: "Running", disabled: undefined },
    { phase: "Successful", disabled: true },
    { phase: "Inconclusive", disabled: true },
  ])("an AnalysisRun that is $phase", ({ phase, disabled }) => {
    expect(shown("argoproj.io", "AnalysisRun", { spec: {}, status: { phase } })).toEqual([{ name: "terminate", ...(disabled && { disabled }) }]);
    expect(run("argoproj.io", "AnalysisRun", "terminate", { spec: { metrics: [] } })).toEqual({ patch: { spec: { metrics: [], terminate: true } } });
  });
});
