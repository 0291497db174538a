import type { KubeObject } from "@trireme/api";
import { healthOf } from "../health/index.ts";
import { kindRank } from "./kind-order.ts";
import { withResults } from "./results.ts";
import { afterRun, failureMessage, nextStep, type Step } from "./step.ts";
import { planTasks, type SyncTask, type TaskInput } from "./tasks.ts";

const object = (kind: string, name: string, annotations: Record<string, string> = {}, apiVersion = "v1"): KubeObject => ({ apiVersion, kind, metadata: { name, namespace: "team", annotations } });
const wave = (n: number) => ({ "argocd.argoproj.io/sync-wave": String(n) });
const hook = (name: string, type: string, more: Record<string, string> = {}) => object("Job", name, { "argocd.argoproj.io/hook": type, ...more }, "batch/v1");
const plan = (input: Partial<TaskInput>) => planTasks({ pairs: [], hooks: [], skipHooks: false, revision: "abc", startedAt: "2026-01-01T00:00:00Z", liveHook: () => undefined, destinationNamespace: "team", pruneLast: false, results: [], ...input });
const names = (tasks: readonly SyncTask[]) => tasks.map((task) => `${task.phase}/${task.wave} ${task.gvk.kind}/${task.key.name}`);
const next = (tasks: SyncTask[]) => nextStep(tasks, { outOfSyncOnly: undefined, healthOf: (task) => healthOf(task.live!) });
const target = (each: KubeObject) => ({ target: each, live: undefined });
const extra = (each: KubeObject) => ({ target: undefined, live: each });

describe(planTasks, () => {
  it("orders by phase, wave, kind and name", () => {
    const tasks = plan({ pairs: [target(object("Deployment", "b", {}, "apps/v1")), target(object("Deployment", "a", {}, "apps/v1")), target(object("ConfigMap", "c")), target(object("Secret", "late", wave(1))), target(object("Widget", "w", {}, "x.io/v1"))], hooks: [hook("post", "PostSync"), hook("pre", "PreSync")] });
    expect(names(tasks)).toEqual(["PreSync/0 Job/pre", "Sync/0 ConfigMap/c", "Sync/0 Deployment/a", "Sync/0 Deployment/b", "Sync/0 Widget/w", "Sync/1 Secret/late", "PostSync/0 Job/post"]);
  });

  it("moves a namespace before the first task that is in it, and a definition before its first object", () => {
    const crd: KubeObject = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "widgets.x.io", annotations: wave(5) }, spec: { group: "x.io", names: { kind: "Widget" } } };
    const tasks = plan({ pairs: [target({ apiVersion: "v1", kind: "Namespace", metadata: { name: "team", annotations: wave(3) } }), target(object("ConfigMap", "c", wave(-1))), target(object("Widget", "w", wave(1), "x.io/v1")), target(crd)] });
    expect(names(tasks)).toEqual(["Sync/-1 Namespace/team", "Sync/-1 ConfigMap/c", "Sync/1 CustomResourceDefinition/widgets.x.io", "Sync/1 Widget/w"]);
  });

  it("prunes in the reverse order of creation, and last of all where that is asked for", () => {
    const pairs = [extra(object("ConfigMap", "first", wave(-1))), extra(object("ConfigMap", "last", wave(2))), target(object("ConfigMap", "kept", wave(1)))];
    expect(names(plan({ pairs }))).toEqual(["Sync/-1 ConfigMap/last", "Sync/1 ConfigMap/kept", "Sync/2 ConfigMap/first"]);
    expect(names(plan({ pairs, pruneLast: true }))).toEqual(["Sync/1 ConfigMap/kept", "Sync/3 ConfigMap/first", "Sync/3 ConfigMap/last"]);
  });

  it("leaves hooks out where only some resources are synced", () => {
    expect(names(plan({ hooks: [hook("pre", "PreSync")], skipHooks: true }))).toEqual([]);
  });

  it("finds its results again", () => {
    const first = plan({ hooks: [hook("pre", "PreSync")] });
    Object.assign(first[0]!, { status: "Synced", operation: "Running", message: "job.batch/pre created" });
    const [again] = plan({ hooks: [hook("pre", "PreSync")], results: withResults([], first) });
    expect(again).toMatchObject({ status: "Synced", operation: "Running", message: "job.batch/pre created" });
  });
});

describe(nextStep, () => {
  const run = (step: Step) => (step.kind === "run" ? names(step.tasks) : step);

  it("runs one wave at a time and waits until it is healthy", () => {
    const tasks = plan({ pairs: [target(object("Service", "a", wave(0))), target(object("ConfigMap", "b", wave(1)))] });
    const step = next(tasks) as Extract<Step, { kind: "run" }>;
    expect(run(step)).toEqual(["Sync/0 Service/a"]);
    Object.assign(tasks[0]!, { status: "Synced", operation: "Running" });
    expect(afterRun(tasks, step, "successful")).toMatchObject({ kind: "wait", message: "waiting for healthy state of /Service/a" });
    tasks[0]!.live = { ...object("Service", "a"), spec: { type: "LoadBalancer" } };
    expect(next(tasks)).toMatchObject({ kind: "wait", message: "waiting for healthy state of /Service/a" });
    tasks[0]!.live = { ...object("Service", "a"), spec: {} };
    expect(run(next(tasks))).toEqual(["Sync/1 ConfigMap/b"]);
  });

  it("ends a sync of one wave without hooks as soon as everything is applied", () => {
    const tasks = plan({ pairs: [target(object("Service", "a"))] });
    const step = next(tasks) as Extract<Step, { kind: "run" }>;
    Object.assign(tasks[0]!, { status: "Synced", operation: "Running" });
    expect(afterRun(tasks, step, "successful")).toEqual({ kind: "succeed", message: "successfully synced (all tasks run)", deleteHooks: [] });
  });

  it("waits for a hook, and fails with it", () => {
    const tasks = plan({ hooks: [hook("pre", "PreSync")], pairs: [target(object("ConfigMap", "c"))] });
    Object.assign(tasks[0]!, { status: "Synced", operation: "Running", live: hook("pre", "PreSync") });
    expect(next(tasks)).toMatchObject({ kind: "wait", message: "waiting for completion of hook batch/Job/pre" });
    tasks[0]!.live = { ...hook("pre", "PreSync"), status: { conditions: [{ type: "Failed", message: "no" }] } };
    expect(next(tasks)).toMatchObject({ kind: "fail", message: "one or more synchronization tasks completed unsuccessfully" });
    expect(tasks[0]).toMatchObject({ operation: "Failed", message: "no" });
  });

  it("asks the server for what the cache does not have", () => {
    const tasks = plan({ hooks: [hook("pre", "PreSync")] });
    Object.assign(tasks[0]!, { status: "Synced", operation: "Running" });
    expect(next(tasks)).toMatchObject({ kind: "wait", missing: [tasks[0]] });
  });

  it("waits for what was pruned to be gone", () => {
    const tasks = plan({ pairs: [extra(object("ConfigMap", "old"))] });
    Object.assign(tasks[0]!, { status: "Pruned", operation: "Succeeded" });
    tasks[0]!.live = { ...object("ConfigMap", "old"), metadata: { name: "old", deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(next(tasks)).toMatchObject({ kind: "wait", message: "waiting for deletion of /ConfigMap/old" });
    tasks[0]!.live = undefined;
    expect(next(tasks)).toMatchObject({ kind: "succeed", message: "successfully synced (no more tasks)" });
  });

  it("leaves SyncFail hooks for a failure", () => {
    const tasks = plan({ hooks: [hook("onfail", "SyncFail")] });
    expect(next(tasks)).toMatchObject({ kind: "succeed" });
  });
});

test("a failure names what failed, and the hooks that failed after it", () => {
  const [task, rescue] = plan({ pairs: [target(object("ConfigMap", "c"))], hooks: [hook("rescue", "SyncFail")] });
  Object.assign(task!, { status: "SyncFailed", message: "refused" });
  Object.assign(rescue!, { status: "SyncFailed", message: "refused too" });
  expect(failureMessage("one or more objects failed to apply", [task!], [])).toBe("one or more objects failed to apply, reason: refused");
  expect(failureMessage("one or more objects failed to apply", [task!], [rescue!])).toBe("one or more objects failed to apply, reason: refused\none or more SyncFail hooks failed, reason: refused too");
});

test("custom kinds come last", () => {
  expect(kindRank("Namespace")).toBeLessThan(kindRank("Deployment"));
  expect(kindRank("Widget")).toBeGreaterThan(kindRank("APIService"));
});

test("a result keeps its place, its images and its last words", () => {
  const tasks = plan({ pairs: [target({ ...object("Deployment", "web", {}, "apps/v1"), spec: { template: { spec: { containers: [{ image: "a:1" }] } } } })] });
  Object.assign(tasks[0]!, { status: "Synced", operation: "Running", message: "deployment.apps/web created" });
  const results = withResults([], tasks);
  expect(results).toEqual([{ group: "apps", version: "v1", kind: "Deployment", namespace: "team", name: "web", status: "Synced", message: "deployment.apps/web created", hookPhase: "Running", syncPhase: "Sync", images: ["a:1"] }]);
  Object.assign(tasks[0]!, { operation: "Succeeded", target: undefined, live: undefined });
  expect(withResults(results, tasks)).toEqual([{ ...results[0], hookPhase: "Succeeded" }]);
});
