import { Api, condition, healthIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { prometheusObstacle, startPrometheus, type Prometheus } from "../support/prometheus.ts";
import { Repository } from "../support/repository.ts";
import { describeUnless } from "../support/sample.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const HASH = "rollouts-pod-template-hash";
const IMAGE = "argoproj/rollouts-demo";

/** A way in which a release is judged. `serving` is the Service that users reach. */
interface Way {
  name: string;
  strategy: object;
  provider: (passes: boolean, prometheus: string) => object;
  serving: "web-a" | "web-b";
  /** Whether users may see the bad set at all before it is taken back. */
  reachesUsers: boolean;
}

const ANALYSIS = { templates: [{ templateName: "judge" }] };
const job = (passes: boolean): object => ({
  job: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "judge", image: "alpine:3.8", command: ["sh", "-c"], args: [`exit ${passes ? 0 : 1}`] }] } } } },
});
const WAYS: Way[] = [
  { name: "by-prometheus", serving: "web-a", reachesUsers: false, strategy: { blueGreen: { activeService: "web-a", previewService: "web-b", abortScaleDownDelaySeconds: 1, prePromotionAnalysis: ANALYSIS } }, provider: (_, address) => ({ prometheus: { address, query: "success_rate" } }) },
  { name: "after-promotion", serving: "web-a", reachesUsers: true, strategy: { blueGreen: { activeService: "web-a", previewService: "web-b", abortScaleDownDelaySeconds: 1, postPromotionAnalysis: ANALYSIS } }, provider: job },
  { name: "by-steps", serving: "web-a", reachesUsers: false, strategy: { canary: { stableService: "web-a", canaryService: "web-b", steps: [{ setWeight: 50 }, { pause: { duration: "1s" } }, { analysis: ANALYSIS }, { setWeight: 100 }] } }, provider: job },
];

/** Bad releases of Rollouts, from Git to the Services, in each way that finds them out. */
describeUnless(prometheusObstacle(), "a bad release", () => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let service: MetricServer;
  let prometheus: Prometheus;
  let successRate = 0.99;

  const application = (way: Way) => `bad-release-${way.name}`;
  const files = (way: Way, tag: string, passes: boolean): Record<string, string> => ({
    [`${way.name}/rollout.json`]: JSON.stringify({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: "web" },
      spec: { replicas: 2, selector: { matchLabels: { app: "web" } }, template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: `${IMAGE}:${tag}` }] } }, strategy: way.strategy },
    }),
    [`${way.name}/judge.json`]: JSON.stringify({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "AnalysisTemplate",
      metadata: { name: "judge" },
      spec: { metrics: [{ name: "judge", count: 2, interval: "1s", failureLimit: 1, ...("prometheus" in way.provider(passes, "") && { successCondition: "result[0] >= 0.95" }), provider: way.provider(passes, prometheus.url) }] },
    }),
    ...Object.fromEntries(["web-a", "web-b"].map((name) => [`${way.name}/${name}.json`, JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] } })])),
  });
  const push = (message: string, changed: Record<string, string>) => repository.pushAndTell(stack, message, changed);
  const measuredRateBecomes = async (rate: number): Promise<void> => {
    successRate = rate;
    const asked = async () => ((await (await fetch(`${prometheus.url}/api/v1/query?query=success_rate`)).json()) as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1];
    await until("the scraped rate", asked, (value) => value === String(rate) || { notYet: `it is ${value}` }, 60_000);
  };
  const get = async (way: Way, ...args: string[]): Promise<any> => JSON.parse(await mustKubectl(stack, ["-n", application(way), "get", ...args, "-o", "json"]));
  const served = async (way: Way): Promise<string> => (await get(way, "service", way.serving)).spec.selector[HASH];
  const rolloutIs = (way: Way, tag: string) =>
    until(`the Rollout to be Healthy on ${tag}`, () => get(way, "rollout.argoproj.io", "web"), ({ metadata, spec, status }) => (status?.observedGeneration === String(metadata.generation) && status.phase === "Healthy" && spec.template.spec.containers[0].image === `${IMAGE}:${tag}`) || { notYet: `${status?.phase}: ${status?.message}` }, 120_000);
  const releases = async (way: Way): Promise<any> => (await api.must("GET", `/api/trireme/v1/applications/${application(way)}/releases`)).body;
  const releaseIs = (way: Way, what: string, holds: (record: any) => boolean) => until(`the release to be ${what}`, () => releases(way), (record) => holds(record) || { notYet: JSON.stringify(record).slice(0, 600) }, 120_000);

  beforeAll(async () => {
    stack = await sharedStack();
    service = await startMetricServer(() => ({ headers: { "content-type": "text/plain; version=0.0.4" }, body: `# TYPE success_rate gauge\nsuccess_rate ${successRate}\n` }));
    prometheus = await startPrometheus(service.url);
    repository = await Repository.create(stack, "bad-release", Object.assign({ "README.md": "one\n" }, ...WAYS.map((way) => files(way, "blue", false))));
    api = await Api.signIn(stack);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    for (const way of WAYS) {
      await api.must("POST", "/api/v1/applications", {
        metadata: { name: application(way), namespace: "argocd", annotations: { "trireme.dev/rollback-grace": "2s" } },
        spec: { project: "default", source: { repoURL: repository.url, path: way.name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: application(way) }, syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
      });
    }
  }, 240_000);
  afterAll(async () => {
    for (const way of WAYS) await api?.call("DELETE", `/api/v1/applications/${application(way)}?cascade=true`);
    await repository?.[Symbol.asyncDispose]();
    await prometheus?.[Symbol.asyncDispose]();
    await service?.[Symbol.asyncDispose]();
  });

  it.each(WAYS.map((way) => [way.name, way] as const))("judged %s is taken back, and the next good one goes out", async (_, way) => {
    const app = application(way);
    await api.becomes(app, syncIs("Synced"), healthIs("Healthy"));
    const stable: string = (await rolloutIs(way, "blue")).status.stableRS;
    await releaseIs(way, "proven", ({ proven = [] }) => proven.length > 0);

    await measuredRateBecomes(0.5);
    const seen: string[] = [];
    let watching = true;
    const watched = (async () => {
      while (watching) {
        const hash = await served(way);
        if (seen.at(-1) !== hash) seen.push(hash);
      }
    })();
    const bad = await push(`${way.name}: deploy green`, files(way, "green", false));
    const { quarantined } = await releaseIs(way, "quarantined", (record) => (record.quarantined ?? []).length > 0);
    expect(quarantined).toMatchObject([{ revisions: [bad], reason: "RolloutAborted", message: expect.stringMatching(/Rollout aborted update to revision 2: .*[Mm]etric "judge" assessed Failed due to failed \(2\) > failureLimit \(1\)/) }]);
    await api.becomes(app, healthIs("Healthy"), syncIs("OutOfSync"), condition("RolledBack", 'assessed Failed due to failed (2) > failureLimit (1)'), condition("SyncError", /is quarantined since/));
    expect((await rolloutIs(way, "blue")).status.stableRS).toBe(stable);
    const run = (await get(way, "analysisruns.argoproj.io")).items.find(({ status }: any) => status?.phase === "Failed");
    expect(run.status.message).toContain('Metric "judge" assessed Failed due to failed (2) > failureLimit (1)');
    watching = false;
    await watched;
    if (way.reachesUsers) expect(seen).toEqual([stable, expect.not.stringMatching(stable), stable]);
    else expect(seen).toEqual([stable]);
    await until("the bad pods to go away", () => get(way, "pods", "-l", "app=web"), ({ items }) => items.every(({ metadata }: any) => metadata.labels[HASH] === stable) || { notYet: `${items.length} pods` }, 90_000);

    const unrelated = await push(`${way.name}: something else`, { "README.md": `${way.name}\n` });
    await api.call("GET", `/api/v1/applications/${app}?refresh=normal`);
    await api.becomes(app, syncIs("OutOfSync", unrelated), healthIs("Healthy"));
    expect((await releases(way)).rollbacksSinceProven).toBe(1);
    expect(await served(way)).toBe(stable);

    await measuredRateBecomes(0.99);
    await push(`${way.name}: deploy yellow`, files(way, "yellow", true));
    const { status } = await rolloutIs(way, "yellow");
    expect(status.stableRS).not.toBe(stable);
    await until("users to be served by it", () => served(way), (hash) => hash === status.stableRS || { notYet: hash }, 60_000);
    await releaseIs(way, "proven anew", ({ pinned, rollbacksSinceProven = 0 }) => (pinned === undefined || pinned === null) && rollbacksSinceProven === 0);
  }, 400_000);
});
