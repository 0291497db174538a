import type { Locator, Page } from "playwright-core";
import { accessibilityProblems, describePage } from "../support/browser.ts";
import { healthIs, syncIs, type Api } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { startMetricServer, type MetricServer } from "../support/metric-server.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { until, untilSame } from "../support/until.ts";

const BAD = "page-bad-release";
const CANARY = "page-canary";
const BLUE_GREEN = "page-blue-green";
const MEASURED = "page-measured";

const TEMPLATE = (image: string) => `  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: ${image}
`;
const DEPLOYMENT = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
${TEMPLATE(image)}`;
const ROLLOUT = (image: string, strategy: string, replicas = 4) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
spec:
  replicas: ${replicas}
${TEMPLATE(image)}  strategy: ${strategy}
`;
const STEPPED = (image: string) => ROLLOUT(image, "{canary: {steps: [{setWeight: 25}, {pause: {}}, {setWeight: 50}, {pause: {}}]}}");
const SWITCHED = (image: string) => ROLLOUT(image, "{blueGreen: {activeService: web-active, previewService: web-preview, autoPromotionEnabled: false}}", 2);
const JUDGED = (image: string) => ROLLOUT(image, "{canary: {analysis: {templates: [{templateName: checks}]}, steps: [{setWeight: 50}, {pause: {}}]}}", 2);
const SERVICE = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: web}
  ports: [{port: 80}]
`;
/** Three metrics: a number against a limit, one that decides nothing, and one that is no number. */
const CHECKS = (url: string) => `apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: checks
spec:
  dryRun: [{metricName: latency}]
  metrics:
  - name: rate
    interval: 1s
    count: 1000
    failureLimit: 2
    successCondition: result >= 0.95
    provider: {web: {url: "${url}/rate", jsonPath: "{$.value}"}}
  - name: latency
    interval: 1s
    count: 1000
    failureLimit: 1000
    failureCondition: result > 100
    provider: {web: {url: "${url}/latency", jsonPath: "{$.value}"}}
  - name: smoke
    interval: 1s
    count: 1000
    successCondition: result == "ok"
    provider: {web: {url: "${url}/smoke", jsonPath: "{$.value}"}}
`;

/** What a release looks like, good and bad, and what can be done about it. */
await describePage("releases in the page", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let page: Page;
  let metrics: MetricServer;
  /** What the measured thing answers, by path. */
  const measured: Record<string, unknown> = { "/rate": 0.99, "/latency": 120, "/smoke": "ok" };
  const repositories: Repository[] = [];

  const given = async (name: string, files: Record<string, string>, { automated = { selfHeal: true }, project = "default" }: { automated?: object; project?: string } = {}): Promise<Repository> => {
    const repository = await tests.connected(name, files);
    repositories.push(repository);
    await tests.application(name, repository, { annotations: { "trireme.dev/rollback-grace": "2s" }, project, syncPolicy: { automated, syncOptions: ["CreateNamespace=true"] } });
    await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
    return repository;
  };
  const releases = async (name: string): Promise<any> => (await api.must("GET", `/api/trireme/v1/applications/${name}/releases`)).body;

  /** What a Rollout shows: each set with its revision, the Services that lead to it and its pods by state. */
  const sets = (rollout: Locator): Promise<string[]> =>
    rollout.locator("[data-set]").evaluateAll((lanes) => lanes.map((lane) => [lane.querySelector(".set-head > span:not(.role)")?.textContent, ...[...lane.querySelectorAll("[data-service]")].map((one) => one.getAttribute("data-service")), ...[...lane.querySelectorAll("[data-pod]")].map((one) => one.getAttribute("data-pod"))].join(" ")));
  const shows = (what: string, rollout: Locator, wanted: string[]) => untilSame(what, () => sets(rollout), wanted, 60_000);
  /** Why a button cannot be pressed. */
  const obstacle = async (rollout: Locator, name: string): Promise<string | null> => {
    const button = rollout.getByRole("button", { name, exact: true }).and(rollout.page().locator("[aria-disabled=true]"));
    return rollout.page().locator(`[id="${await button.getAttribute("aria-describedby")}"]`).textContent();
  };
  const refresh = () => page.getByRole("button", { name: "REFRESH", exact: true }).click();

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    metrics = tests.after.use(await startMetricServer(({ path }) => ({ body: { value: measured[path] } })));
    page = await tests.openSignedIn();
  }, 120_000);

  it("shows a canary with its sets, shares and steps, and promotes it before the reader's eyes", async () => {
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: CANARY }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], clusterResourceWhitelist: [{ group: "*", kind: "*" }], roles: [{ name: "look", policies: [`p, proj:${CANARY}:look, applications, get, ${CANARY}/*, allow`] }] } }, upsert: true });
    const repository = await given(CANARY, { "app/web.yaml": STEPPED("example/web:1") }, { project: CANARY });
    await page.goto(`${stack.url}/applications/argocd/${CANARY}`);
    const rollout = page.locator("[data-rollout=web]");
    const steps = (): Promise<(string | null)[]> => rollout.locator("[data-step]").evaluateAll((all) => all.map((step) => step.getAttribute("data-step")));
    await rollout.locator("header").getByText("Healthy").waitFor();
    await repository.push("Deploy 2", { "app/web.yaml": STEPPED("example/web:2") });
    await refresh();
    await rollout.getByText("Step 2 of 4").waitFor();
    await rollout.getByText("Waits for somebody to promote it").waitFor();
    expect(await steps()).toEqual(["done", "current", "next", "next"]);
    await shows("three stable pods and a new one", rollout, ["revision 1 ready ready ready", "revision 2 ready"]);
    expect(await rollout.locator("[data-share]").evaluateAll((lanes) => lanes.map((lane) => lane.getAttribute("data-share")))).toEqual(["75", "25"]);
    await rollout.locator("[data-share='25']").getByText("canary", { exact: true }).waitFor();
    await rollout.locator("[data-share='75']").getByText("stable", { exact: true }).waitFor();
    await rollout.getByRole("button", { name: "Promote", exact: true }).click();
    await rollout.getByText("Step 4 of 4").waitFor();
    await shows("half of the pods to be new", rollout, ["revision 1 ready ready", "revision 2 ready ready"]);
    await rollout.getByRole("button", { name: "Promote fully" }).click();
    await rollout.getByRole("button", { name: "Promote it fully" }).click();
    await rollout.getByText("All 4 steps are done").waitFor();
    await rollout.locator("header").getByText("Healthy").waitFor();
    await until("the canary to be stable", () => releases(CANARY), ({ rollouts }) => (rollouts[0].stableRevision === "2" && rollouts[0].currentRevision === "2") || { notYet: JSON.stringify(rollouts[0]) }, 60_000);
    // Self-heal would take an earlier revision back at once.
    expect(await obstacle(rollout, "Undo…")).toContain("Self-heal would put the declared revision back");
  }, 240_000);

  it("aborts a canary once it is sure, says so, and tries it again", async () => {
    await repositories[0]!.push("Deploy 3", { "app/web.yaml": STEPPED("example/web:3") });
    await refresh();
    const rollout = page.locator("[data-rollout=web]");
    await rollout.getByText("Step 2 of 4").waitFor();
    await rollout.getByRole("button", { name: "Abort", exact: true }).click();
    await rollout.getByText("Give up this release of web?").waitFor();
    await rollout.getByRole("button", { name: "Abort the release" }).click();
    await rollout.locator("header").getByText("Degraded").waitFor();
    await rollout.getByText("Given up; the stable set serves").waitFor();
    expect(await rollout.getByRole("button", { name: "Promote" }).count()).toBe(0);
    await rollout.getByRole("button", { name: "Retry" }).click();
    await rollout.getByText("Step 2 of 4").waitFor();
  }, 240_000);

  it("says which right is missing, instead of failing", async () => {
    const { token } = (await api.must("POST", `/api/v1/projects/${CANARY}/roles/look/token`, { project: CANARY, role: "look", expiresIn: 3600 })).body;
    const viewer = await tests.openAnother();
    await viewer.page.context().addCookies([{ name: "argocd.token", value: token, url: stack.url }]);
    await viewer.page.goto(`${stack.url}/applications/argocd/${CANARY}`);
    for (const [name, missing] of [["Promote", "action/argoproj.io/Rollout/resume"], ["Abort", "action/argoproj.io/Rollout/abort"], ["Undo…", `update/argoproj.io/Rollout/${CANARY}/web`]] as const) {
      expect(await obstacle(viewer.page.locator("[data-rollout=web]"), name)).toContain(`applications, ${missing}, ${CANARY}/${CANARY}`);
    }
    expect(viewer.complaints).toEqual([]);
    await viewer.close();
  }, 120_000);

  it("shows which set each Service of a blue-green one selects, switches them, and goes back by choice", async () => {
    const repository = await given(BLUE_GREEN, { "app/web.yaml": SWITCHED("example/web:1"), "app/active.yaml": SERVICE("web-active"), "app/preview.yaml": SERVICE("web-preview") }, { automated: { selfHeal: false } });
    await page.goto(`${stack.url}/applications/argocd/${BLUE_GREEN}`);
    const rollout = page.locator("[data-rollout=web]");
    await shows("both Services at the first set", rollout, ["revision 1 web-active web-preview ready ready"]);
    await repository.push("Deploy 2", { "app/web.yaml": SWITCHED("example/web:2") });
    await refresh();
    await rollout.getByText("The new set is ready and becomes active when somebody promotes it").waitFor();
    await shows("a Service at each set", rollout, ["revision 1 web-active ready ready", "revision 2 web-preview ready ready"]);
    await rollout.getByRole("button", { name: "Promote", exact: true }).click();
    await rollout.locator("[data-set]", { hasText: "revision 2" }).locator("[data-service=web-active]").waitFor();
    await rollout.locator("header").getByText("Healthy").waitFor();
    await rollout.getByRole("button", { name: "Undo…" }).click();
    await page.getByRole("menuitem", { name: "revision 1 web:1" }).click();
    await rollout.getByText("Give web the pods of revision 1?").waitFor();
    await rollout.getByRole("button", { name: "Go back", exact: true }).click();
    await rollout.locator("[data-set]", { hasText: "revision 3" }).locator("[data-service=web-preview]").waitFor();
    await until("the first image to be wanted again", async () => JSON.parse(await mustKubectl(stack, ["-n", BLUE_GREEN, "get", "rollout", "web", "-o", "json"])), ({ spec }) => spec.template.spec.containers[0].image === "example/web:1" || { notYet: spec.template.spec.containers[0].image }, 30_000);
  }, 240_000);

  it("draws what an analysis measures against its limits, and what stopped a release that was taken back", async () => {
    const repository = await given(MEASURED, { "app/web.yaml": JUDGED("example/web:1"), "app/checks.yaml": CHECKS(metrics.url) });
    await until("the first release to be proven", () => releases(MEASURED), ({ proven }) => (proven ?? []).length === 1 || { notYet: "not proven" }, 60_000);
    await page.goto(`${stack.url}/applications/argocd/${MEASURED}`);
    const rollout = page.locator("[data-rollout=web]");
    const metric = (name: string): Locator => rollout.locator(`[data-metric=${name}]`);
    await repository.push("Deploy 2", { "app/web.yaml": JUDGED("example/web:2") });
    await refresh();
    await metric("rate").locator(".outcome.Successful").nth(1).waitFor();
    expect(await metric("rate").locator(".limit text").allTextContents()).toEqual(["≥ 0.95"]);
    await metric("rate").locator(".trend").waitFor({ state: "attached" });
    await metric("latency").getByText("Dry run").waitFor();
    await metric("latency").locator(".outcome.Failed").first().waitFor();
    await metric("smoke").locator(".outcome.Successful").first().waitFor();
    expect(await metric("smoke").locator(".limit, .trend").count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    measured["/rate"] = 0.5;
    const stopped = rollout.locator(".stopped[open]");
    await stopped.locator("[data-run][data-phase=Failed]").waitFor({ timeout: 90_000 });
    await stopped.locator("[data-metric=rate]").locator(".outcome.Failed").nth(2).waitFor();
    await stopped.getByText("3 failed, 2 allowed").waitFor();
    await page.locator("[data-reason=RolledBack]").getByText(/Metric "rate" assessed Failed/).waitFor();
    await shows("the first revision to serve alone", rollout, ["revision 3 ready ready"]);
  }, 240_000);

  it("says from, to and why of an application that was rolled back, and lifts the quarantine", async () => {
    const repository = await given(BAD, { "app/web.yaml": DEPLOYMENT("example/web:1") });
    const good = (await repository.head()).slice(0, 7);
    await until("the first release to be proven", () => releases(BAD), ({ proven }) => (proven ?? []).length === 1 || { notYet: "not proven" }, 60_000);
    await page.goto(`${stack.url}/applications/argocd/${BAD}`);
    const bad = (await repository.push("Deploy what cannot be run", { "app/web.yaml": DEPLOYMENT("example/web:broken") })).slice(0, 7);
    await page.getByRole("button", { name: "REFRESH", exact: true }).click();
    const notice = page.getByTestId("rolled-back");
    await notice.getByText(`Rolled back from ${bad} to ${good}`).waitFor({ timeout: 90_000 });
    const why = page.locator("[data-reason=RolledBack]");
    await why.getByText(`Rolled back from ${bad} to ${good}.`).waitFor();
    await why.getByText(/broken|pull/i).first().waitFor();
    await why.getByRole("button", { name: "Lift quarantine" }).waitFor();
    await notice.getByRole("button", { name: "Lift quarantine" }).click();
    await notice.waitFor({ state: "detached" });
  }, 240_000);
});
