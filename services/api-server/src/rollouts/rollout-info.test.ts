import type { KubeObject } from "@trireme/api";
import type { RolloutObjects } from "./objects.ts";
import { rolloutInfo } from "./rollout-info.ts";

const NOTHING: RolloutObjects = { rollouts: [], replicaSets: [], pods: [], analysisRuns: [], experiments: [], deployments: [] };
const object = (kind: string, name: string, more: Record<string, any> = {}, metadata: Record<string, any> = {}): KubeObject => ({ apiVersion: "v1", kind, metadata: { name, namespace: "team", uid: `${kind}/${name}`, generation: 2, creationTimestamp: "2026-01-02T03:04:05Z", ...metadata }, ...more });
const owned = (owner: string, more: Record<string, any> = {}) => ({ ownerReferences: [{ apiVersion: "v1", kind: "x", name: "x", uid: owner }], ...more });
const TEMPLATE = { spec: { containers: [{ name: "web", image: "web:2" }], initContainers: [{ name: "init", image: "init:1" }] } };
const rollout = (strategy: object, status: object = {}, spec: object = {}, metadata: object = {}) => object("Rollout", "web", { spec: { replicas: 4, strategy, template: TEMPLATE, ...spec }, status: { observedGeneration: "2", ...status } }, metadata);
const set = (hash: string, revision: number, more: { spec?: object; status?: object; annotations?: object } = {}) =>
  object("ReplicaSet", `web-${hash}`, { spec: { replicas: 2, template: { spec: { containers: [{ name: "web", image: `web:${revision}` }] } }, ...more.spec }, status: { observedGeneration: 2, replicas: 2, availableReplicas: 2, ...more.status } }, owned("Rollout/web", { labels: { "rollouts-pod-template-hash": hash }, annotations: { "rollout.argoproj.io/revision": String(revision), ...more.annotations } }));
const info = (of: KubeObject, objects: Partial<RolloutObjects> = {}): any => rolloutInfo(of, { ...NOTHING, rollouts: [of], ...objects });
const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }, { analysis: {} }];

describe(rolloutInfo, () => {
  it("tells of a canary which step it is at, and the weight that its pods have", () => {
    const of = rollout({ canary: { steps: STEPS } }, { phase: "Paused", message: "CanaryPauseStep", currentStepIndex: 1, stableRS: "a", currentPodHash: "b", replicas: 5, updatedReplicas: 1, readyReplicas: 5, availableReplicas: 5, restartedAt: "2026-01-02T03:04:05Z" });
    expect(info(of, { replicaSets: [set("a", 1, { status: { availableReplicas: 4 } }), set("b", 2, { status: { availableReplicas: 1 }, spec: { replicas: 1 } })] })).toMatchObject({
      status: "Paused", message: "CanaryPauseStep", icon: "॥", strategy: "Canary", step: "1/4", steps: STEPS, setWeight: "20", actualWeight: "20", desired: 4, current: 5, updated: 1, ready: 5, available: 5, generation: "2",
      restartedAt: "2026-01-02 03:04:05 +0000 UTC", containers: [{ name: "web", image: "web:2" }], initContainers: [{ name: "init", image: "init:1" }],
      replicaSets: [{ objectMeta: { name: "web-b" }, revision: 2, stable: false, canary: true, images: ["web:2"] }, { objectMeta: { name: "web-a" }, revision: 1, stable: true, canary: false }],
    });
  });

  test.each<{ name: string; of: KubeObject; setWeight: string; actualWeight: string }>([
    { name: "all of it once the steps are done", of: rollout({ canary: { steps: STEPS } }, { currentStepIndex: 4 }), setWeight: "100", actualWeight: "100" },
    { name: "all of it without steps", of: rollout({ canary: {} }), setWeight: "100", actualWeight: "100" },
    { name: "nothing when aborted", of: rollout({ canary: { steps: STEPS } }, { currentStepIndex: 0, abort: true }), setWeight: "0", actualWeight: "0" },
    { name: "nothing before the first weight", of: rollout({ canary: { steps: [{ pause: {} }, { setWeight: 10 }] } }, { currentStepIndex: 0, availableReplicas: 4 }), setWeight: "0", actualWeight: "0" },
    { name: "the last weight before a step without one", of: rollout({ canary: { steps: STEPS } }, { currentStepIndex: 3 }), setWeight: "60", actualWeight: "0" },
    { name: "as the traffic router was told", of: rollout({ canary: { steps: STEPS, trafficRouting: {} } }, { currentStepIndex: 2, availableReplicas: 4, canary: { weights: { canary: { weight: 35 } } } }), setWeight: "60", actualWeight: "35" },
    { name: "of another whole", of: rollout({ canary: { steps: STEPS, trafficRouting: { maxTrafficWeight: 1000 } } }, { currentStepIndex: 4 }), setWeight: "1000", actualWeight: "1000" },
  ])("weights: $name", ({ of, setWeight, actualWeight }) => expect(info(of)).toMatchObject({ setWeight, actualWeight }));

  it("tells of a blue-green one which set is active, which preview, and when the old one goes", () => {
    const of = rollout({ blueGreen: { activeService: "web" } }, { phase: "Healthy", stableRS: "a", currentPodHash: "b", blueGreen: { activeSelector: "a", previewSelector: "b" } });
    const replicaSets = [set("a", 1, { annotations: { "scale-down-deadline": "2026-01-02T03:05:05Z" } }), set("b", 2), set("c", 3, { spec: { replicas: 0 }, status: { replicas: 0, availableReplicas: 0 } })];
    expect(info(of, { replicaSets })).toMatchObject({
      strategy: "BlueGreen",
      replicaSets: [
        { revision: 3, status: "ScaledDown", icon: "•", stable: false, active: false, preview: false },
        { revision: 2, status: "Healthy", icon: "✔", active: false, preview: true },
        { revision: 1, stable: true, active: true, preview: false, scaleDownDeadline: "2026-01-02T03:05:05Z" },
      ],
    });
    expect(info(of)).not.toHaveProperty("step");
  });

  test.each<{ name: string; of: KubeObject; phase: string; message: string }>([
    { name: "nobody has seen the spec", of: rollout({ canary: {} }, { observedGeneration: "1", phase: "Healthy" }), phase: "Progressing", message: "waiting for rollout spec update to be observed" },
    { name: "somebody resumed it a moment ago", of: rollout({ canary: {} }, { phase: "Paused", controllerPause: true }), phase: "Progressing", message: "waiting for rollout to unpause" },
    { name: "its workload has changed", of: rollout({ canary: {} }, { phase: "Healthy", workloadObservedGeneration: "3" }, { workloadRef: { name: "web" } }, { annotations: { "rollout.argoproj.io/workload-generation": "4" } }), phase: "Progressing", message: "waiting for rollout spec update to be observed for the reference workload" },
    { name: "it has no status yet", of: object("Rollout", "web", { spec: { strategy: { canary: {} } } }), phase: "Progressing", message: "more replicas need to be updated" },
  ])("phase: $name", ({ of, phase, message }) => expect(info(of)).toMatchObject({ status: phase, message }));

  it("shows the containers of the workload that it refers to", () => {
    const of = rollout({ canary: {} }, {}, { workloadRef: { kind: "Deployment", name: "old" }, template: undefined });
    expect(info(of, { deployments: [object("Deployment", "old", { spec: { template: { spec: { containers: [{ name: "c", image: "c:9" }] } } } })] }).containers).toEqual([{ name: "c", image: "c:9" }]);
  });

  it("counts measurements, and tells jobs from values", () => {
    const job = { phase: "Failed", startedAt: "2026-01-02T03:04:06Z", metadata: { "job-name": "uid.fail.1", "job-namespace": "team" } };
    const run = object("AnalysisRun", "web-b-2-pre", { spec: { metrics: [{ name: "fail", count: 2, failureLimit: 1, provider: { job: {} } }, { name: "rate", count: "{{args.n}}", successCondition: "result[0] > 1" }] }, status: { phase: "Failed", metricResults: [{ name: "fail", failed: 2, measurements: [job, job] }, { name: "rate", successful: 1, measurements: [{ phase: "Successful", value: "[0.98]" }] }] } }, owned("Rollout/web", { annotations: { "rollout.argoproj.io/revision": "2" } }));
    expect(info(rollout({ canary: {} }), { analysisRuns: [run, object("AnalysisRun", "stranger")] }).analysisRuns).toMatchObject([
      {
        objectMeta: { name: "web-b-2-pre" }, revision: 2, status: "Failed", icon: "✖", successful: 1, failed: 2, inconclusive: 0, error: 0,
        jobs: [{ objectMeta: { name: "uid.fail.1", creationTimestamp: "2026-01-02T03:04:06Z" }, status: "Failed", icon: "✖", metricName: "fail" }, {}],
        nonJobInfo: [{ value: "[0.98]", status: "Successful", metricName: "rate" }],
        metrics: [{ name: "fail", count: 2, failureLimit: 1 }, { name: "rate", count: 0, successCondition: "result[0] > 1" }],
        specAndStatus: { status: { phase: "Failed" } },
      },
    ]);
  });

  it("puts an experiment's own sets and runs below it", () => {
    const experiment = object("Experiment", "web-b-2-0", { status: { phase: "Running", message: "busy" } }, owned("Rollout/web", { annotations: { "rollout.argoproj.io/revision": "2" } }));
    const its = object("ReplicaSet", "web-b-2-0-canary", { spec: { replicas: 1 }, status: { observedGeneration: 2, availableReplicas: 0 } }, owned("Experiment/web-b-2-0", { annotations: { "experiment.argoproj.io/template-name": "canary" } }));
    const shown = info(rollout({ canary: {} }), { experiments: [experiment], replicaSets: [its], analysisRuns: [object("AnalysisRun", "run", { status: { phase: "Error" } }, owned("Experiment/web-b-2-0"))] });
    expect(shown.experiments).toMatchObject([{ status: "Running", message: "busy", icon: "◌", revision: 2, replicaSets: [{ template: "canary", status: "Progressing" }], analysisRuns: [{ status: "Error", icon: "⚠" }] }]);
    expect([shown.replicaSets, shown.analysisRuns]).toEqual([[], []]);
  });
});

describe("pods of a set", () => {
  const pod = (name: string, status: object, spec: object = { containers: [{ name: "c" }, { name: "d" }] }, metadata: object = {}) => object("Pod", name, { spec, status }, owned("ReplicaSet/web-b", metadata));
  const container = (state: object, more: object = {}) => ({ name: "c", state, ...more });
  test.each<{ name: string; of: KubeObject; want: object }>([
    { name: "running", of: pod("p", { phase: "Running", containerStatuses: [container({ running: {} }, { ready: true, restartCount: 2 }), container({ running: {} })] }), want: { status: "Running", icon: "✔", ready: "1/2", restarts: 2 } },
    { name: "cannot pull", of: pod("p", { phase: "Pending", containerStatuses: [container({ waiting: { reason: "ImagePullBackOff" } })] }), want: { status: "ImagePullBackOff", icon: "⚠", ready: "0/2" } },
    { name: "failed to pull just now", of: pod("p", { phase: "Pending", containerStatuses: [container({ waiting: { reason: "ErrImagePull" } })] }), want: { status: "ErrImagePull", icon: "⚠" } },
    { name: "crashes", of: pod("p", { phase: "Running", containerStatuses: [container({ waiting: { reason: "CrashLoopBackOff" } })] }), want: { status: "CrashLoopBackOff", icon: "✖" } },
    { name: "was killed by a signal", of: pod("p", { phase: "Running", containerStatuses: [container({ terminated: { signal: 9 } })] }), want: { status: "Signal:9", icon: "✖" } },
    { name: "ended with a code", of: pod("p", { phase: "Failed", containerStatuses: [container({ terminated: { exitCode: 3 } })] }), want: { status: "ExitCode:3", icon: "✖" } },
    { name: "starts", of: pod("p", { phase: "Pending", initContainerStatuses: [container({ terminated: { exitCode: 0 } }), container({ running: {} }, { restartCount: 1 })] }, { containers: [{}], initContainers: [{}, {}] }), want: { status: "Init:1/2", icon: "◌", restarts: 1 } },
    { name: "cannot start", of: pod("p", { phase: "Pending", initContainerStatuses: [container({ terminated: { exitCode: 1 } })] }), want: { status: "Init:ExitCode:1", icon: "◌" } },
    { name: "is going", of: pod("p", { phase: "Running" }, undefined, { deletionTimestamp: "2026-01-02T03:04:05Z" }), want: { status: "Terminating", icon: "◌" } },
    { name: "is on a node that was lost", of: pod("p", { phase: "Running", reason: "NodeLost" }, undefined, { deletionTimestamp: "2026-01-02T03:04:05Z" }), want: { status: "Unknown", icon: "?" } },
  ])("$name", ({ of, want }) => expect(info(rollout({ canary: {} }), { replicaSets: [set("b", 2)], pods: [of] }).replicaSets[0].pods).toMatchObject([want]));
});
