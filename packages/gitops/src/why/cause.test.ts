import type { KubeObject } from "@trireme/api";
import { causeOf } from "./cause.ts";

const AT = "2026-01-02T03:04:05Z";
const pod = (status: object, more: object = {}): KubeObject => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "web-1-x", namespace: "team", uid: "pod", creationTimestamp: AT, ...more }, spec: { containers: [{ name: "main", image: "web:2" }] }, status });
const container = (state: object, more: object = {}) => ({ containerStatuses: [{ name: "main", image: "sha256:abc", state, ...more }] });
const deployment: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "team", uid: "d" } };
const set = (status: object = {}): KubeObject => ({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: "web-1", namespace: "team", uid: "s" }, status });
const above = (...pods: KubeObject[]) => ({ childrenOf: (object: KubeObject) => (object === deployment ? [set()] : object.kind === "ReplicaSet" ? pods : []) });
const none = { childrenOf: () => [] };

describe(causeOf, () => {
  test.each<[string, object, object]>([
    ["an image that cannot be pulled", container({ waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } }), { reason: "ImagePull", values: { image: "web:2", container: "main" }, facts: [{ text: "Back-off pulling image" }] }],
    ["a container that ends again and again", container({ waiting: { reason: "CrashLoopBackOff" } }, { restartCount: 4, lastState: { terminated: { exitCode: 1, reason: "Error", finishedAt: AT } } }), { reason: "Crashing", values: { exitCode: "1", restarts: "4" }, since: AT, logs: { pod: "web-1-x", container: "main", previous: true } }],
    ["one that has just ended", container({ terminated: { exitCode: 2 } }), { reason: "Crashing", values: { exitCode: "2" }, logs: { previous: false } }],
    ["too little memory", container({ waiting: { reason: "CrashLoopBackOff" } }, { lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } }), { reason: "OutOfMemory" }],
    ["what a container needs and does not find", container({ waiting: { reason: "CreateContainerConfigError", message: 'configmap "settings" not found' } }), { reason: "ContainerConfig", message: 'Pod web-1-x: configmap "settings" not found' }],
    ["no node that takes it", { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available: 3 Insufficient cpu.", lastTransitionTime: AT }] }, { reason: "Unschedulable", facts: [{ text: "0/3 nodes are available: 3 Insufficient cpu." }], since: AT }],
    ["a probe that does not answer", { ...container({ running: {} }, { ready: false }), conditions: [{ type: "Ready", status: "False", lastTransitionTime: AT }] }, { reason: "NotReady", since: AT, logs: { container: "main", previous: false } }],
    ["an init container that fails", { initContainerStatuses: [{ name: "migrate", state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated: { exitCode: 3 } } }], ...container({ waiting: { reason: "PodInitializing" } }) }, { reason: "Crashing", values: { container: "migrate", exitCode: "3" } }],
  ])("of a workload is %s", (_what, status, want) => {
    expect(causeOf(deployment, above(pod({ phase: "Running", conditions: [] }), pod(status)))).toMatchObject({ blocker: { kind: "Pod", name: "web-1-x" }, ...want });
  });

  it("of several is the gravest, and never one of a pod that is going or done", () => {
    const slow = pod(container({ running: {} }, { ready: false }));
    const pulled = pod(container({ waiting: { reason: "ErrImagePull" } }));
    expect(causeOf(deployment, above(slow, pulled))).toMatchObject({ reason: "ImagePull" });
    expect(causeOf(deployment, above(pod(container({ waiting: { reason: "ErrImagePull" } }), { deletionTimestamp: AT }), pod({ phase: "Succeeded", ...container({ terminated: { exitCode: 0 } }) })))).toBeUndefined();
  });

  it("is that pods were refused, where there are none", () => {
    const refused = set({ conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: 'pods "web-1-" is forbidden: exceeded quota: few', lastTransitionTime: AT }] });
    expect(causeOf(deployment, { childrenOf: (object) => (object === deployment ? [refused] : []) })).toMatchObject({ reason: "PodsRefused", blocker: { kind: "ReplicaSet", name: "web-1" }, message: 'ReplicaSet web-1: pods "web-1-" is forbidden: exceeded quota: few', since: AT });
  });

  it("is what the object itself says", () => {
    const object = (apiVersion: string, kind: string, more: object): KubeObject => ({ apiVersion, kind, metadata: { name: "it", namespace: "team" }, ...more });
    expect(causeOf(object("batch/v1", "Job", { status: { conditions: [{ type: "Failed", status: "True", message: "BackoffLimitExceeded" }] } }), none)).toMatchObject({ reason: "JobFailed", message: "Job it: BackoffLimitExceeded" });
    expect(causeOf(object("v1", "PersistentVolumeClaim", { spec: { storageClassName: "fast" }, status: { phase: "Pending" } }), none)).toMatchObject({ reason: "VolumePending", facts: [{ text: "no volume is bound to it by storage class fast" }] });
    expect(causeOf(object("v1", "Service", { spec: { type: "LoadBalancer" } }), none)).toMatchObject({ reason: "NoAddress" });
    expect(causeOf(object("example.com/v1", "Thing", {}), none)).toBeUndefined();
  });

  it("is who holds it, where it is being deleted", () => {
    expect(causeOf(pod(container({ running: {} }), { deletionTimestamp: AT, finalizers: ["example.com/guard"] }), none)).toMatchObject({ reason: "Finalizers", values: { finalizers: "example.com/guard" }, since: AT });
  });
});
