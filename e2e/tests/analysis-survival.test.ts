import { Redis } from "ioredis";
import type { AnalysisRun, MetricProvider } from "@trireme/rollouts";
import { AnalysisRuns } from "../support/analysis-runs.ts";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { isWrite, type Proxy } from "../support/proxy.ts";
import { full, sample } from "../support/sample.ts";
import type { OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";
import { startWatchedStack, type WatchedStack } from "../support/watched-stack.ts";

/** Killed at any write, or without its queue: a measurement may be taken twice, is counted once, and none is skipped. */
describe("survival of analysis", () => {
  const COUNT = 6;
  let watched: WatchedStack;
  let stack: OwnStack;
  let kube: Proxy;
  let runs: AnalysisRuns;
  let server: MetricServer;
  let counter = 0;
  let answerAfter = 0;

  beforeAll(async () => {
    watched = await startWatchedStack();
    ({ stack, kube } = watched);
    runs = await AnalysisRuns.inNamespace(watched.client, "analysis-survival");
    server = await startMetricServer(() => ({ body: { value: 1 }, after: answerAfter }));
  }, 180_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await watched?.[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    kube.tap = {};
    answerAfter = 0;
  });

  const controller = () => stack.trio.processes["application-controller"];
  const web = (name: string): MetricProvider => ({ web: { url: `${server.url}/${name}`, jsonPath: "{$.value}" } });
  const job: MetricProvider = { job: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "probe", image: "alpine:3.8", command: ["sh", "-c"], args: ["sleep 0.3"] }] } } } } };

  async function begin(kind: "web" | "job"): Promise<string> {
    const name = `${kind}-${counter++}`;
    await runs.create(name, { metrics: [{ name: "m", count: COUNT, interval: "600ms", provider: kind === "web" ? web(name) : job }] });
    return name;
  }
  const counted = (run: AnalysisRun) => run.status?.metricResults?.[0]?.count ?? 0;
  const reachesCount = (name: string, count: number) => runs.until(name, (run) => counted(run) >= count || { notYet: `${counted(run)} measurements` });

  /** The end is that of an undisturbed run; the server saw every measurement, and the status counts none twice. */
  async function endsWell(name: string, kind: "web" | "job"): Promise<void> {
    const run = await runs.reaches(name, "Successful", 60_000);
    const [result] = run.status!.metricResults!;
    expect(result).toMatchObject({ count: COUNT, successful: COUNT, phase: "Successful" });
    expect(result!.error ?? 0).toBe(0);
    expect(result!.measurements).toHaveLength(COUNT);
    if (kind === "web") expect(server.count(`/${name}`)).toBeGreaterThanOrEqual(COUNT);
    else expect(result!.measurements!.map(({ metadata }) => metadata!["job-name"])).toEqual(Array.from({ length: COUNT }, (_, index) => `${run.metadata.uid}.m.${index + 1}`));
  }

  const isOurs = (name: string) => (request: { method: string; path: string; query: string; userAgent: string }) => isWrite(request) && (request.path.endsWith(`/analysisruns/${name}`) || request.path.endsWith(`/namespaces/${runs.namespace}/jobs`));

  it("without a disturbance, writes once for each measurement", async () => {
    const name = await begin("web");
    await endsWell(name, "web");
    expect(kube.requests.filter(isOurs(name))).toHaveLength(COUNT);
    expect(server.count(`/${name}`)).toBe(COUNT);
  });

  it("without a disturbance, writes once for each short Job, and once for the run's beginning", async () => {
    const name = await begin("job");
    await endsWell(name, "job");
    const lasting = (await runs.get(name)).status!.metricResults![0]!.measurements!.filter(({ startedAt, finishedAt }) => finishedAt! > startedAt!).length;
    const writes = kube.requests.filter((request) => isOurs(name)(request) && request.path.endsWith(`/analysisruns/${name}`)).length;
    expect(writes).toBeGreaterThan(COUNT);
    // One that lasts is shown while it does.
    expect(writes).toBeLessThanOrEqual(COUNT + 1 + lasting);
    expect((await runs.jobs()).filter(({ metadata }) => metadata.annotations?.["analysisrun.argoproj.io/name"] === name)).toHaveLength(COUNT);
  });

  const points = (["web", "job"] as const).flatMap((kind) => (["before", "after"] as const).flatMap((when) => Array.from({ length: COUNT }, (_, index) => ({ kind, when, nth: index + 1 }))));
  it.each(sample(points, 3, "analysis"))("kill -9 of the controller $when write $nth of a run with $kind", async ({ kind, when, nth }) => {
    let seen = 0;
    const starts = controller().starts;
    const name = await new Promise<string>((resolve, reject) => {
      const expected = `${kind}-${counter}`;
      const strike = (request: Parameters<ReturnType<typeof isOurs>>[0]): void => {
        if (!isOurs(expected)(request) || ++seen !== nth) return;
        kube.tap = {};
        controller().kill("SIGKILL");
        resolve(expected);
      };
      kube.tap = when === "before" ? { before: strike } : { after: strike };
      begin(kind).catch(reject);
    });
    await until("the controller to be started again", async () => controller().starts, (now) => now > starts || { notYet: "not yet" });
    await controller().waitReady();
    await endsWell(name, kind);
  }, 120_000);

  it("kill -9 while an answer is awaited", async () => {
    answerAfter = 300;
    const name = await begin("web");
    await reachesCount(name, 2);
    const before = server.count(`/${name}`);
    await until("the next request", async () => server.count(`/${name}`), (count) => count > before || { notYet: "none" });
    await controller().kill("SIGKILL");
    await endsWell(name, "web");
  }, 120_000);

  it("Redis killed in the middle", async () => {
    const [one, other] = [await begin("web"), await begin("job")];
    await reachesCount(one, 2);
    stack.trio.processes.redis!.kill("SIGKILL");
    await endsWell(one, "web");
    await endsWell(other, "job");
    await stack.trio.processes.redis!.waitReady();
  }, 120_000);

  it("Redis flushed again and again, so that jobs are lost between their queueing and their work", async () => {
    const redis = new Redis({ host: "127.0.0.1", ...stack.redis });
    const count = 20;
    const name = `flushed-${counter++}`;
    let isOver = false;
    const flushing = (async () => {
      while (!isOver) await redis.flushall();
    })();
    try {
      await runs.create(name, { metrics: [{ name: "m", count, interval: "200ms", provider: web(name) }] });
      const run = await runs.reaches(name, "Successful", 90_000);
      expect(run.status!.metricResults![0]).toMatchObject({ count, successful: count });
      expect(server.count(`/${name}`)).toBeGreaterThanOrEqual(count);
    } finally {
      isOver = true;
      await flushing;
      redis.disconnect();
    }
  }, 120_000);

  it("measures without Redis at all", async () => {
    const redis = stack.trio.processes.redis!;
    await redis.stop();
    try {
      const name = await begin("web");
      await endsWell(name, "web");
      expect(server.count(`/${name}`)).toBe(COUNT);
    } finally {
      await redis.restart();
      await redis.waitReady();
    }
  }, 120_000);

  it("decides anew when somebody else writes in between", async () => {
    const name = await begin("web");
    await reachesCount(name, 2);
    const release = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    kube.tap = {
      before: async (request) => {
        if (!isOurs(name)(request)) return;
        kube.tap = {};
        held.resolve();
        await release.promise;
      },
    };
    await held.promise;
    await runs.patch(name, { metadata: { annotations: { touched: "by somebody" } } });
    release.resolve();
    await endsWell(name, "web");
    expect((await runs.get(name)).metadata.annotations).toEqual({ touched: "by somebody" });
  });

  if (full) it("covers every write", () => expect(points).toHaveLength(24));
});
