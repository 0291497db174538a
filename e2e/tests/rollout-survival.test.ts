import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import type { KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import type { KubeClient } from "@trireme/kube";
import type { AnalysisRun } from "@trireme/rollouts";
import { endOf, type Seen } from "@trireme/rollouts/testing";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { isWrite, type Proxy, type SeenRequest } from "../support/proxy.ts";
import { full, sample } from "../support/sample.ts";
import type { OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { startWatchedStack, type WatchedStack } from "../support/watched-stack.ts";

const ROLLOUT = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout", name: "r" };
const HASH = "rollouts-pod-template-hash";
const REPLICAS = 2;
const POINTS_A_RELEASE = 20;
/** Between two looks at the Services. */
const LOOK_MS = 50;

/** Of each analysis: how often it is measured, and what it measures. */
const ANALYSES = { passing: { count: 3, value: 1 }, later: { count: 2, value: 1 }, failing: { count: 3, value: 0 } } as const;
const analysis = (name: keyof typeof ANALYSES) => ({ templates: [{ templateName: name }] });

/** No old set is kept, so that a Service that selected too long would select one that is gone. */
const RELEASES = {
  "blue-green": { strategy: { blueGreen: { activeService: "active", previewService: "preview", autoPromotionSeconds: 1, scaleDownDelaySeconds: 1, prePromotionAnalysis: analysis("passing"), postPromotionAnalysis: analysis("later") } }, phase: "Healthy", runs: { pre: "passing", post: "later" } },
  "failing blue-green": { strategy: { blueGreen: { activeService: "active", previewService: "preview", abortScaleDownDelaySeconds: 1, prePromotionAnalysis: analysis("failing") } }, phase: "Degraded", runs: { pre: "failing" } },
  canary: { strategy: { canary: { stableService: "stable", canaryService: "canary", maxSurge: 1, maxUnavailable: 0, steps: [{ setWeight: 50 }, { pause: { duration: 1 } }, { analysis: analysis("passing") }, { setWeight: 75 }] } }, phase: "Healthy", runs: { "2": "passing" } },
} as const;
type Kind = keyof typeof RELEASES;
const KINDS = Object.keys(RELEASES) as Kind[];

/**
 * The controller is killed before and after its n-th write of a release, and Redis loses what it held. The release ends
 * as if undisturbed, each measurement is counted once and none is skipped, and Services select sets that are there and
 * that can serve.
 */
describe("survival of releases", () => {
  let watched: WatchedStack;
  let stack: OwnStack;
  let kube: Proxy;
  let client: KubeClient;
  let server: MetricServer;
  let counter = 0;

  beforeAll(async () => {
    watched = await startWatchedStack();
    ({ stack, kube, client } = watched);
    server = await startMetricServer(({ path }) => ({ body: { value: ANALYSES[path.split("/").at(-1) as keyof typeof ANALYSES].value } }));
  }, 180_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await watched?.[Symbol.asyncDispose]();
  });
  afterEach(() => {
    kube.tap = {};
  });

  const controller = () => stack.trio.processes["application-controller"];
  const template = (image: string) => ({ metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } });
  const isOurs = (place: string) => (request: SeenRequest) => isWrite(request) && request.path.includes(`/namespaces/${place}/`);

  async function look(namespace: string): Promise<Seen> {
    const [rollout, { items: sets }, { items: services }] = await Promise.all([client.get<Rollout & KubeObject>({ ...ROLLOUT, namespace }), client.list({ group: "apps", version: "v1", kind: "ReplicaSet" }, { namespace }), client.list({ group: "", version: "v1", kind: "Service" }, { namespace })]);
    return { rollout, sets: sets as Seen["sets"][number][], service: (name) => services.find((service) => service.metadata.name === name) as ReturnType<Seen["service"]> };
  }

  /** A Rollout at rest after its first revision. */
  async function deployed(kind: Kind): Promise<string> {
    const namespace = `rollout-survival-${counter++}`;
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const name of ["active", "preview", "stable", "canary"]) await client.create({ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } });
    for (const [name, { count }] of Object.entries(ANALYSES)) {
      const metric = { name: "m", count, interval: "500ms", successCondition: "result == 1", failureLimit: count - 1, provider: { web: { url: `${server.url}/${namespace}/${name}`, jsonPath: "{$.value}" } } };
      await client.create({ apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name, namespace }, spec: { metrics: [metric] } });
    }
    await client.create({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "r", namespace }, spec: { replicas: REPLICAS, revisionHistoryLimit: 0, selector: { matchLabels: { app: "web" } }, template: template("registry.example.com/web:1"), strategy: RELEASES[kind].strategy } });
    await until("the first revision", () => look(namespace), ({ rollout, service }) => (rollout.status?.phase === "Healthy" && (kind !== "canary" || [service("stable"), service("canary")].every((each) => each?.spec.selector?.[HASH] === rollout.status?.stableRS))) || { notYet: `${rollout.status?.phase}: ${rollout.status?.message}` });
    return namespace;
  }

  const release = (namespace: string) => client.patch({ ...ROLLOUT, namespace }, "merge", { spec: { template: template("registry.example.com/web:2") } });

  /** How the undisturbed release of a kind ends, and with how many writes. */
  const undisturbed = new Map<Kind, { end: unknown; writes: number }>();

  /** Waits for the end of a release and holds it to the undisturbed one. */
  async function endsWell(kind: Kind, namespace: string, watch: ServiceWatch, withinMs = 60_000): Promise<void> {
    const expected = undisturbed.get(kind)!.end;
    await until(`the ${kind} release of ${namespace}`, () => look(namespace), (seen) => JSON.stringify(endOf(seen)) === JSON.stringify(expected) || { notYet: `${JSON.stringify(endOf(seen))} instead of ${JSON.stringify(expected)}` }, withinMs);
    await watch.foundNothing();
    await countsEachOnce(kind, namespace);
  }

  async function countsEachOnce(kind: Kind, namespace: string): Promise<void> {
    const { items } = await client.list<AnalysisRun & KubeObject>({ group: "argoproj.io", version: "v1alpha1", kind: "AnalysisRun" }, { namespace });
    const runs: Record<string, keyof typeof ANALYSES> = RELEASES[kind].runs;
    expect(items.map((run) => run.metadata.name!.split("-").at(-1)).sort()).toEqual(Object.keys(runs).sort());
    for (const run of items) {
      const name = runs[run.metadata.name!.split("-").at(-1)!]!;
      const { count, value } = ANALYSES[name];
      const [result] = run.status!.metricResults!;
      expect(result).toMatchObject({ count, [value === 1 ? "successful" : "failed"]: count, phase: value === 1 ? "Successful" : "Failed" });
      expect(result!.error ?? 0).toBe(0);
      expect(result!.measurements).toHaveLength(count);
      expect(server.count(`/${namespace}/${name}`)).toBeGreaterThanOrEqual(count);
    }
  }

  interface ServiceWatch extends AsyncDisposable {
    /** Ends it; fails with what was seen. */
    foundNothing(): Promise<void>;
  }

  /** Looks again and again at what the Services select. Of two looks that see the same Service, what is missing in both is missing. */
  function watchServices(kind: Kind, namespace: string): ServiceWatch {
    const names = kind === "canary" ? ["stable", "canary"] : ["active", "preview"];
    const found = new Set<string>();
    let isOver = false;
    const problems = async (): Promise<string[]> => {
      const { items: services } = await client.list({ group: "", version: "v1", kind: "Service" }, { namespace });
      const [{ items: sets }, { items: pods }] = await Promise.all([client.list({ group: "apps", version: "v1", kind: "ReplicaSet" }, { namespace }), client.list({ group: "", version: "v1", kind: "Pod" }, { namespace })]);
      const serving = (hash: string | undefined) => pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && (hash === undefined || pod.metadata.labels?.[HASH] === hash) && pod["status"]?.conditions?.some((each: { type: string; status: string }) => each.type === "Ready" && each.status === "True")).length;
      const selected = (name: string): string => services.find((service) => service.metadata.name === name)!["spec"].selector[HASH];
      const missing = names.filter((name) => !sets.some((set) => set.metadata.labels?.[HASH] === selected(name))).map((name) => `${name} selects ${selected(name)}, which is no set`);
      const count = serving(kind === "canary" ? undefined : selected("active"));
      return [...missing, ...(count < REPLICAS ? [`${count} pods serve for ${kind === "canary" ? "all" : selected("active")}`] : [])];
    };
    const watching = (async () => {
      for (; !isOver; await pause(LOOK_MS)) {
        const first = await problems();
        if (first.length === 0) continue;
        const second = await problems();
        for (const problem of first) if (second.includes(problem)) found.add(problem);
      }
    })();
    const stop = async () => {
      isOver = true;
      await watching;
    };
    return {
      foundNothing: async () => {
        await stop();
        expect([...found]).toEqual([]);
      },
      [Symbol.asyncDispose]: stop,
    };
  }

  /** Does something once, right before or after the n-th write of a release. Resolves when it was done. */
  function at(namespace: string, nth: number, when: "before" | "after", act: () => void | Promise<void>): Promise<void> {
    const ours = isOurs(namespace);
    const done = Promise.withResolvers<void>();
    let seen = 0;
    const reach = async (request: SeenRequest): Promise<void> => {
      if (!ours(request) || ++seen !== nth) return;
      await act();
      done.resolve();
    };
    kube.tap = when === "before" ? { before: reach } : { after: reach };
    return done.promise;
  }

  async function killed(act: Promise<void>, starts: number): Promise<void> {
    let reached = false;
    void act.then(() => (reached = true));
    await until("the point to be reached", async () => reached, (yes) => yes || { notYet: "not reached" }, 30_000);
    await until("the controller to be started again", async () => controller().starts, (now) => now > starts || { notYet: "not yet" });
  }

  it.each(KINDS)("%s without a disturbance: what it ends with, and its writes are counted", async (kind) => {
    const namespace = await deployed(kind);
    kube.reset();
    await using watch = watchServices(kind, namespace);
    await release(namespace);
    const size = (seen: Seen) => seen.sets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
    const seen = await until(`the ${kind} release`, () => look(namespace), (now) => (now.rollout.status?.observedGeneration === String(now.rollout.metadata.generation) && now.rollout.status?.phase === RELEASES[kind].phase && size(now) === REPLICAS && (RELEASES[kind].phase === "Degraded" || now.sets.length === 1)) || { notYet: JSON.stringify(endOf(now)) }, 60_000);
    await watch.foundNothing();
    undisturbed.set(kind, { end: endOf(seen), writes: kube.requests.filter(isOurs(namespace)).length });
    await countsEachOnce(kind, namespace);
    expect(seen.service(kind === "canary" ? "stable" : "active")!.spec.selector![HASH]).toBe(seen.rollout.status!.stableRS);
    expect(seen.rollout.status!.stableRS === seen.rollout.status!.currentPodHash).toBe(RELEASES[kind].phase === "Healthy");
  }, 120_000);

  const points = (kind: Kind) => Array.from({ length: POINTS_A_RELEASE }, (_, index) => ({ kind, share: Math.floor(index / 2) / (POINTS_A_RELEASE / 2), when: index % 2 === 0 ? ("before" as const) : ("after" as const) }));
  const chosen = KINDS.flatMap((kind) => sample(points(kind), 1, kind));

  it.each(chosen)("kill -9 of the controller $when the write at $share of a $kind release", async ({ kind, share, when }) => {
    const namespace = await deployed(kind);
    await using watch = watchServices(kind, namespace);
    const { starts } = controller();
    const act = at(namespace, 1 + Math.floor(share * (undisturbed.get(kind)!.writes - 1)), when, () => controller().kill("SIGKILL"));
    await release(namespace);
    await killed(act, starts);
    await endsWell(kind, namespace, watch);
  }, 120_000);

  it.each(KINDS)("kill -9 of the controller again and again in a %s release", async (kind) => {
    const namespace = await deployed(kind);
    await using watch = watchServices(kind, namespace);
    const ours = isOurs(namespace);
    const { starts } = controller();
    let seen = 0;
    kube.tap = {
      before: async (request) => {
        if (ours(request) && ++seen % 4 === 3 && seen < 16) await controller().kill("SIGKILL");
      },
    };
    await release(namespace);
    // Each time it is started again a little later.
    await endsWell(kind, namespace, watch, 180_000);
    expect(controller().starts - starts).toBeGreaterThan(1);
  }, 240_000);

  it.each(KINDS)("Redis flushed in the middle of a %s release, and the controller killed", async (kind) => {
    const namespace = await deployed(kind);
    await using watch = watchServices(kind, namespace);
    const redis = new Redis({ host: "127.0.0.1", ...stack.redis });
    const { starts } = controller();
    try {
      const act = at(namespace, Math.ceil(undisturbed.get(kind)!.writes / 2), "before", async () => {
        await redis.flushall();
        await controller().kill("SIGKILL");
      });
      await release(namespace);
      await killed(act, starts);
      await endsWell(kind, namespace, watch);
    } finally {
      redis.disconnect();
    }
  }, 120_000);

  if (full) it("covers twenty points a release", () => expect(chosen).toHaveLength(KINDS.length * POINTS_A_RELEASE));
});
