import { Redis } from "ioredis";
import type { KubeClient } from "@trireme/kube";
import { Api, condition, healthIs, syncIs } from "../support/api.ts";
import { isWrite, type Proxy } from "../support/proxy.ts";
import { Repository } from "../support/repository.ts";
import { full, sample } from "../support/sample.ts";
import type { OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { jobsIn, startWatchedStack, type WatchedStack } from "../support/watched-stack.ts";

const SERVICES = ["application-controller", "repo-server", "api-server"] as const;
const POINTS_A_SERVICE = 20;
const RECOVERY_MS = 10_000;

const hook = (name: string, phase: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    argocd.argoproj.io/hook: ${phase}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: hook
          image: registry.example.com/tools/hook:1
          command: ["true"]
`;
const configMap = (name: string, wave: number, value: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations:
    argocd.argoproj.io/sync-wave: "${wave}"
data:
  value: "${value}"
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    argocd.argoproj.io/sync-wave: "1"
spec:
  replicas: 1
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1
`;

/**
 * Services are killed in the middle of a sync with waves and hooks, before and after its n-th write.
 * The operation must end, no hook may run twice, and the cluster must hold what Git says.
 */
describe("survival", () => {
  let watched: WatchedStack;
  let stack: OwnStack;
  let api: Api;
  let kube: Proxy;
  let git: Proxy;
  let repository: Repository;
  let client: KubeClient;
  let repoURL: string;
  let counter = 0;

  beforeAll(async () => {
    watched = await startWatchedStack({ environment: { "application-controller": { ARGOCD_SYNC_WAVE_DELAY: "0" } } });
    ({ stack, kube, git, client } = watched);
    api = await Api.signIn(stack);
    repository = await Repository.create(stack, "survival", {
      "app/before.yaml": hook("before", "PreSync"),
      "app/first.yaml": configMap("first", 0, "1"),
      "app/second.yaml": configMap("second", 1, "1"),
      "app/web.yaml": deployment,
      "app/after.yaml": hook("after", "PostSync"),
    });
    repoURL = `${git.url}/survival.git`;
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repoURL, username: stack.git.user, password: stack.git.token });
  }, 120_000);
  afterAll(async () => {
    await repository?.[Symbol.asyncDispose]();
    await watched?.[Symbol.asyncDispose]();
  });
  afterEach(() => {
    kube.tap = {};
    git.tap = {};
  });

  /** A fresh application, compared once, and the uids of the Jobs that ever appear in its namespace. */
  async function freshApplication() {
    const name = `survival-${counter++}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    const seen = await jobsIn(client, name);
    await api.must("POST", "/api/v1/applications", {
      metadata: { name, namespace: "argocd", finalizers: ["resources-finalizer.argocd.argoproj.io"] },
      spec: { project: "default", source: { repoURL, path: "app", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name } },
    });
    await api.becomes(name, syncIs("OutOfSync"));
    return { name, ...seen };
  }

  const isOurs = (name: string) => (request: { method: string; path: string; query: string; userAgent: string }) => isWrite(request) && (request.path.includes(`/namespaces/${name}/`) || request.path.includes(`/applications/${name}`));
  const sync = (name: string) => api.must("POST", `/api/v1/applications/${name}/sync`, { prune: false, dryRun: false, strategy: { hook: {} } });

  /** Does something once, right before or after the n-th write of the operation. Resolves when it was done. */
  function at(name: string, nth: number, when: "before" | "after", act: () => void | Promise<void>): Promise<void> {
    const ours = isOurs(name);
    const done = Promise.withResolvers<void>();
    let seen = 0;
    const reach = async (request: Parameters<typeof ours>[0]): Promise<void> => {
      if (!ours(request) || ++seen !== nth) return;
      await act();
      done.resolve();
    };
    kube.tap = when === "before" ? { before: (request) => reach(request) } : { after: reach };
    return done.promise;
  }

  const ended = (name: string) =>
    until(
      `the operation of ${name}`,
      () => api.app(name),
      (app) => (app.operation === undefined && ["Succeeded", "Failed", "Error"].includes(app.status?.operationState?.phase)) || { notYet: `${app.status?.operationState?.phase ?? "none"}: ${app.status?.operationState?.message ?? ""}` },
      RECOVERY_MS + 5000,
    );

  async function holdsWhatGitSays(application: Awaited<ReturnType<typeof freshApplication>>) {
    const { name, jobs } = application;
    const app = await ended(name);
    expect({ phase: app.status.operationState.phase, message: app.status.operationState.message }).toMatchObject({ phase: "Succeeded" });
    await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
    expect(Object.fromEntries([...jobs].map(([job, uids]) => [job, uids.size]))).toEqual({ before: 1, after: 1 });
    const values = await Promise.all(["first", "second"].map(async (config) => (await client.get({ group: "", kind: "ConfigMap", namespace: name, name: config }))["data"].value));
    expect(values).toEqual(["1", "1"]);
    application.stopWatching();
  }

  let operationWrites = 0;
  it("without a disturbance: the operation succeeds and its writes are counted", async () => {
    const application = await freshApplication();
    kube.reset();
    await sync(application.name);
    await holdsWhatGitSays(application);
    operationWrites = kube.requests.filter(isOurs(application.name)).length;
    // Two hooks, three objects, and the Application's own progress in between.
    expect(operationWrites).toBeGreaterThanOrEqual(7);
  }, 60_000);

  const points = (service: (typeof SERVICES)[number]) => Array.from({ length: POINTS_A_SERVICE }, (_, index) => ({ service, share: Math.floor(index / 2) / (POINTS_A_SERVICE / 2), when: index % 2 === 0 ? ("before" as const) : ("after" as const) }));
  const chosen = SERVICES.flatMap((service) => sample(points(service), 2, service));

  test.each(chosen)("kill -9 of $service $when the write at $share of the operation", async ({ service, share, when }) => {
    const application = await freshApplication();
    const nth = 1 + Math.floor(share * (operationWrites - 1));
    const starts = stack.trio.processes[service].starts;
    const killed = at(application.name, nth, when, () => stack.trio.processes[service].kill("SIGKILL"));
    await sync(application.name).catch((error: Error) => {
      // The API server may be the one that dies; whether its answer got out does not matter.
      if (service !== "api-server") throw error;
    });
    let reached = false;
    void killed.then(() => (reached = true));
    await until("the point to be reached", async () => reached, (yes) => yes || { notYet: "not reached" });
    await until(`${service} to be started again`, async () => stack.trio.processes[service].starts, (now) => now > starts || { notYet: "not yet" });
    await stack.trio.processes[service].waitReady();
    await holdsWhatGitSays(application);
  }, 60_000);

  test.each([
    { what: "flushed", act: async (redis: { port: number; password: string }) => void (await new Redis({ host: "127.0.0.1", ...redis }).flushall()) },
    { what: "killed", act: () => stack.trio.processes.redis!.kill("SIGKILL") },
  ])("Redis $what in the middle of the operation", async ({ act }) => {
    const application = await freshApplication();
    const reached = at(application.name, Math.ceil(operationWrites / 2), "before", () => act(stack.redis));
    await sync(application.name);
    await reached;
    await holdsWhatGitSays(application);
    await stack.trio.processes.redis!.waitReady();
  }, 60_000);

  test.each([
    { what: "answers 500", answer: { status: 500, body: "internal error" }, want: /500/ },
    { what: "has lost the repository", answer: { status: 404, body: "not found" }, want: /not found/i },
    { what: "hangs", answer: "hang" as const, want: /took longer|timed? ?out|deadline/i },
  ])("a Git server that $what: sync is Unknown, the reason is named, nothing is pruned", async ({ answer, want }) => {
    const application = await freshApplication();
    await sync(application.name);
    await holdsWhatGitSays(application);
    await api.must("PATCH", `/api/v1/applications/${application.name}`, { patchType: "merge", patch: JSON.stringify({ spec: { syncPolicy: { automated: { prune: true, selfHeal: true } } } }) });
    const released = Promise.withResolvers<void>();
    git.tap = {
      before: async () => {
        if (answer !== "hang") return answer;
        await released.promise;
        return { status: 503, body: "" };
      },
    };
    try {
      const asked = await api.call("GET", `/api/v1/applications/${application.name}?refresh=hard`);
      if (answer !== "hang") expect(asked.status).toBe(200);
      let askAgainAt = Date.now() + 10_000;
      const app = await until(
        "the broken repository to show",
        async () => {
          // As a person does who presses REFRESH again: the answer may itself be late while the server hangs.
          const begin = Date.now();
          const found = await api.app(application.name);
          if (found.status?.sync?.status !== "Unknown" && begin > askAgainAt) {
            askAgainAt = begin + 10_000;
            await api.call("GET", `/api/v1/applications/${application.name}?refresh=hard`);
          }
          return found;
        },
        (found) => {
          const verdicts = [syncIs("Unknown"), condition("ComparisonError", want)].map((judge) => judge(found));
          return verdicts.find((verdict) => verdict !== true) ?? true;
        },
        45_000,
      );
      expect(JSON.stringify(app.status.conditions)).toContain(repoURL);
      expect((await client.get({ group: "", kind: "ConfigMap", namespace: application.name, name: "first" }))["data"].value).toBe("1");
    } finally {
      released.resolve();
      git.tap = {};
    }
    await api.call("GET", `/api/v1/applications/${application.name}?refresh=hard`);
    await api.becomes(application.name, syncIs("Synced"));
  }, 120_000);

  if (full) {
    it("covers twenty points a service", () => expect(chosen).toHaveLength(SERVICES.length * POINTS_A_SERVICE));
  }
});
