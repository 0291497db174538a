import type { Browser, Page } from "playwright-core";
import { accessibilityProblems, findBrowser, launch, openWindow, signInto, type Window } from "../support/browser.ts";
import { Api, healthIs, syncIs } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { describeUnless } from "../support/sample.ts";
import { clusterKind, sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const BAD = "page-bad-release";
const CANARY = "page-canary";
const browser = clusterKind === "dev" ? await findBrowser() : { reason: "the page is the same on every cluster; its tests run on the dev cluster" };

const DEPLOYMENT = (image: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: ${image}
`;

const ROLLOUT = (image: string) => `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: web
spec:
  replicas: 4
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: ${image}
  strategy:
    canary:
      steps:
      - setWeight: 25
      - pause: {}
      - setWeight: 50
      - pause: {}
`;

/** What a release looks like, good and bad, and what can be done about it. */
describeUnless("reason" in browser ? browser.reason : undefined, "releases in the page", () => {
  let stack: Stack;
  let api: Api;
  let chromium: Browser;
  let window: Window;
  let page: Page;
  const repositories: Repository[] = [];

  const given = async (name: string, files: Record<string, string>): Promise<Repository> => {
    const repository = await Repository.create(stack, name, files);
    repositories.push(repository);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/applications", {
      metadata: { name, annotations: { "trireme.dev/rollback-grace": "2s" } },
      spec: { project: "default", source: { repoURL: repository.url, path: "app", targetRevision: "HEAD" }, destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { automated: { selfHeal: true }, syncOptions: ["CreateNamespace=true"] } },
    });
    await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
    return repository;
  };
  const releases = async (name: string): Promise<any> => (await api.must("GET", `/api/trireme/v1/applications/${name}/releases`)).body;

  beforeAll(async () => {
    stack = await sharedStack();
    api = await Api.signIn(stack);
    chromium = await launch((browser as { executable: string }).executable);
    window = await openWindow(chromium);
    page = window.page;
    await signInto(page, stack);
  }, 120_000);
  afterAll(async () => {
    await chromium?.close();
    for (const name of [BAD, CANARY]) await api.call("DELETE", `/api/v1/applications/${name}?cascade=true`);
    for (const repository of repositories) await repository[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    expect(window.complaints.splice(0)).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 60_000);

  it("shows a canary with its sets and steps, and promotes it", async () => {
    const repository = await given(CANARY, { "app/web.yaml": ROLLOUT("example/web:1") });
    await page.goto(`${stack.url}/applications/argocd/${CANARY}`);
    const rollout = page.locator("[data-rollout=web]");
    await rollout.locator("header").getByText("Healthy").waitFor();
    await repository.push("Deploy 2", { "app/web.yaml": ROLLOUT("example/web:2") });
    await page.getByRole("button", { name: "REFRESH", exact: true }).click();
    await rollout.getByText("Step 2 of 4").waitFor();
    await rollout.getByText("canary", { exact: true }).waitFor();
    await rollout.getByText("stable", { exact: true }).waitFor();
    await rollout.getByText("example/web:2").waitFor();
    await rollout.locator(".waiting").waitFor();
    await rollout.getByRole("button", { name: "Promote", exact: true }).click();
    await rollout.getByText("Step 4 of 4").waitFor();
    await rollout.getByRole("button", { name: "Promote fully" }).click();
    await rollout.getByText("All 4 steps are done").waitFor();
    await rollout.locator("header").getByText("Healthy").waitFor();
    await until("the canary to be stable", () => releases(CANARY), ({ rollouts }) => (rollouts[0].stableRevision === "2" && rollouts[0].currentRevision === "2") || { notYet: JSON.stringify(rollouts[0]) }, 60_000);
  }, 240_000);

  it("aborts a canary, says so, and tries it again", async () => {
    await repositories[0]!.push("Deploy 3", { "app/web.yaml": ROLLOUT("example/web:3") });
    await page.getByRole("button", { name: "REFRESH", exact: true }).click();
    const rollout = page.locator("[data-rollout=web]");
    await rollout.getByText("Step 2 of 4").waitFor();
    await rollout.getByRole("button", { name: "Abort" }).click();
    await rollout.locator("header").getByText("Degraded").waitFor();
    await rollout.getByRole("button", { name: "Retry" }).click();
    await rollout.getByText("Step 2 of 4").waitFor();
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
    await notice.getByText(/broken|pull/i).first().waitFor();
    await page.locator("[data-reason=RolledBack]").waitFor();
    await notice.getByRole("button", { name: "Lift quarantine" }).click();
    await notice.waitFor({ state: "detached" });
  }, 240_000);
});
