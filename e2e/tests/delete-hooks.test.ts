import type { KubeClient } from "@trireme/kube";
import { Api, condition, syncIs } from "../support/api.ts";
import { isWrite, type Proxy } from "../support/proxy.ts";
import { Repository } from "../support/repository.ts";
import { sample } from "../support/sample.ts";
import type { OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { jobsIn, startWatchedStack, type WatchedStack } from "../support/watched-stack.ts";

const PRE_DELETE = ["pre-delete-finalizer.argocd.argoproj.io", "pre-delete-finalizer.argocd.argoproj.io/cleanup"];
const POST_DELETE = ["post-delete-finalizer.argocd.argoproj.io", "post-delete-finalizer.argocd.argoproj.io/cleanup"];
const CASCADE = "resources-finalizer.argocd.argoproj.io";
const JOB = { group: "batch", version: "v1", kind: "Job" };
const POINTS = 12;

const job = (name: string, type: "PreDelete" | "PostDelete", command: string, annotations: Record<string, string> = {}) => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: ${JSON.stringify({ "argocd.argoproj.io/hook": type, ...annotations })}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: hook
          image: registry.example.com/tools/hook:1
          command: ["sh", "-c", "${command}"]
`;
const configMap = `apiVersion: v1
kind: ConfigMap
metadata: { name: managed }
data: { value: "1" }
`;
const policy = (...names: string[]) => ({ "argocd.argoproj.io/hook-delete-policy": names.join(",") });

/** What runs before and after an Application's objects go, as Argo CD 3.5 does it. */
describe("hooks of a deletion", () => {
  let watched: WatchedStack;
  let stack: OwnStack;
  let api: Api;
  let kube: Proxy;
  let git: Proxy;
  let client: KubeClient;
  const repositories: Repository[] = [];
  let counter = 0;

  beforeAll(async () => {
    watched = await startWatchedStack();
    ({ stack, kube, git, client } = watched);
    api = await Api.signIn(stack);
  }, 120_000);
  afterAll(async () => {
    await Promise.allSettled(repositories.map((repository) => repository[Symbol.asyncDispose]()));
    await watched?.[Symbol.asyncDispose]();
  });
  afterEach(() => {
    kube.tap = {};
    git.tap = {};
  });

  /** An application that is Synced, in a namespace of its own, and the uids of the Jobs that ever appear there. */
  async function synced(files: Record<string, string>, finalizers: string[]) {
    const name = `leaving-${counter++}`;
    const repository = await Repository.create(stack, name, { "managed.yaml": configMap, ...files });
    repositories.push(repository);
    const repoURL = `${git.url}/${name}.git`;
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repoURL, username: stack.git.user, password: stack.git.token });
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const seen = await jobsIn(client, name);
    await api.must("POST", "/api/v1/applications", {
      metadata: { name, namespace: "argocd", finalizers: [CASCADE] },
      spec: { project: "default", source: { repoURL, path: ".", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name } },
    });
    await api.becomes(name, syncIs("OutOfSync"));
    await api.must("POST", `/api/v1/applications/${name}/sync`, {});
    const app = await api.becomes(name, syncIs("Synced"), (found) => (finalizers.every((finalizer) => found.metadata.finalizers?.includes(finalizer)) ? true : { notYet: `finalizers ${found.metadata.finalizers?.join()}` }));
    expect(app.metadata.finalizers.toSorted()).toEqual([CASCADE, ...finalizers].toSorted());
    return { name, repository, ...seen };
  }

  const remove = (name: string, cascade = true) => api.must("DELETE", `/api/v1/applications/${name}?cascade=${cascade}`);
  const gone = (name: string) =>
    until(`application ${name} to be gone`, () => client.find({ group: "argoproj.io", version: "v1alpha1", kind: "Application", namespace: "argocd", name }), (app) => app === undefined || { notYet: `there with ${app.metadata.finalizers?.join()}: ${JSON.stringify(app["status"]?.conditions ?? [])}` }, 45_000);
  const find = (kind: string, namespace: string, name: string) => client.find({ group: kind === "Job" ? "batch" : "", version: "v1", kind, namespace, name });
  const isThere = async (kind: string, namespace: string, name: string) => {
    const found = await find(kind, namespace, name);
    return found !== undefined && found.metadata.deletionTimestamp === undefined;
  };
  const isComplete = async (namespace: string, name: string) => (await find("Job", namespace, name))?.["status"]?.succeeded === 1;

  it("run before the objects go and after; without a policy the first leave with the objects, the last stay", async () => {
    const secret = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: credentials\n  annotations: { argocd.argoproj.io/hook: PostDelete }\nstringData: { token: to-be-kept }\n`;
    const { name, jobs, stopWatching } = await synced({ "before.yaml": job("before", "PreDelete", "sleep 0.5"), "after.yaml": job("after", "PostDelete", "sleep 0.5"), "secret.yaml": secret }, [...PRE_DELETE, ...POST_DELETE]);
    expect([...jobs.keys()]).toEqual([]);
    const seen: string[] = [];
    kube.tap = {
      before: async ({ method, path: url }) => {
        if (!url.includes(`/namespaces/${name}/`)) return;
        if (method === "DELETE" && url.endsWith("/configmaps/managed")) seen.push(`objects go; before is ${(await isComplete(name, "before")) ? "through" : "not through"}`);
        if (method === "POST" && url.endsWith("/jobs")) seen.push(`hook; managed is ${(await isThere("ConfigMap", name, "managed")) ? "there" : "gone"}`);
      },
    };
    await remove(name);
    await gone(name);
    expect(seen).toEqual(["hook; managed is there", "objects go; before is through", "hook; managed is gone"]);
    expect(await isThere("Job", name, "before")).toBe(false);
    expect(await isComplete(name, "after")).toBe(true);
    expect(Buffer.from((await find("Secret", name, "credentials"))!["data"].token, "base64").toString()).toBe("to-be-kept");
    expect(Object.fromEntries([...jobs].map(([job, uids]) => [job, uids.size]))).toEqual({ before: 1, after: 1 });
    stopWatching();
  }, 90_000);

  it("are deleted in the end where their policy says so", async () => {
    const keep = { "argocd.argoproj.io/sync-options": "Delete=false" };
    const { name, stopWatching } = await synced(
      {
        "before.yaml": job("before", "PreDelete", "true", { ...keep, ...policy("HookSucceeded") }),
        "before-failed.yaml": job("before-failed", "PreDelete", "true", { ...keep, ...policy("HookFailed") }),
        "after.yaml": job("after", "PostDelete", "true", policy("HookSucceeded")),
        "after-room.yaml": job("after-room", "PostDelete", "true", policy("BeforeHookCreation")),
      },
      [...PRE_DELETE, ...POST_DELETE],
    );
    await remove(name);
    await gone(name);
    const left = (await client.list(JOB, { namespace: name })).items.map((item) => item.metadata.name).sort();
    expect(left).toEqual(["after-room", "before-failed"]);
    stopWatching();
  }, 90_000);

  it("hold the deletion when one before it fails, say which and why, and go on once it is put right", async () => {
    const { name, repository, jobs, stopWatching } = await synced({ "guard.yaml": job("guard", "PreDelete", "exit 3") }, PRE_DELETE);
    await remove(name);
    const held = await api.becomes(name, condition("DeletionError", new RegExp(`PreDelete hook Job ${name}/guard failed: `)));
    expect(held.metadata.deletionTimestamp).toBeDefined();
    expect(await isThere("ConfigMap", name, "managed")).toBe(true);
    await until("the failed hook to be made again", async () => jobs.get("guard")?.size ?? 0, (count) => count >= 2 || { notYet: `${count} made` }, 45_000);
    expect(await isThere("ConfigMap", name, "managed")).toBe(true);
    await repository.push("Let it go", { "guard.yaml": job("guard", "PreDelete", "exit 0") });
    await api.call("GET", `/api/v1/applications/${name}?refresh=normal`);
    await gone(name);
    expect(await isThere("ConfigMap", name, "managed")).toBe(false);
    stopWatching();
  }, 150_000);

  it("run for a deletion that leaves the objects, too", async () => {
    const { name, jobs, stopWatching } = await synced({ "before.yaml": job("before", "PreDelete", "true") }, PRE_DELETE);
    await remove(name, false);
    await gone(name);
    expect(jobs.get("before")?.size).toBe(1);
    expect(await isThere("ConfigMap", name, "managed")).toBe(true);
    stopWatching();
  }, 90_000);

  it("that ran are found and deleted after a restart, though Git has broken", async () => {
    const { name, stopWatching } = await synced({ "before.yaml": job("before", "PreDelete", "true", { "argocd.argoproj.io/sync-options": "Delete=false", ...policy("HookSucceeded") }) }, PRE_DELETE);
    const controller = stack.trio.processes["application-controller"];
    const starts = controller.starts;
    const killed = Promise.withResolvers<void>();
    kube.tap = {
      before: ({ method, path: url }) => {
        if (method !== "DELETE" || !url.endsWith(`/namespaces/${name}/configmaps/managed`) || controller.starts !== starts) return undefined;
        git.tap = { before: async () => ({ status: 500, body: "internal error" }) };
        controller.kill("SIGKILL");
        killed.resolve();
        return undefined;
      },
    };
    await remove(name);
    await killed.promise;
    await gone(name);
    expect(await isThere("ConfigMap", name, "managed")).toBe(false);
    expect(await isThere("Job", name, "before")).toBe(false);
    stopWatching();
  }, 90_000);

  const points = Array.from({ length: POINTS }, (_, index) => ({ nth: 1 + Math.floor(index / 2), when: index % 2 === 0 ? ("before" as const) : ("after" as const) }));
  test.each(sample(points, 4, "deletion"))("survive kill -9 of the controller $when its write number $nth", async ({ nth, when }) => {
    const { name, jobs, stopWatching } = await synced({ "before.yaml": job("before", "PreDelete", "sleep 0.3"), "after.yaml": job("after", "PostDelete", "sleep 0.3", policy("HookSucceeded")) }, [...PRE_DELETE, ...POST_DELETE]);
    const controller = stack.trio.processes["application-controller"];
    let seen = 0;
    const reach = (request: Parameters<typeof isWrite>[0] & { path: string }): undefined => {
      if (!isWrite(request) || !(request.path.includes(`/namespaces/${name}/`) || request.path.endsWith(`/applications/${name}`)) || ++seen !== nth) return;
      controller.kill("SIGKILL");
    };
    kube.tap = when === "before" ? { before: reach } : { after: reach };
    const { starts } = controller;
    await remove(name);
    await gone(name);
    expect(controller.starts).toBe(starts + 1);
    expect(await isThere("ConfigMap", name, "managed")).toBe(false);
    expect((await client.list(JOB, { namespace: name })).items.filter((item) => item.metadata.deletionTimestamp === undefined).map((item) => item.metadata.name)).toEqual([]);
    expect(Object.fromEntries([...jobs].map(([job, uids]) => [job, uids.size]))).toEqual({ before: 1, after: 1 });
    stopWatching();
  }, 90_000);
});
