import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import type { Metric, PrometheusMetric } from "@trireme/rollouts";
import { AnalysisRuns } from "../support/analysis-runs.ts";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { prometheusObstacle, startPrometheus, type Prometheus } from "../support/prometheus.ts";
import { describeUnless } from "../support/sample.ts";
import { sharedStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

/** Queries that a real Prometheus server answers, about a service whose numbers it scrapes. */
describeUnless(prometheusObstacle(), "analysis with Prometheus", () => {
  let client: KubeClient;
  let runs: AnalysisRuns;
  let service: MetricServer;
  let prometheus: Prometheus;
  let successRate = 0.99;

  beforeAll(async () => {
    client = createKubeClient({ connection: await loadKubeconfig((await sharedStack()).kubeconfig) });
    runs = await AnalysisRuns.inNamespace(client, "analysis-prometheus");
    service = await startMetricServer(() => ({ headers: { "content-type": "text/plain; version=0.0.4" }, body: `# TYPE success_rate gauge\nsuccess_rate{version="stable"} 1\nsuccess_rate{version="canary"} ${successRate}\n` }));
    prometheus = await startPrometheus(service.url);
    await scraped(0.99);
  }, 180_000);
  afterAll(async () => {
    await client.delete({ group: "", kind: "Namespace", namespace: "", name: runs.namespace }).catch(() => undefined);
    await prometheus?.[Symbol.asyncDispose]();
    await service[Symbol.asyncDispose]();
    await client.close();
  });

  const scraped = (rate: number) =>
    until(
      "the scraped rate",
      async () => ((await (await fetch(`${prometheus.url}/api/v1/query?query=success_rate{version="canary"}`)).json()) as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1],
      (value) => value === String(rate) || { notYet: `it is ${value}` },
    );
  const metric = (query: string, more: Partial<Metric> = {}, provider: Partial<PrometheusMetric> = {}): Metric => ({ name: "rate", provider: { prometheus: { address: prometheus.url, query, ...provider } }, ...more });
  const measured = async (name: string, phase: string, of: Metric) => {
    await runs.create(name, { metrics: [of] });
    const run = await runs.reaches(name, phase);
    return { run, result: run.status!.metricResults![0]!, measurement: run.status!.metricResults![0]!.measurements!.at(-1)! };
  };

  it("judges a vector, and tells the query it asked", async () => {
    await runs.create("vector", { args: [{ name: "version", value: "canary" }], metrics: [metric('success_rate{version="{{args.version}}"}', { successCondition: "result[0] >= 0.95" })] });
    const [result] = (await runs.reaches("vector", "Successful")).status!.metricResults!;
    expect(result!.measurements).toEqual([expect.objectContaining({ phase: "Successful", value: "[0.99]" })]);
    expect(result!.metadata).toEqual({ ResolvedPrometheusQuery: 'success_rate{version="canary"}' });
  });

  it("judges every sample of a vector", async () => {
    expect((await measured("all", "Successful", metric("sort(success_rate)", { successCondition: "len(result) == 2 && all(result, # > 0.9)" }))).measurement.value).toBe("[0.99,1]");
  });

  it("judges a scalar as one number", async () => {
    expect((await measured("scalar", "Successful", metric("scalar(sum(success_rate)) * 100", { successCondition: "result > 198" }))).measurement.value).toBe("199");
  });

  it("judges a range, whose times are counted from now", async () => {
    await until("some scrapes", async () => service.count("/metrics"), (count) => count >= 4 || { notYet: `${count}` });
    const { measurement } = await measured("range", "Successful", metric('success_rate{version="stable"}', { successCondition: "len(result) > 0 && all(result, # == 1)" }, { rangeQuery: { start: 'now() - duration("1m")', end: "now()", step: "1s" } }));
    expect(measurement.value).toMatch(/^\[1(,1)*\]$/);
  });

  it("is in error on an empty answer that is indexed, and not on one that is counted", async () => {
    const { measurement } = await measured("empty", "Error", metric("absent_metric", { successCondition: "result[0] > 0", consecutiveErrorLimit: 0 }));
    expect(measurement.message).toBe("reflect: slice index out of range");
    expect((await measured("counted", "Successful", metric("absent_metric", { successCondition: "len(result) == 0 || result[0] > 0" }))).measurement.value).toBe("[]");
  });

  it("fails on what is no number", async () => {
    expect((await measured("nan", "Failed", metric('success_rate{version="canary"} * NaN', { successCondition: "result[0] >= 0.9" }))).measurement.value).toBe("[NaN]");
  });

  it("says what Prometheus says of a query that is none", async () => {
    const { run } = await measured("bad", "Error", metric("rate(", { consecutiveErrorLimit: 0 }));
    expect(run.status!.message).toMatch(/^Metric "rate" assessed Error due to consecutiveErrors \(1\) > consecutiveErrorLimit \(0\): "Error Message: bad_data: .*parse error/);
  });

  it.each([
    { name: "no-url", provider: { address: "prometheus" }, message: "prometheus address is not is url format" },
    { name: "negative", provider: { timeout: -1 }, message: "prometheus timeout should not be negative" },
    { name: "no-client", provider: { authentication: { oauth2: { tokenUrl: "http://127.0.0.1:1/" } } }, message: "missing mandatory parameter in metric for OAuth2 setup" },
    { name: "bad-range", provider: { rangeQuery: { start: "later()", end: "now()", step: "1s" } }, message: "failed to parse rangeQuery.start as time: unknown name later" },
  ])("names what is wrong with $name", async ({ name, provider, message }) => {
    expect((await measured(name, "Error", metric("up", { consecutiveErrorLimit: 0 }, provider))).measurement.message).toBe(message);
  });

  it("notices a rate that falls in the middle, and ends the run", async () => {
    await runs.create("falls", { metrics: [metric('success_rate{version="canary"}', { interval: "500ms", failureLimit: 1, successCondition: "result[0] >= 0.95" })] });
    await runs.until("falls", ({ status }) => (status?.metricResults?.[0]?.successful ?? 0) >= 2 || { notYet: "no two successes" });
    successRate = 0.5;
    const run = await runs.reaches("falls", "Failed");
    expect(run.status!.message).toBe('Metric "rate" assessed Failed due to failed (2) > failureLimit (1)');
    expect(run.status!.metricResults![0]!.measurements!.at(-1)!.value).toBe("[0.5]");
  });
});
