import type { KubeObject } from "@trireme/api";
import { KubeUnreachableError } from "@trireme/kube";
import { automated, configMap, hook, startController, type Running } from "./_controller.ts";

const phase = (running: Running) => running.app().status?.operationState?.phase;
const isSynced = (running: Running) => running.app().status?.sync?.status === "Synced" && phase(running) === "Succeeded";
const conditions = (running: Running) => (running.app().status?.conditions ?? []).map(({ type, message }) => `${type}: ${message}`);
const live = (running: Running, name: string) => running.cluster.peek("ConfigMap", "team", name);
const sync = (running: Running, operation: object = {}) => running.cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" }, "merge", { operation: { initiatedBy: { username: "me" }, sync: operation }, status: { operationState: null } });
const ended = (running: Running) => running.cluster.until("the operation to end", () => running.app().operation === undefined && ["Succeeded", "Failed", "Error"].includes(phase(running) ?? ""));

describe("an application", () => {
  it("is OutOfSync and Missing until it is synced, then Synced, with a history", async () => {
    await using running = await startController({ objects: [configMap("a"), configMap("b")] });
    expect(running.app().status).toMatchObject({ sync: { status: "OutOfSync", revision: running.repository.revision }, health: { status: "Missing" } });
    running.cluster.writes.length = 0;
    await sync(running);
    await ended(running);
    expect(running.app().status).toMatchObject({ sync: { status: "Synced" }, health: { status: "Healthy" }, operationState: { phase: "Succeeded", message: "successfully synced (all tasks run)" }, history: [{ id: 0, revision: running.repository.revision }] });
    await running.settled();
    expect(running.cluster.writes.map(({ method, kind }) => `${method} ${kind}`)).toEqual(["patch Application", "patch Application", "create ConfigMap", "create ConfigMap", "patch Application"]);
  });

  it("is synced by itself where it is automated, and writes nothing when nothing is new", async () => {
    await using running = await startController({ objects: [configMap("a")], spec: automated });
    await running.cluster.until("Synced", () => isSynced(running));
    await running.settled();
    running.cluster.writes.length = 0;
    running.cluster.reads.length = 0;
    await running.pushed();
    expect([running.cluster.writes, running.cluster.reads]).toEqual([[], []]);
  });

  it("takes three writes to follow a commit, and reads nothing", async () => {
    await using running = await startController({ objects: [configMap("a"), configMap("b")], spec: automated });
    await running.cluster.until("Synced", () => isSynced(running));
    await running.settled();
    running.cluster.writes.length = 0;
    running.cluster.reads.length = 0;
    const revision = running.repository.commit(configMap("a", "2"), configMap("b"));
    await running.pushed();
    await running.cluster.until("the commit", () => isSynced(running) && running.app().status?.sync?.revision === revision);
    expect(running.cluster.writes.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["Application web", "ConfigMap a", "Application web"]);
    expect(running.cluster.reads).toEqual([]);
    expect(live(running, "a")!["data"]).toEqual({ value: "2" });
  });

  it("heals what somebody changed, in three writes", async () => {
    await using running = await startController({ objects: [configMap("a")], spec: automated });
    await running.cluster.until("Synced", () => isSynced(running));
    await running.settled();
    running.cluster.writes.length = 0;
    running.cluster.put({ ...live(running, "a")!, data: { value: "by hand" } });
    await running.cluster.until("the heal", () => live(running, "a")!["data"].value === "1" && isSynced(running) && running.app().operation === undefined && running.app().status?.operationState?.operation.sync?.autoHealAttemptsCount === 1);
    await running.settled();
    expect(running.cluster.writes.map(({ kind }) => kind).sort()).toEqual(["Application", "Application", "ConfigMap"]);
  });

  it("answers a refresh while an operation waits, which delivers what it was begun with", async () => {
    await using running = await startController({ objects: [hook("first", "PreSync"), configMap("a")] });
    const begun = running.repository.revision;
    await sync(running);
    await running.cluster.until("the hook to run", () => running.cluster.peek("Job", "team", "first") !== undefined && phase(running) === "Running");
    const next = running.repository.commit(hook("first", "PreSync"), configMap("a", "2"), configMap("b"));
    const refresh = async (kind: string): Promise<void> => {
      await running.cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" }, "merge", { metadata: { annotations: { "argocd.argoproj.io/refresh": kind } } });
      await running.cluster.until("the answer", () => running.app().metadata.annotations?.["argocd.argoproj.io/refresh"] === undefined);
    };
    await refresh("normal");
    expect(running.app().status).toMatchObject({ sync: { status: "OutOfSync", revision: next }, operationState: { phase: "Running", syncResult: { revision: begun } } });
    expect(running.app().status?.resources?.map(({ name }) => name)).toEqual(["a", "b", "first"]);
    // Git that cannot be read is told too, and stops nothing.
    running.repository.failure = new Error("the repository is away");
    await refresh("hard");
    expect(running.app().status).toMatchObject({ sync: { status: "Unknown" }, operationState: { phase: "Running" } });
    expect(conditions(running).join()).toContain("the repository is away");
    running.repository.failure = undefined;
    running.cluster.put({ ...running.cluster.peek("Job", "team", "first")!, status: { succeeded: 1, conditions: [{ type: "Complete", status: "True" }] } });
    await ended(running);
    expect([phase(running), live(running, "a")!["data"], live(running, "b")]).toEqual(["Succeeded", { value: "1" }, undefined]);
    await running.cluster.until("the next revision to be compared", () => running.app().status?.sync?.revision === next && running.app().status?.sync?.status === "OutOfSync");
  });
});

describe("pruning", () => {
  const after = async (change: (running: Running) => void, check: (running: Running) => Promise<void>) => {
    await using running = await startController({ objects: [configMap("kept"), configMap("gone")], spec: automated });
    await running.cluster.until("Synced", () => isSynced(running));
    await running.settled();
    running.repository.commit(configMap("kept"));
    change(running);
    await running.pushed();
    await check(running);
  };

  it("deletes what Git has no more", () =>
    after(
      () => undefined,
      async (running) => {
        await running.cluster.until("the prune", () => live(running, "gone") === undefined && isSynced(running));
        expect(live(running, "kept")).toBeDefined();
      },
    ));

  it("deletes nothing where a render past the caches gives something else", () =>
    after(
      (running) => (running.repository.uncached = [configMap("kept"), configMap("gone")]),
      async (running) => {
        await running.cluster.until("the refusal", () => /nothing pruned: rendering .* past the caches gives other objects/.test(running.app().status?.operationState?.message ?? ""));
        expect(live(running, "gone")).toBeDefined();
        expect(running.cluster.writes.some(({ method }) => method === "delete")).toBe(false);
      },
    ));

  it("knows nothing and deletes nothing while the repository cannot be read", () =>
    after(
      (running) => (running.repository.failure = new Error("the Git server answered 500")),
      async (running) => {
        await running.cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" }, "merge", { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } });
        await running.cluster.until("Unknown", () => running.app().status?.sync?.status === "Unknown");
        expect(conditions(running)).toEqual(["ComparisonError: Failed to load target state: the Git server answered 500"]);
        expect(live(running, "gone")).toBeDefined();
        running.repository.failure = undefined;
      },
    ));

  it("holds back what is more than automated sync may delete", async () => {
    const many = Array.from({ length: 8 }, (_, index) => configMap(`c${index}`));
    await using running = await startController({ objects: many, spec: automated });
    await running.cluster.until("Synced", () => isSynced(running));
    running.repository.commit(many[0]!);
    await running.pushed();
    await running.cluster.until("the warning", () => conditions(running).length > 0);
    expect(conditions(running)).toEqual(["DeletionHeldWarning: Automated sync would delete 7 of 8 objects, more than 50 %: sync with pruning to confirm"]);
    await sync(running, { prune: true });
    await running.cluster.until("a person's prune", () => running.cluster.all("ConfigMap").filter((object) => object.metadata.namespace === "team").length === 1 && isSynced(running));
  });
});

describe("a controller that dies in the middle", () => {
  const points = Array.from({ length: 12 }, (_, index) => index + 1).flatMap((nth) => [{ nth, when: "before" as const }, { nth, when: "after" as const }]);
  test.each(points)("goes on where it died $when write $nth, and runs no hook twice", async ({ nth, when }) => {
    const first = await startController({ objects: [hook("before", "PreSync"), configMap("a"), configMap("b", "1", { "argocd.argoproj.io/sync-wave": "1" }), hook("after", "PostSync")] });
    const { cluster, repository } = first;
    const made = new Map<string, number>();
    // Jobs are done as soon as they are seen.
    const finish = () => {
      for (const job of cluster.all("Job")) if (job["status"] === undefined && job.metadata.deletionTimestamp === undefined) cluster.put({ ...job, status: { conditions: [{ type: "Complete", status: "True" }] } });
    };
    const working = setInterval(finish, 5);
    let writes = 0;
    let isDead = false;
    const die = () => {
      isDead = true;
      throw new Error("killed");
    };
    cluster.beforeWrite = ({ method, kind, name }) => {
      if (kind === "Event" || kind === "Lease") return;
      if (isDead || (when === "before" && writes + 1 >= nth)) die();
      writes++;
      if (method === "create" && kind === "Job") made.set(name, (made.get(name) ?? 0) + 1);
    };
    cluster.afterWrite = ({ kind }) => {
      if (kind !== "Event" && kind !== "Lease" && when === "after" && writes >= nth) die();
    };
    const body = { operation: { initiatedBy: { username: "me" }, sync: {} }, status: { operationState: null } };
    cluster.put({ ...first.app(), operation: body.operation });
    await cluster.until("the end of this controller", () => isDead || first.app().status?.operationState?.phase === "Succeeded");
    await first[Symbol.asyncDispose]();

    cluster.afterWrite = () => undefined;
    cluster.beforeWrite = ({ method, kind, name }) => {
      if (method === "create" && kind === "Job") made.set(name, (made.get(name) ?? 0) + 1);
    };
    await using second = await startController({ cluster, repository });
    await ended(second);
    clearInterval(working);
    expect(second.app().status?.operationState).toMatchObject({ phase: "Succeeded" });
    expect(second.app().status?.sync?.status).toBe("Synced");
    expect(Object.fromEntries(made)).toEqual({ before: 1, after: 1 });
    expect([live(second, "a"), live(second, "b")].map((object) => object?.["data"])).toEqual([{ value: "1" }, { value: "1" }]);
  });
});

describe("a cluster that is away for a while in the middle", () => {
  const REFUSED = 6;
  const points = Array.from({ length: 9 }, (_, index) => index + 1).flatMap((nth) => [{ nth, when: "before" as const }, { nth, when: "after" as const }]);
  test.each(points)("is waited for from $when write $nth on, and no hook runs twice", async ({ nth, when }) => {
    await using running = await startController({ objects: [hook("before", "PreSync"), configMap("a"), configMap("b", "1", { "argocd.argoproj.io/sync-wave": "1" }), hook("after", "PostSync")] });
    const { cluster } = running;
    const made = new Map<string, number>();
    const working = setInterval(() => {
      for (const job of cluster.all("Job")) if (job["status"] === undefined && job.metadata.deletionTimestamp === undefined) cluster.put({ ...job, status: { conditions: [{ type: "Complete", status: "True" }] } });
    }, 5);
    const away = () => new KubeUnreachableError("PATCH on the cluster: read ECONNRESET", { cluster: cluster.cluster, reason: "ClusterUnreachable" });
    let writes = 0;
    let refused = 0;
    cluster.beforeWrite = ({ kind }) => {
      if (kind === "Event" || kind === "Lease") return;
      writes++;
      const first = when === "before" ? nth : nth + 1;
      if (writes >= first && refused < REFUSED) {
        refused++;
        throw away();
      }
    };
    cluster.afterWrite = ({ method, kind, name }) => {
      if (method === "create" && kind === "Job") made.set(name, (made.get(name) ?? 0) + 1);
      // Done, but its sender never hears of it.
      if (kind !== "Event" && kind !== "Lease" && when === "after" && writes === nth && refused < REFUSED) {
        refused++;
        throw away();
      }
    };
    cluster.put({ ...running.app(), operation: { initiatedBy: { username: "me" }, sync: {} } } as KubeObject);
    await cluster.until("the operation to end", () => running.app().operation === undefined && phase(running) !== "Running" && phase(running) !== undefined, 30_000);
    clearInterval(working);
    expect(refused).toBe(REFUSED);
    expect(running.app().status).toMatchObject({ sync: { status: "Synced" }, operationState: { phase: "Succeeded", operation: { initiatedBy: { username: "me" } } }, history: [{ id: 0 }] });
    expect(Object.fromEntries(made)).toEqual({ before: 1, after: 1 });
    expect([live(running, "a"), live(running, "b")].map((object) => object?.["data"])).toEqual([{ value: "1" }, { value: "1" }]);
  }, 40_000);
});

test("an operation is terminated at once, with its hooks", async () => {
  await using running = await startController({ objects: [hook("before", "PreSync"), configMap("a")] });
  await sync(running);
  await running.cluster.until("the hook", () => running.app().status?.operationState?.message === "waiting for completion of hook batch/Job/before");
  await running.cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" }, "merge", { status: { operationState: { phase: "Terminating" } } });
  await ended(running);
  expect(running.app().status?.operationState).toMatchObject({ phase: "Failed", message: "Operation terminated" });
  expect([running.cluster.peek("Job", "team", "before"), live(running, "a")]).toEqual([undefined, undefined]);
});

test("a deletion with its finalizer leaves nothing, without it leaves everything", async () => {
  await using cascading = await startController({ objects: [configMap("a")], spec: automated, metadata: { finalizers: ["resources-finalizer.argocd.argoproj.io"] } });
  await cascading.cluster.until("Synced", () => isSynced(cascading));
  await cascading.cluster.delete({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "web" });
  await cascading.cluster.until("everything to be gone", () => cascading.app() === undefined && live(cascading, "a") === undefined);
});

test("what the cluster would refuse is refused before anything is applied", async () => {
  await using running = await startController({ objects: [configMap("a"), { apiVersion: "v1", kind: "Service", metadata: { name: "web", nmaespace: "x" }, spec: { ports: [{ port: 80 }] } }], spec: automated });
  await running.cluster.until("the refusal", () => conditions(running).length > 0);
  expect(conditions(running)).toEqual(["ComparisonError: metadata.nmaespace is not a field of Service; did you mean namespace?"]);
  expect(live(running, "a")).toBeUndefined();
});
