import type { KubeObject } from "@trireme/api";
import { NO_ROLLBACK_ANNOTATION, ROLLBACK_ANNOTATION, ROLLBACK_GRACE_ANNOTATION } from "@trireme/gitops";
import { automated, configMap, hook, startController, type Running } from "./_controller.ts";

const APP = { group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" };
/** A grace that a test can wait for, and in which what a test does next still comes in time. */
const SOON = { [ROLLBACK_GRACE_ANNOTATION]: "400ms" };
const quick = { metadata: { annotations: SOON }, spec: { syncPolicy: { ...automated.syncPolicy, retry: { limit: 0 } } } };

const status = (running: Running) => running.app().status!;
const record = (running: Running) => (running.cluster.peek("Release", "argocd", "web")?.["status"] ?? {}) as Record<string, any>;
const conditions = (running: Running) => (status(running).conditions ?? []).map(({ type, message }) => `${type}: ${message}`);
const value = (running: Running, name: string) => running.cluster.peek("ConfigMap", "team", name)?.["data"]?.value;
const sets = (running: Running) => running.cluster.all("Secret").filter(({ metadata }) => metadata.name!.startsWith("trireme-set-"));
const short = (revision: string) => revision.slice(0, 7);
const provenIs = (running: Running, revision: string) => running.cluster.until(`a proven release at ${revision}`, () => record(running)["proven"]?.[0]?.revision === revision);
const idle = (running: Running) => running.app().operation === undefined && ["Succeeded", "Failed"].includes(status(running).operationState?.phase ?? "");

/** The cluster refuses the object of this name from now on. */
const refuse = (running: Running, name: string) => {
  running.cluster.beforeWrite = (write) => {
    if (write.kind === "ConfigMap" && write.name === name) throw Object.assign(new Error(`${name} is not to be`), { reason: "Invalid" });
  };
};

/** An application whose first release has proven itself, and a second one that cannot be applied whole. */
async function failing(options: { metadata?: object; spec?: object } = {}): Promise<Running & { good: string; bad: string }> {
  const running = await startController({ ...quick, ...options, objects: [configMap("a"), configMap("s")] });
  const good = running.repository.revision;
  await provenIs(running, good);
  refuse(running, "z");
  const bad = running.repository.commit(configMap("a", "2"), configMap("s"), configMap("z"));
  await running.pushed();
  return Object.assign(running, { good, bad });
}

const deployment = (image: string): KubeObject => ({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 1, selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "main", image }] } } } });

/** What kube-controller-manager and the kubelet would say of the Deployment as it stands. */
function rollOut(running: Running, pod: object, options: { available: boolean }): void {
  const { cluster } = running;
  const live = cluster.peek("Deployment", "team", "web")!;
  const image = live["spec"].template.spec.containers[0].image as string;
  const revision = String(cluster.all("ReplicaSet").length + 1);
  const owner = (object: KubeObject) => [{ apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name!, uid: object.metadata.uid!, controller: true }];
  const set = cluster.put({ apiVersion: "apps/v1", kind: "ReplicaSet", metadata: { name: `web-${revision}`, namespace: "team", annotations: { "deployment.kubernetes.io/revision": revision }, ownerReferences: owner(live) }, spec: { replicas: 1, template: live["spec"].template } });
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: `web-${revision}-x`, namespace: "team", ownerReferences: owner(set) }, spec: { containers: [{ name: "main", image }] }, status: pod });
  const counts = options.available ? { updatedReplicas: 1, replicas: 1, availableReplicas: 1 } : { updatedReplicas: 1, replicas: 2, availableReplicas: 1 };
  cluster.put({ ...cluster.peek("Deployment", "team", "web")!, status: { observedGeneration: 1, ...counts } });
}

const RUNNING = { phase: "Running", conditions: [{ type: "Ready", status: "True" }], containerStatuses: [{ name: "main", state: { running: {} } }] };
const NOT_PULLED = { phase: "Pending", conditions: [{ type: "Ready", status: "False", lastTransitionTime: "2026-01-01T00:00:00Z" }], containerStatuses: [{ name: "main", state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "web:bad"' } } }] };

describe("a release that holds", () => {
  it("is kept sealed, in one write for its set and one that says so", async () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, stringData: { token: "hunter2-hunter2" } };
    await using running = await startController({ ...quick, objects: [configMap("a"), secret] });
    await provenIs(running, running.repository.revision);
    await running.settled();
    expect(record(running)).toMatchObject({ applicationUID: running.app().metadata.uid, proven: [{ historyID: 0, secrets: [sets(running)[0]!.metadata.name] }], rollbacksSinceProven: 0 });
    expect(sets(running)).toHaveLength(1);
    expect(sets(running)[0]!.metadata.ownerReferences).toMatchObject([{ kind: "Application", name: "web", uid: running.app().metadata.uid }]);
    expect(JSON.stringify(sets(running))).not.toContain("hunter2");
    expect(running.cluster.writes.filter(({ kind }) => kind === "Release" || kind === "Secret").map(({ method, kind, name }) => `${method} ${kind} ${name === "key" ? name : ""}`.trim())).toEqual(["create Secret key", "create Secret", "create Release"]);
    running.cluster.writes.length = 0;
    await running.pushed();
    expect(running.cluster.writes).toEqual([]);
  });

  it("is kept with the two before it, and no more", async () => {
    await using running = await startController({ ...quick, objects: [configMap("a")] });
    await provenIs(running, running.repository.revision);
    for (const next of ["2", "3", "4"]) {
      running.repository.commit(configMap("a", next));
      await running.pushed();
      await provenIs(running, running.repository.revision);
    }
    await running.cluster.until("the oldest set to go", () => sets(running).length === 3);
    expect(record(running)["proven"]).toHaveLength(3);
  });
});

describe("a sync that fails for good", () => {
  it("ends Failed with what was there before back in place, and its set is left alone whatever commit carries it", async () => {
    await using running = await failing();
    await running.cluster.until("the rollback", () => idle(running) && status(running).operationState!.message!.startsWith("rolled back"));
    expect(status(running)).toMatchObject({ sync: { status: "OutOfSync", revision: running.bad }, operationState: { phase: "Failed", message: expect.stringMatching(new RegExp(`^rolled back to ${short(running.good)}: one or more objects failed to apply`)) } });
    expect(value(running, "a")).toBe("1");
    expect(record(running)).toMatchObject({ quarantined: [{ revision: running.bad, reason: "SyncFailed" }], pinned: { revision: running.good }, rollbacksSinceProven: 1 });
    expect(conditions(running)).toEqual([expect.stringMatching(new RegExp(`^RolledBack: rolled back from ${short(running.bad)} to ${short(running.good)} since .*: one or more objects failed`)), expect.stringMatching(`^SyncError: Skipping sync attempt to ${short(running.bad)}: what it renders to is quarantined`)]);
    expect(status(running).history).toHaveLength(1);

    const { objects } = running.repository;
    running.cluster.beforeWrite = () => undefined;
    running.cluster.writes.length = 0;
    const unrelated = running.repository.commit(...objects);
    await running.pushed();
    await running.cluster.until("the commit to be seen", () => status(running).sync!.revision === unrelated);
    await running.settled();
    expect(running.cluster.writes.filter(({ kind }) => kind === "ConfigMap")).toEqual([]);

    const better = running.repository.commit(configMap("a", "3"), configMap("s"));
    await running.pushed();
    await provenIs(running, better);
    expect(value(running, "a")).toBe("3");
    await running.cluster.until("the conditions to go", () => conditions(running).length === 0);
    expect(record(running)["pinned"]).toBeUndefined();
  });

  it("goes back from what is stored, with Git away", async () => {
    await using running = await startController({ ...quick, objects: [configMap("a"), configMap("s")] });
    await provenIs(running, running.repository.revision);
    running.cluster.beforeWrite = (write) => {
      if (write.kind !== "ConfigMap" || write.name !== "z") return;
      running.repository.failure = new Error("Git is away");
      throw new Error("z is not to be");
    };
    running.repository.commit(configMap("a", "2"), configMap("s"), configMap("z"));
    await running.pushed();
    await running.cluster.until("the rollback", () => value(running, "a") === "1" && idle(running));
    expect(status(running).operationState).toMatchObject({ phase: "Failed", message: expect.stringContaining("rolled back to") });
  });

  it("is taken back by whoever comes after a death in the middle", async () => {
    const running = await startController({ ...quick, objects: [configMap("a"), configMap("s")] });
    const { cluster, repository } = running;
    await provenIs(running, repository.revision);
    refuse(running, "z");
    const refused = cluster.beforeWrite;
    let died = false;
    cluster.beforeWrite = (write) => {
      if (died || (write.kind === "Application" && record(running)["pinned"] !== undefined)) {
        died = true;
        throw new Error("dead");
      }
      return refused(write);
    };
    repository.commit(configMap("a", "2"), configMap("s"), configMap("z"));
    await running.pushed().catch(() => undefined);
    await cluster.until("the decision", () => died);
    await running[Symbol.asyncDispose]();
    expect(value(running, "a")).toBe("2");
    cluster.beforeWrite = refused;
    await using again = await startController({ cluster, repository });
    await cluster.until("the rollback", () => value(again, "a") === "1" && idle(again));
    expect(record(again)).toMatchObject({ rollbacksSinceProven: 1 });
  });

  it("stays where it is when nothing has proven itself before, and when only a refusal was all", async () => {
    await using running = await startController({ ...quick, objects: [configMap("a")] });
    await provenIs(running, running.repository.revision);
    running.repository.commit(configMap("a"), { apiVersion: "none.test/v1", kind: "Nothing", metadata: { name: "x" } });
    await running.pushed();
    await running.cluster.until("the failure", () => idle(running) && status(running).operationState!.phase === "Failed");
    await running.settled();
    expect(status(running).operationState!.message).not.toContain("rolled back");
    expect(record(running)["quarantined"]).toBeUndefined();
  });

  it("stops automated sync the third time in a row", async () => {
    await using running = await failing();
    for (const [index, next] of ["5", "6"].entries()) {
      await running.cluster.until("the rollback", () => record(running)["rollbacksSinceProven"] === index + 1 && idle(running) && value(running, "a") === "1");
      running.repository.commit(configMap("a", next), configMap("s"), configMap("z"));
      await running.pushed();
    }
    await running.cluster.until("the third", () => record(running)["rollbacksSinceProven"] === 3 && idle(running) && value(running, "a") === "1");
    running.cluster.beforeWrite = () => undefined;
    const good = running.repository.commit(configMap("a", "7"), configMap("s"));
    await running.pushed();
    await running.cluster.until("the stop", () => status(running).sync!.revision === good && conditions(running).some((text) => text.startsWith("AutomatedSyncStopped: automated sync is stopped: 3 releases in a row were rolled back")));
    await running.settled();
    expect(value(running, "a")).toBe("1");
    await running.cluster.patch(APP, "merge", { operation: { initiatedBy: { username: "me" }, sync: { prune: true } }, status: { operationState: null } });
    await provenIs(running, good);
    await running.cluster.until("the conditions to go", () => conditions(running).length === 0);
  });
});

describe("a release whose pods do not come up", () => {
  const start = async (options: { metadata?: object; extra?: KubeObject[] } = {}) => {
    const running = await startController({ ...quick, ...(options.metadata && { metadata: options.metadata }), objects: [deployment("web:1")] });
    const good = running.repository.revision;
    await running.cluster.until("the Deployment", () => running.cluster.peek("Deployment", "team", "web"));
    rollOut(running, RUNNING, { available: true });
    await provenIs(running, good);
    const bad = running.repository.commit(deployment("web:bad"), ...(options.extra ?? []));
    await running.pushed();
    await running.cluster.until("the bad image", () => image(running) === "web:bad" && idle(running));
    rollOut(running, NOT_PULLED, { available: false });
    return Object.assign(running, { good, bad });
  };
  const image = (running: Running) => running.cluster.peek("Deployment", "team", "web")!["spec"].template.spec.containers[0].image as string;

  it("is taken back without waiting for Kubernetes' deadline, and says which pod", async () => {
    await using running = await start();
    await running.cluster.until("the rollback", () => image(running) === "web:1" && idle(running));
    expect(record(running)["quarantined"]).toMatchObject([{ revision: running.bad, reason: "PodsStuck", message: 'Deployment team/web: container main of pod web-2-x is in ImagePullBackOff: Back-off pulling image "web:bad"' }]);
    expect(status(running).operationState).toMatchObject({ phase: "Succeeded", operation: { sync: { revision: running.good }, initiatedBy: { automated: true } } });
    expect(status(running).history!.map(({ revision }) => revision)).toEqual([running.good, running.bad, running.good]);
    await running.cluster.until("the condition", () => conditions(running).some((text) => text.startsWith("RolledBack: ")));
    expect(status(running).sync).toMatchObject({ status: "OutOfSync", revision: running.bad });
  });

  it("is held where it was taken back to: drift is healed to the pinned set", async () => {
    await using running = await start();
    await running.cluster.until("the rollback", () => image(running) === "web:1" && idle(running));
    running.cluster.put({ ...running.cluster.peek("Deployment", "team", "web")!, spec: deployment("web:hand")["spec"] });
    await running.cluster.until("the heal", () => image(running) === "web:1" && idle(running));
  });

  it("is only told of where the policy says so", async () => {
    await using running = await start({ metadata: { annotations: { ...SOON, [ROLLBACK_ANNOTATION]: "notify" } } });
    await running.cluster.until("the condition", () => conditions(running).some((text) => text.startsWith(`ReleaseFailed: ${short(running.bad)} has failed: Deployment team/web: container main`) && text.endsWith("not rolled back: the rollback policy is to tell only")));
    expect(image(running)).toBe("web:bad");
  });

  it("is nobody's business where it is switched off", async () => {
    await using running = await startController({ ...quick, metadata: { annotations: { ...SOON, [ROLLBACK_ANNOTATION]: "off" } }, objects: [deployment("web:1")] });
    await running.cluster.until("the Deployment", () => running.cluster.peek("Deployment", "team", "web") && idle(running));
    rollOut(running, NOT_PULLED, { available: false });
    await running.cluster.until("the pod to be seen", () => status(running).health?.status === "Progressing");
    await running.settled();
    expect([running.cluster.all("Release"), sets(running), conditions(running)]).toEqual([[], [], []]);
  });

  it("never goes back across a hook that says so", async () => {
    const migrate = hook("migrate", "PreSync");
    migrate.metadata.annotations![NO_ROLLBACK_ANNOTATION] = "true";
    await using running = await startController({ ...quick, objects: [deployment("web:1")] });
    await running.cluster.until("the Deployment", () => running.cluster.peek("Deployment", "team", "web"));
    rollOut(running, RUNNING, { available: true });
    await provenIs(running, running.repository.revision);
    running.repository.commit(deployment("web:bad"), migrate);
    await running.pushed();
    const job = await running.cluster.until("the hook", () => running.cluster.all("Job")[0]);
    running.cluster.put({ ...job, status: { conditions: [{ type: "Complete", status: "True" }] } });
    await running.cluster.until("the bad image", () => image(running) === "web:bad" && idle(running));
    rollOut(running, NOT_PULLED, { available: false });
    await running.cluster.until("the condition", () => conditions(running).some((text) => text.includes(`not rolled back: hook Job migrate is annotated ${NO_ROLLBACK_ANNOTATION}`)));
    expect(image(running)).toBe("web:bad");
  });

  it("goes out again when a person syncs it", async () => {
    await using running = await start();
    await running.cluster.until("the rollback", () => image(running) === "web:1" && idle(running));
    await running.cluster.until("the condition", () => conditions(running).some((text) => text.startsWith("RolledBack: ")));
    for (const pod of running.cluster.all("Pod")) running.cluster.put({ ...pod, status: RUNNING });
    await running.cluster.patch(APP, "merge", { operation: { initiatedBy: { username: "me" }, sync: { revision: running.bad } }, status: { operationState: null } });
    await running.cluster.until("the sync", () => image(running) === "web:bad" && idle(running));
    expect(record(running)["quarantined"]).toBeUndefined();
    expect(record(running)["rollbacksSinceProven"]).toBe(0);
  });
});
