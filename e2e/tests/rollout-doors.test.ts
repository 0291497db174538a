import { Api, healthIs, imageIs, phaseIs, syncIs } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { Repository } from "../support/repository.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const IMAGE = "registry.example.com/shop";
const job = { spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers: [{ name: "probe", image: `${IMAGE}-probe:1`, command: ["sh", "-c", "exit 1"] }] } } } };
const manifests = (tag: string) =>
  [
    ...["active", "preview"].map((role) => ({ apiVersion: "v1", kind: "Service", metadata: { name: `shop-${role}` }, spec: { selector: { app: "shop" }, ports: [{ port: 80, targetPort: 8080 }] } })),
    { apiVersion: "argoproj.io/v1alpha1", kind: "AnalysisTemplate", metadata: { name: "fail" }, spec: { metrics: [{ name: "fail", count: 2, interval: "1s", failureLimit: 1, provider: { job } }] } },
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Rollout",
      metadata: { name: "shop" },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: "shop" } },
        template: { metadata: { labels: { app: "shop" } }, spec: { containers: [{ name: "web", image: `${IMAGE}:${tag}`, ports: [{ containerPort: 8080 }] }] } },
        strategy: { blueGreen: { activeService: "shop-active", previewService: "shop-preview", prePromotionAnalysis: { templates: [{ templateName: "fail" }] } } },
      },
    },
  ].map((object) => JSON.stringify(object)).join("\n---\n");

/** A release that fails, as the application, its tree, the dashboard's API and `releases` tell it. The steps are one story. */
describe("the release of an application", () => {
  const NAME = "rollout-doors";
  const NAMESPACE = "user01-rollout-doors";
  const RESOURCE = { name: NAME, namespace: NAMESPACE, resourceName: "shop", group: "argoproj.io", version: "v1alpha1", kind: "Rollout" };
  const WHY = 'RolloutAborted: Rollout aborted update to revision 2: Blue/green pre-promotion analysis phase error/failed: Metric "fail" assessed Failed due to failed (2) > failureLimit (1)';
  let stack: Stack;
  let api: Api;
  let repository: Repository;

  const sync = () => api.must("POST", `/api/v1/applications/${NAME}/sync`, { prune: true });
  const get = async (path: string) => (await api.must("GET", path)).body;
  const nodes = async () => (await get(`/api/v1/applications/${NAME}/resource-tree`)).nodes as any[];
  const releases = async () => (await get(`/api/trireme/v1/applications/${NAME}/releases`)).rollouts as any[];
  const dashboard = `/api/v1/rollouts/${NAMESPACE}`;

  beforeAll(async () => {
    stack = await sharedStack();
    api = await Api.signIn(stack);
    repository = await Repository.create(stack, NAME, { "shop/all.yaml": manifests("1") });
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/applications", {
      metadata: { name: NAME, namespace: "argocd", annotations: { "trireme.dev/rollback": "off" } },
      spec: { project: "default", source: { repoURL: repository.url, path: "shop", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: NAMESPACE }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } },
    });
  });
  afterAll(async () => {
    await api.call("DELETE", `/api/v1/applications/${NAME}`);
    await repository[Symbol.asyncDispose]();
  });

  it("is Healthy with its Rollout, whose sets and pods stand below it", async () => {
    await sync();
    await api.becomes(NAME, phaseIs("Succeeded"), syncIs("Synced"), healthIs("Healthy"), imageIs(`${IMAGE}:1`));
    const shown = await nodes();
    const rollout = shown.find(({ kind }) => kind === "Rollout");
    expect(rollout).toMatchObject({ name: "shop", health: { status: "Healthy" }, info: [{ name: "Revision", value: "Rev:1" }] });
    const set = shown.find(({ kind }) => kind === "ReplicaSet");
    expect(set).toMatchObject({ parentRefs: [{ kind: "Rollout", name: "shop" }], health: { status: "Healthy" } });
    expect(shown.filter(({ kind, parentRefs }) => kind === "Pod" && parentRefs?.[0]?.name === set.name)).toHaveLength(2);
    expect(await releases()).toMatchObject([{ name: "shop", strategy: "BlueGreen", phase: "Healthy", stableRevision: "1", currentRevision: "1", sets: [{ roles: ["stable", "active", "preview"], desired: 2, available: 2, images: [`${IMAGE}:1`] }] }]);
  });

  it("says of a failing one which measurement failed, in the tree and as data", async () => {
    await repository.push("Deploy 2", { "shop/all.yaml": manifests("2") });
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await sync();
    await api.becomes(NAME, phaseIs("Succeeded"), healthIs("Degraded"));
    const shown = await nodes();
    const of = (kind: string) => shown.filter((node) => node.kind === kind);
    expect(of("Rollout")).toMatchObject([{ health: { status: "Degraded", message: WHY } }]);
    expect(of("AnalysisRun")).toMatchObject([{ parentRefs: [{ kind: "Rollout", name: "shop" }], health: { status: "Degraded", message: 'Metric "fail" assessed Failed due to failed (2) > failureLimit (1)' } }]);
    expect(of("Job").map(({ health }) => health.status)).toEqual(["Degraded", "Degraded"]);
    const [release] = await releases();
    expect(release).toMatchObject({ phase: "Degraded", message: WHY, aborted: true, waitingFor: { reason: "RolloutAborted" }, stableRevision: "1", currentRevision: "2" });
    expect(release.sets.map(({ revision, roles }: any) => `${revision}: ${roles}`)).toEqual(["2: preview", "1: stable,active"]);
    expect(release.analyses).toMatchObject([{ type: "PrePromotion", phase: "Failed", failures: [{ metric: "fail", phase: "Failed", job: expect.stringContaining(".fail.") }, { metric: "fail", phase: "Failed" }] }]);
  });

  it("is what the dashboard's API shows and streams", async () => {
    expect(await get(`${dashboard}/shop/info`)).toMatchObject({
      objectMeta: { name: "shop", namespace: NAMESPACE }, status: "Degraded", message: WHY, icon: "✖", strategy: "BlueGreen", desired: 2,
      replicaSets: [{ revision: 2, preview: true }, { revision: 1, stable: true, active: true, pods: [{ status: "Running", ready: "1/1" }, {}] }],
      analysisRuns: [{ status: "Failed", failed: 2, jobs: [{ status: "Failed", icon: "✖", metricName: "fail" }, {}], specAndStatus: { status: { phase: "Failed" } } }],
    });
    expect(await get(`/rollouts${dashboard}/shop/info`)).toMatchObject({ objectMeta: { name: "shop" }, status: "Degraded" });
    expect((await get(`${dashboard}/info`)).rollouts).toMatchObject([{ objectMeta: { name: "shop" } }]);
    expect((await get("/api/v1/namespace")).availableNamespaces).toContain(NAMESPACE);
    const closing = new AbortController();
    const stream = await fetch(`${stack.url}${dashboard}/shop/info/watch`, { headers: { authorization: `Bearer ${api.token}` }, signal: closing.signal });
    const [first] = new TextDecoder().decode((await stream.body!.getReader().read()).value).split("\n");
    closing.abort();
    expect(JSON.parse(first!)).toMatchObject({ result: { status: "Degraded" } });
    expect((await new Api(stack.url).call("GET", `${dashboard}/shop/info`)).status).toBe(401);
  });

  it("is tried again by Argo CD's action, and fails again", async () => {
    const query = new URLSearchParams(RESOURCE);
    const { actions } = await get(`/api/v1/applications/${NAME}/resource/actions?${query}`);
    expect(actions.filter(({ disabled }: any) => disabled !== true).map(({ name }: any) => name)).toEqual(["promote-full", "restart", "retry"]);
    await api.must("POST", `/api/v1/applications/${NAME}/resource/actions/v2`, { ...RESOURCE, action: "retry" });
    const told = async () => JSON.parse(await mustKubectl(stack, ["-n", NAMESPACE, "get", "events", "--field-selector", "reason=ResourceActionRan", "-o", "json"])).items as any[];
    await until("an Event on the Rollout", told, (events) => events.some(({ involvedObject, message, source }) => involvedObject.kind === "Rollout" && involvedObject.name === "shop" && message === "admin ran action retry" && source.component === "argocd-server") || { notYet: JSON.stringify(events.map(({ message }) => message)) });
    await until("a second analysis that failed", releases, ([release]) => (release.aborted && release.analyses.length === 2 && release.analyses.every(({ phase }: any) => phase === "Failed") ? true : { notYet: JSON.stringify(release.analyses.map(({ phase }: any) => phase)) }), 60_000);
  });

  it("goes back to the revision that worked by the dashboard's undo", async () => {
    const undone = (await api.must("PUT", `${dashboard}/shop/undo/1`, {})).body;
    expect(undone.spec.template.spec.containers[0].image).toBe(`${IMAGE}:1`);
    await until("the Rollout to be Healthy", () => get(`${dashboard}/shop/info`), ({ status, message }) => (status === "Healthy" ? true : { notYet: `${status}: ${message}` }), 60_000);
    expect((await mustKubectl(stack, ["-n", NAMESPACE, "get", "rollout", "shop", "-o", "jsonpath={.status.message}"])).trim()).toBe("");
    await api.becomes(NAME, syncIs("OutOfSync"), healthIs("Healthy"));
  });
});
