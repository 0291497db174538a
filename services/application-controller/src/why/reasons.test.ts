import { keyOf, type KubeObject } from "@trireme/api";
import type { Application, ReleaseStatus } from "@trireme/api/argo";
import type { ReleaseReport } from "@trireme/rollouts";
import type { ObjectComparison } from "../applications/compare.ts";
import { reasonsOf, type WhyInput } from "./reasons.ts";

const AT = "2026-01-02T03:04:05Z";
const object = (apiVersion: string, kind: string, name: string, more: object = {}): KubeObject => ({ apiVersion, kind, metadata: { name, namespace: "team", generation: 1 }, ...more });
const compared = (live: KubeObject | undefined, more: Partial<ObjectComparison> = {}): ObjectComparison => ({ key: keyOf(live ?? more.target!), target: live, live, modified: false, predicted: undefined, normalizedLive: undefined, differences: [], ...more });
const deployment = object("apps/v1", "Deployment", "web", { spec: { replicas: 1 }, status: { observedGeneration: 1, updatedReplicas: 1, replicas: 1, availableReplicas: 0 } });
const set = object("apps/v1", "ReplicaSet", "web-1");
const crashing = object("v1", "Pod", "web-1-x", { status: { containerStatuses: [{ name: "main", state: { waiting: { reason: "CrashLoopBackOff" } }, restartCount: 3, lastState: { terminated: { exitCode: 1, finishedAt: AT } } }] } });
const drifted = compared(object("v1", "ConfigMap", "settings"), { modified: true, differences: [{ path: "data.theme", pointer: "/data/theme", desired: "light", live: "dark", writer: { manager: "kubectl-edit", operation: "Update" } }] as unknown as ObjectComparison["differences"] });
const children = new Map([[deployment, [set]], [set, [crashing]]]);

function why(status: object, objects: ObjectComparison[], more: Partial<WhyInput> & { metadata?: object } = {}) {
  const app = { metadata: { name: "web", namespace: "argocd", ...more.metadata }, spec: {}, status } as unknown as Application;
  const known = [...objects.flatMap(({ live }) => live ?? []), set, crashing];
  return reasonsOf({ app, compared: objects, record: {}, live: { childrenOf: (of) => children.get(of) ?? [], get: (key) => known.find((one) => one.kind === key.kind && one.metadata.name === key.name) }, reportOf: () => ({ sets: [], analyses: [] }) as unknown as ReleaseReport, ...more });
}

describe(reasonsOf, () => {
  it("names the pod that stands behind a workload, before what only differs", () => {
    expect(why({}, [drifted, compared(deployment)])).toEqual([
      { reason: "Progressing", message: "Deployment team/web: Pod web-1-x: container main ended with exit code 1", cause: "Crashing", blocker: keyOf(crashing), object: keyOf(deployment), since: AT, values: { pod: "web-1-x", container: "main", exitCode: "1", restarts: "3" }, facts: [{ what: "container", text: "container main ended with exit code 1", since: AT }], logs: { pod: "web-1-x", container: "main", previous: true }, next: "look at its pods and events" },
      { reason: "Drifted", message: "ConfigMap team/settings differs at data.theme", blocker: drifted.key, values: { fields: "data.theme", writers: "kubectl-edit" }, evidence: drifted.differences, next: "sync, or ignore the difference" },
    ]);
  });

  it("says what a failed release is ill of before that it failed", () => {
    expect(why({ conditions: [{ type: "ReleaseFailed", message: "aaaaaaa has failed" }] }, [compared(deployment), drifted]).map(({ reason, cause }) => cause ?? reason)).toEqual(["Crashing", "ReleaseFailed", "Drifted"]);
  });

  it("says what a running operation waits for, and what stands behind that", () => {
    const resources = [{ group: "apps", version: "v1", kind: "Deployment", namespace: "team", name: "web", status: "Synced" }];
    expect(why({ operationState: { phase: "Running", startedAt: AT, message: "waiting for healthy state of apps/Deployment/web", retryCount: 2, syncResult: { resources } } }, [compared(deployment)])[1]).toMatchObject({ reason: "OperationRunning", cause: "Crashing", blocker: { name: "web-1-x" }, object: { name: "web" }, values: { retries: "2" } });
  });

  it("names what failed in an operation, a hook too", () => {
    const job = object("batch/v1", "Job", "migrate", { status: { conditions: [{ type: "Failed", status: "True", message: "BackoffLimitExceeded", lastTransitionTime: AT }] } });
    const resources = [{ group: "batch", version: "v1", kind: "Job", namespace: "team", name: "migrate", hookType: "PreSync", hookPhase: "Failed", message: "Job has reached the specified backoff limit" }];
    expect(why({ operationState: { phase: "Failed", startedAt: AT, finishedAt: AT, message: "hooks failed", syncResult: { resources } } }, [compared(job)])[0]).toMatchObject({ reason: "OperationFailed", cause: "JobFailed", blocker: { kind: "Job", name: "migrate" } });
    expect(why({ operationState: { phase: "Failed", startedAt: AT, message: "one or more objects failed to apply", syncResult: { resources: [{ group: "", version: "v1", kind: "ConfigMap", namespace: "team", name: "gone", status: "SyncFailed", message: "is forbidden" }] } } }, [])[0]).toMatchObject({ reason: "OperationFailed", blocker: { kind: "ConfigMap", name: "gone" }, facts: [{ what: "result", text: "ConfigMap team/gone: is forbidden" }] });
  });

  it("tells a rollback once, and that what differs is held back", () => {
    const record: ReleaseStatus = { quarantined: [{ digest: "d", revision: "b".repeat(40), since: AT, reason: "PodsStuck", message: "container main of pod web-1-x is in ImagePullBackOff" }], pinned: { digest: "e", revision: "a".repeat(40), since: AT } };
    const reasons = why({ conditions: [{ type: "SyncError", message: "Skipping sync attempt to bbbbbbb: what it renders to is quarantined" }, { type: "RolledBack", message: "rolled back from bbbbbbb to aaaaaaa" }], operationState: { phase: "Failed", startedAt: AT, message: "rolled back to aaaaaaa: broken" } }, [drifted], { record });
    expect(reasons).toMatchObject([{ reason: "RolledBack", values: { from: "bbbbbbb", to: "aaaaaaa" }, facts: [{ text: "container main of pod web-1-x is in ImagePullBackOff", since: AT }] }, { reason: "Drifted", cause: "HeldBack" }]);
  });

  it("says what a Rollout waits for, and which measurements were bad", () => {
    const rollout = object("argoproj.io/v1alpha1", "Rollout", "web", { status: { phase: "Paused", observedGeneration: "1", pauseConditions: [{ reason: "CanaryPauseStep" }], conditions: [] }, spec: { strategy: { canary: {} } } });
    const report = { namespace: "team", name: "web", currentRevision: "2", sets: [{ revision: "2", available: 1, desired: 2 }], analyses: [{ failures: [{ metric: "rate", phase: "Failed", value: "0.4", message: "", dryRun: false, finishedAt: AT }, { metric: "other", phase: "Failed", value: "9", message: "", dryRun: true }] }], waitingFor: { reason: "AnalysisRunning", message: "AnalysisRun run is measuring", blocker: { kind: "AnalysisRun", name: "run" } } };
    const [reason] = why({}, [compared(rollout)], { reportOf: () => report as unknown as ReleaseReport });
    expect(reason).toMatchObject({ cause: "AnalysisRunning", blocker: { group: "argoproj.io", kind: "AnalysisRun", namespace: "team", name: "run" }, object: { kind: "Rollout" }, values: { available: "1", desired: "2" }, facts: [{ what: "measurement", text: "rate measured 0.4: Failed", since: AT }] });
    expect(reason!.facts).toHaveLength(1);
  });

  it("says who holds an application that is being deleted", () => {
    const held = object("v1", "ConfigMap", "kept", {});
    held.metadata.deletionTimestamp = AT;
    held.metadata.finalizers = ["example.com/guard"];
    expect(why({}, [compared(held)], { metadata: { deletionTimestamp: AT } })[0]).toMatchObject({ reason: "Deleting", cause: "Finalizers", blocker: { name: "kept" }, values: { finalizers: "example.com/guard", count: "1" } });
  });

  it("says nothing of what is as it should be", () => {
    expect(why({ operationState: { phase: "Succeeded", startedAt: AT } }, [compared(object("v1", "ConfigMap", "settings"))])).toEqual([]);
  });

  it("never shows values of a Secret", () => {
    const secret = compared(object("v1", "Secret", "key"), { modified: true, differences: [{ path: "data.token", pointer: "/data/token", desired: "a", live: "b", writer: { manager: "m" } }] as unknown as ObjectComparison["differences"] });
    expect(why({}, [secret])[0]!.evidence).toEqual([{ path: "data.token", writer: { manager: "m" } }]);
  });
});
