import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import type { Metric } from "@trireme/rollouts";
import { AnalysisRuns } from "../support/analysis-runs.ts";
import { kubectl, mustKubectl } from "../support/kubectl.ts";
import { startMetricServer, type MetricServer, type Reply, type SeenRequest } from "../support/metric-server.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

/** The analysis of the mission's example, as its users write it. */
const failingJob = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AnalysisRun",
  metadata: { name: "fail" },
  spec: {
    metrics: [
      {
        name: "fail",
        count: 2,
        interval: "5s",
        failureLimit: 1,
        provider: { job: { spec: { template: { spec: { containers: [{ name: "sleep", image: "alpine:3.8", command: ["sh", "-c"], args: ["exit 1"] }], restartPolicy: "Never" } }, backoffLimit: 0 } } },
      },
    ],
  },
};

const script = (line: string) => ({ job: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "probe", image: "alpine:3.8", command: ["sh", "-c"], args: [line] }] } } } } });

describe("analysis runs", () => {
  let stack: Stack;
  let client: KubeClient;
  let runs: AnalysisRuns;
  let server: MetricServer;
  let reply: (request: SeenRequest) => Reply;

  beforeAll(async () => {
    stack = await sharedStack();
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    runs = await AnalysisRuns.inNamespace(client, "analysis");
    server = await startMetricServer((request) => reply(request));
  });
  afterAll(async () => {
    await client.delete({ group: "", kind: "Namespace", namespace: "", name: runs.namespace }).catch(() => undefined);
    await server[Symbol.asyncDispose]();
    await client.close();
  });
  beforeEach(() => {
    reply = () => ({ body: { value: 1 } });
  });

  const web = (path: string, more: Record<string, unknown> = {}) => ({ web: { url: `${server.url}${path}`, jsonPath: "{$.value}", ...more } });
  const webMetric = (path: string, more: Partial<Metric> = {}): Metric => ({ name: "m", provider: web(path), successCondition: "result == 1", ...more });

  it("fails when Jobs exit with 1 more often than the limit says", async () => {
    await mustKubectl(stack, ["-n", runs.namespace, "create", "-f", "-"], { input: JSON.stringify(failingJob) });
    const run = await runs.reaches("fail", "Failed");
    expect(run.status).toMatchObject({
      message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)',
      runSummary: { count: 1, failed: 1 },
      dryRunSummary: {},
      metricResults: [{ name: "fail", phase: "Failed", count: 2, failed: 2, measurements: [{ phase: "Failed" }, { phase: "Failed" }] }],
    });
    const names = run.status!.metricResults![0]!.measurements!.map(({ metadata }) => metadata);
    expect(names).toEqual([1, 2].map((n) => ({ "job-name": `${run.metadata.uid}.fail.${n}`, "job-namespace": runs.namespace })));
    const [first, second] = run.status!.metricResults![0]!.measurements!.map(({ startedAt }) => Date.parse(startedAt!));
    expect(second! - first!).toBeGreaterThanOrEqual(4000);
    const [job] = (await runs.jobs()).filter(({ metadata }) => metadata.name === `${run.metadata.uid}.fail.1`);
    expect(job).toMatchObject({
      metadata: {
        labels: { "analysisrun.argoproj.io/uid": run.metadata.uid },
        annotations: { "analysisrun.argoproj.io/name": "fail", "analysisrun.argoproj.io/namespace": runs.namespace, "analysisrun.argoproj.io/metric-name": "fail" },
        ownerReferences: [{ kind: "AnalysisRun", name: "fail", uid: run.metadata.uid, controller: true, blockOwnerDeletion: true }],
      },
    });
    await until("its events", () => runs.events("fail"), (events) => events.length >= 2 || { notYet: `only ${events.join("; ")}` });
    expect((await runs.events("fail")).sort()).toEqual(["Warning AnalysisRunFailed: Analysis Completed. Result: Failed", "Warning MetricFailed: Metric 'fail' Completed. Result: Failed"]);
    const { stdout } = await kubectl(stack, ["-n", runs.namespace, "get", "analysisrun", "fail", "--no-headers"]);
    expect(stdout).toMatch(/^fail\s+Failed\s+/);
  }, 120_000);

  it("counts a Job with any other exit code as a failure, and 0 as a success", async () => {
    await runs.create("codes", { metrics: [{ name: "good", provider: script("exit 0") }, { name: "bad", failureLimit: 1, provider: script("exit 7") }] });
    const run = await runs.reaches("codes", "Successful");
    expect(run.status!.metricResults).toEqual(expect.arrayContaining([expect.objectContaining({ name: "good", successful: 1 }), expect.objectContaining({ name: "bad", failed: 1, phase: "Successful" })]));
  });

  it("shows a Job that runs, and ends it when the run is terminated", async () => {
    await runs.create("long", { metrics: [{ name: "long", provider: script("sleep 600") }] });
    const running = await runs.until("long", ({ status }) => status?.metricResults?.[0]?.measurements?.[0]?.phase === "Running" || { notYet: JSON.stringify(status ?? {}) });
    const job = running.status!.metricResults![0]!.measurements![0]!.metadata!["job-name"]!;
    await mustKubectl(stack, ["-n", runs.namespace, "patch", "analysisrun", "long", "--type=merge", "-p", '{"spec":{"terminate":true}}']);
    const run = await runs.reaches("long", "Successful");
    expect(run.status).toMatchObject({ message: "Run Terminated", metricResults: [{ phase: "Successful", measurements: [{ phase: "Successful", message: "Metric Terminated" }] }] });
    await until("the Job", async () => (await runs.jobs()).map(({ metadata }) => metadata.name), (names) => !names.includes(job) || { notYet: "still there" });
  });

  it("measures a web address at even intervals, with one write a measurement", async () => {
    await runs.create("web", { metrics: [webMetric("/even", { count: 4, interval: "1s" })] });
    const versions = new Set<string>();
    const run = await runs.until("web", ({ metadata, status }) => (versions.add(metadata.resourceVersion!), status?.phase === "Successful") || { notYet: JSON.stringify(status ?? {}) });
    expect(run.status!.metricResults![0]).toMatchObject({ count: 4, successful: 4, consecutiveSuccess: 4, measurements: [{ value: "1" }, { value: "1" }, { value: "1" }, { value: "1" }] });
    // Each measurement is one write, the first and the last among them: generation counts them, the creation is 1.
    expect(run.metadata.generation).toBe(5);
    const moments = server.seen.filter(({ path }) => path === "/even").map(({ at }) => at);
    expect(moments).toHaveLength(4);
    // A busy machine makes a measurement late, and the next one seems early; half of the interval it never is.
    expect(moments.slice(1).map((at, index) => at - moments[index]!).filter((distance) => distance < 500)).toEqual([]);
  });

  it("is inconclusive between both conditions", async () => {
    reply = () => ({ body: { value: 5 } });
    await runs.create("between", { metrics: [webMetric("/between", { successCondition: "result < 5", failureCondition: "result > 5" })] });
    const run = await runs.reaches("between", "Inconclusive");
    expect(run.status!.message).toBe('Metric "m" assessed Inconclusive due to inconclusive (1) > inconclusiveLimit (0)');
  });

  it("does not let a dry run decide, and drops old measurements", async () => {
    reply = ({ path }) => ({ body: { value: path === "/trial" ? 0 : 1 } });
    await runs.create("trial", {
      metrics: [webMetric("/trial", { name: "trial", failureLimit: 0 }), webMetric("/steady", { name: "steady", count: 5, interval: "200ms" })],
      dryRun: [{ metricName: "tri.*" }],
      measurementRetention: [{ metricName: "steady", limit: 2 }],
    });
    const run = await runs.reaches("trial", "Successful");
    const steady = run.status!.metricResults!.find(({ name }) => name === "steady")!;
    expect(steady).toMatchObject({ count: 5, successful: 5 });
    expect(steady.measurements).toHaveLength(2);
    expect(run.status).toMatchObject({ runSummary: { count: 1, successful: 1 }, dryRunSummary: { count: 1, failed: 1 } });
  });

  it("lets go the Jobs whose measurements it drops", async () => {
    await runs.create("retained", { metrics: [{ name: "m", count: 4, interval: "100ms", provider: script("exit 0") }], measurementRetention: [{ metricName: ".*", limit: 2 }] });
    const run = await runs.reaches("retained", "Successful");
    const own = async () => (await runs.jobs()).filter(({ metadata }) => metadata.labels?.["analysisrun.argoproj.io/uid"] === run.metadata.uid).map(({ metadata }) => metadata.name).sort();
    await until("its Jobs", own, (names) => names.length === 2 || { notYet: names.join() });
    expect(await own()).toEqual([3, 4].map((n) => `${run.metadata.uid}.m.${n}`));
  });

  it("waits before its first measurement when it is told to", async () => {
    await runs.create("delayed", { metrics: [webMetric("/delayed", { initialDelay: "2s" })] });
    const begun = await runs.until("delayed", ({ status }) => status?.startedAt !== undefined || { notYet: "not started" });
    const run = await runs.reaches("delayed", "Successful");
    expect(server.seen.find(({ path }) => path === "/delayed")!.at - Date.parse(begun.status!.startedAt!)).toBeGreaterThanOrEqual(2000);
    expect(run.status!.startedAt).toBe(begun.status!.startedAt);
  });

  it("ends an unlimited run only when it is told to", async () => {
    await runs.create("endless", { metrics: [webMetric("/endless", { interval: "200ms" })] });
    await runs.until("endless", ({ status }) => (status?.metricResults?.[0]?.count ?? 0) > 10 || { notYet: `${status?.metricResults?.[0]?.count} measurements` });
    await runs.patch("endless", { spec: { terminate: true } });
    const run = await runs.reaches("endless", "Successful");
    expect(run.status!.message).toBe("Run Terminated");
    expect(run.status!.metricResults![0]!.measurements).toHaveLength(10);
  });

  it("is in error after five errors in a row, ten seconds apart", async () => {
    reply = () => ({ status: 500, body: "broken" });
    await runs.create("broken", { metrics: [webMetric("/broken", { consecutiveErrorLimit: 1 })] });
    const run = await runs.reaches("broken", "Error", 90_000);
    expect(run.status!.message).toBe('Metric "m" assessed Error due to consecutiveErrors (2) > consecutiveErrorLimit (1): "Error Message: received non 2xx response code: 500"');
    const [first, second] = server.seen.filter(({ path }) => path === "/broken").map(({ at }) => at);
    expect(second! - first!).toBeGreaterThanOrEqual(9_900);
  }, 120_000);

  it("says what is wrong with a run that cannot be measured", async () => {
    await runs.create("invalid", { metrics: [webMetric("/x", { count: 2 })] });
    expect((await runs.reaches("invalid", "Error")).status!.message).toBe("Analysis spec invalid: metrics[0]: interval must be specified when count > 1");
    await runs.create("datadog", { metrics: [{ name: "m", provider: { datadog: { query: "x" } } }] });
    expect((await runs.reaches("datadog", "Error")).status!.message).toBe("Analysis spec invalid: metrics[0]: provider 'datadog' is not supported (supported are job, prometheus, web)");
  });

  it("sends what it is told to, secrets among it, and tells them nobody", async () => {
    const token = "hush-hush-very-secret";
    await client.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "access", namespace: runs.namespace }, stringData: { token } });
    reply = ({ path }) => (path === "/echo" ? { body: { value: `seen ${token}` } } : { status: 401, body: "no" });
    await runs.create("secret", {
      args: [{ name: "token", valueFrom: { secretKeyRef: { name: "access", key: "token" } } }, { name: "city", value: 'Bern "BE"' }],
      metrics: [
        { name: "post", provider: web("/echo", { method: "POST", headers: [{ key: "Authorization", value: "Bearer {{ args.token }}" }], jsonBody: { city: "{{args.city}}", nested: { list: [1, "two"] } } }), successCondition: 'result contains "seen"' },
        // It ends the run, so that it comes after the other.
        { name: "error", initialDelay: "1s", consecutiveErrorLimit: 0, provider: web("/missing/{{args.token}}", { jsonPath: "{$.absent}" }) },
      ],
    });
    const run = await runs.reaches("secret", "Error");
    const [request] = server.seen.filter(({ path }) => path === "/echo");
    expect(request).toMatchObject({ method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } });
    expect(JSON.parse(request!.body)).toEqual({ city: 'Bern "BE"', nested: { list: [1, "two"] } });
    expect(run.status!.metricResults!.find(({ name }) => name === "post")!.measurements![0]!.value).toBe('"seen *****"');
    expect(JSON.stringify(run.status)).not.toContain(token);
    await until("its events", () => runs.events("secret"), (events) => events.length >= 3 || { notYet: `only ${events.join("; ")}` });
    expect((await runs.events("secret")).join()).not.toContain(token);
  });

  it("names a secret that is not there", async () => {
    await runs.create("nosecret", { args: [{ name: "token", valueFrom: { secretKeyRef: { name: "absent", key: "token" } } }], metrics: [webMetric("/{{args.token}}")] });
    expect((await runs.reaches("nosecret", "Error")).status!.message).toBe('Unable to resolve metric arguments: secrets "absent" not found');
  });

  it("asks an OAuth2 server for its token first", async () => {
    reply = ({ path, headers, body }) => {
      if (path === "/token") return headers.authorization === `Basic ${Buffer.from("me:mine").toString("base64")}` && body.includes("grant_type=client_credentials") && body.includes("scope=read") ? { body: { access_token: "t0k3n", token_type: "bearer", expires_in: 3600 } } : { status: 401, body: {} };
      return headers.authorization === "Bearer t0k3n" ? { body: { value: 1 } } : { status: 403, body: {} };
    };
    await runs.create("oauth", { metrics: [{ name: "m", count: 2, interval: "300ms", provider: web("/oauth", { authentication: { oauth2: { tokenUrl: `${server.url}/token`, clientId: "me", clientSecret: "mine", scopes: ["read"] } } }), successCondition: "result == 1" }] });
    await runs.reaches("oauth", "Successful");
    expect(server.count("/token")).toBe(1);
  });

  it("gives up on what does not answer in time", async () => {
    reply = () => ({ body: { value: 1 }, after: 5_000 });
    await runs.create("slow", { metrics: [{ name: "m", consecutiveErrorLimit: 0, provider: web("/slow", { timeoutSeconds: 1 }) }] });
    const run = await runs.reaches("slow", "Error");
    expect(run.status!.message).toContain(`Get "${server.url}/slow": no complete answer within 1 s`);
  });

  it("lets go a run whose time is over", async () => {
    await runs.create("brief", { metrics: [webMetric("/brief")], ttlStrategy: { secondsAfterSuccess: 1 } });
    await until("the run", () => runs.find("brief"), (run) => run === undefined || { notYet: `still there: ${run.status?.phase}` });
  });
});
