import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { KubeObject } from "@trireme/api";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { AnalysisRuns } from "../support/analysis-runs.ts";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { isRead, isWrite, proxyKubeconfig, type Proxy, type SeenRequest } from "../support/proxy.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const ROLLOUT = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout" };
const NAMESPACE = "rollout-counts";

/** What Rollouts and runs cost, counted at the API server's door, and what the controller says of them to Prometheus. */
describe("counts of Rollouts and runs", () => {
  let work: string;
  let stack: OwnStack;
  let client: KubeClient;
  let kube: Proxy;
  let server: MetricServer;

  const list = (requests: readonly SeenRequest[]) => requests.filter((request) => request.path.includes(`/namespaces/${NAMESPACE}/`)).map(({ method, path: where }) => `${method} ${where.replace(/^.*\/namespaces\/[^/]+\//, "")}`);
  const get = () => client.get({ ...ROLLOUT, namespace: NAMESPACE, name: "web" });
  const quiet = async () => {
    let last = -1;
    let since = Date.now();
    await until(
      "the controller to come to rest",
      async () => kube.requests.length,
      (count) => {
        if (count !== last) since = Date.now();
        last = count;
        return Date.now() - since > 1000 || { notYet: `${count} requests` };
      },
      30_000,
    );
  };
  const template = (image: string) => ({ metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image }] } });

  beforeAll(async () => {
    work = await mkdtemp(path.join(os.tmpdir(), "trireme-rollout-counts-"));
    stack = await startStack();
    kube = await proxyKubeconfig(stack.kubeconfig, path.join(work, "kubeconfig"));
    await stack.trio.processes["application-controller"].restart({ env: { KUBECONFIG: path.join(work, "kubeconfig") } });
    await stack.trio.processes["application-controller"].waitReady();
    client = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    server = await startMetricServer(() => ({ body: { value: 1 } }));
    await client.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    for (const name of ["active", "preview"]) await client.create({ apiVersion: "v1", kind: "Service", metadata: { name, namespace: NAMESPACE }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } } as KubeObject);
    await client.create({ apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web", namespace: NAMESPACE }, spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: template("registry.example.com/web:1"), strategy: { blueGreen: { activeService: "active", previewService: "preview", autoPromotionEnabled: false } } } } as KubeObject);
    await until("the first revision", get, ({ status }) => status?.phase === "Healthy" || { notYet: `${status?.phase} ${status?.message}` });
  }, 180_000);
  afterAll(async () => {
    await Promise.allSettled([kube?.[Symbol.asyncDispose](), server?.[Symbol.asyncDispose](), client?.close()]);
    await stack?.[Symbol.asyncDispose]();
    await rm(work, { recursive: true, force: true });
  });

  it("on promotion the patch of the Service is the first write, the status the second, and nothing is read", async () => {
    const before = await get();
    await client.patch({ ...ROLLOUT, namespace: NAMESPACE, name: "web" }, "merge", { spec: { template: template("registry.example.com/web:2") } });
    const paused = await until("the pause before the promotion", get, ({ status }) => (status?.phase === "Paused" && status.currentPodHash !== before["status"].currentPodHash && status.pauseConditions?.length > 0) || { notYet: `${status?.phase} ${status?.message}` });
    await quiet();
    kube.reset();
    await client.patch({ ...ROLLOUT, namespace: NAMESPACE, name: "web" }, "merge", { status: { pauseConditions: null } }, { subresource: "status" });
    const hash = paused["status"].currentPodHash as string;
    await until("the promotion", get, ({ status }) => (status?.phase === "Healthy" && status.stableRS === hash) || { notYet: `${status?.phase} ${status?.message}` });
    await quiet();
    expect(list(kube.requests.filter(isWrite))).toEqual(["PATCH services/active", "PATCH rollouts/web/status", `PATCH replicasets/web-${before["status"].stableRS}`]);
    expect(list(kube.requests.filter(isRead))).toEqual([]);
  }, 90_000);

  it("a measurement is one write", async () => {
    const runs = new AnalysisRuns(client, NAMESPACE);
    await quiet();
    kube.reset();
    await runs.create("counted", { metrics: [{ name: "m", count: 4, interval: "1s", successCondition: "result == 1", provider: { web: { url: `${server.url}/counted`, jsonPath: "{$.value}" } } }] });
    const { status } = await runs.reaches("counted", "Successful");
    await quiet();
    expect(status!.metricResults![0]).toMatchObject({ count: 4, successful: 4 });
    expect(server.count("/counted")).toBe(4);
    expect(list(kube.requests.filter(isWrite))).toEqual(Array.from({ length: 4 }, () => "PATCH analysisruns/counted"));
    expect(list(kube.requests.filter(isRead))).toEqual([]);
  }, 90_000);

  it("an idle Rollout costs no write, also to a controller that begins", async () => {
    await quiet();
    kube.reset();
    await stack.trio.processes["application-controller"].restart();
    await stack.trio.processes["application-controller"].waitReady();
    // A sign that it has looked: it acts on what is changed now.
    await client.patch({ ...ROLLOUT, namespace: NAMESPACE, name: "web" }, "merge", { metadata: { annotations: { looked: "at" } } });
    await until("its newest set to carry the annotation", () => client.list({ group: "apps", kind: "ReplicaSet" }, { namespace: NAMESPACE }), ({ items }) => items.some(({ metadata }) => metadata.annotations?.["looked"] === "at") || { notYet: "not yet" });
    await quiet();
    const { status } = await get();
    expect(list(kube.requests.filter(isWrite))).toEqual([`PATCH replicasets/web-${status.currentPodHash}`]);
  }, 90_000);

  it("tells Prometheus of Rollouts, runs and requests under Argo Rollouts' names", async () => {
    const url = `${stack.trio.probes["application-controller"]}/metrics`;
    const place = `namespace="${NAMESPACE}",name="web"`;
    const text = await until("what it did to be counted", async () => (await fetch(url)).text(), (answer) => answer.includes(`rollout_reconcile_count{${place}}`) || { notYet: answer.slice(0, 200) });
    for (const line of [
      `rollout_info{${place},strategy="blueGreen",traffic_router="",phase="Completed"} 1`,
      `rollout_info_replicas_available{${place}} 2`,
      `rollout_info_replicas_desired{${place}} 2`,
      `rollout_phase{${place},strategy="blueGreen",phase="Completed"} 1`,
      `analysis_run_info{namespace="${NAMESPACE}",name="counted",phase="Successful"} 1`,
      `analysis_run_metric_phase{namespace="${NAMESPACE}",name="counted",metric="m",type="Web",dry_run="false",phase="Successful"} 1`,
      `controller_clientset_k8s_request_total{kind="replicasets",namespace="${NAMESPACE}",name="N/A",verb="Patch",status_code="200"} 1`,
    ])
      expect(text).toContain(line);
  }, 60_000);
});
