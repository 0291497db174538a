import type { Locator, Page } from "playwright-core";
import { accessibilityProblems, describePage, signInto } from "../support/browser.ts";
import { healthIs, phaseIs, syncIs, type Api } from "../support/api.ts";
import { kubectl } from "../support/kubectl.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "page-parts";
const CHART = "page-chart";
const VIEWED = "page-viewed";

const web = (image: string, replicas: number): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}"}]}
`;
const FILES = {
  "app/web.yaml": web("example/web:1", 1),
  "app/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n",
  "app/kept.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, annotations: {argocd.argoproj.io/sync-options: Delete=false}}\ndata: {a: b}\n",
  "app/migrate.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: example/migrate}]}}}\n",
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
  "chart/values.yaml": "theme: light\n",
  "chart/templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shop}\ndata: {theme: {{ required \"a theme is needed\" .Values.theme | quote }}}\n",
};

/** The parts of one application: what differs, what was, how it is made, what becomes of it. */
await describePage("the parts of one application in the page", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let page: Page;
  let panel: Locator;
  let repository: Repository;

  const open = (parameters: string, name = NAME): Promise<unknown> => page.goto(`${stack.url}/applications/argocd/${name}?${parameters}`);
  const sync = async (): Promise<void> => {
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await api.becomes(NAME, phaseIs("Succeeded"), healthIs("Healthy"));
  };

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    repository = await tests.connected(NAME, FILES);
    await tests.application(NAME, repository);
    await tests.application(CHART, repository, { path: "chart" });
    await sync();
    await repository.push("Deploy the second, twice\n\nThere are more readers now.", { "app/web.yaml": web("example/web:2", 2), "app/service.yaml": null });
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await api.becomes(NAME, syncIs("OutOfSync"));
    page = await tests.openSignedIn();
    panel = page.getByRole("dialog");
  }, 180_000);

  it("shows all that differs with who wrote it, by kind", async () => {
    await page.goto(`${stack.url}/applications/argocd/${NAME}`);
    await page.getByRole("link", { name: "Diff", exact: true }).waitFor();
    await page.keyboard.press("d");
    const deployment = panel.locator("[data-object='Deployment/web']");
    await deployment.getByRole("row", { name: /spec\.replicas/ }).getByText("argocd-controller").waitFor();
    await deployment.getByTestId("diff").locator(".cm-merge-b .cm-changedLine", { hasText: "image: example/web:2" }).waitFor();
    await panel.locator("[data-object='Service/web']").getByText("A sync that prunes deletes it.").waitFor();
    await panel.getByRole("button", { name: "Service 1" }).click();
    await deployment.waitFor({ state: "detached" });
    // The hook's Job is there, and nobody's difference.
    expect(await panel.locator("[data-object]").count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("panel")).toBe("diff");
  }, 120_000);

  it("shows each result of a sync, its hooks too, while it runs", async () => {
    await open("operation=true");
    await panel.getByText("by admin").first().waitFor();
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await panel.locator("[data-result='Job/migrate']").getByText("PreSync hook").waitFor();
    await panel.locator("[data-result='Deployment/web']").getByText("deployment.apps/web configured").waitFor();
    await panel.locator("[data-result='Service/web']").getByText("requires pruning").waitFor();
    await panel.locator(".facts").getByText("Succeeded", { exact: true }).waitFor();
    await panel.locator("[data-result='Deployment/web']").getByRole("button", { name: "Deployment web" }).click();
    await panel.getByRole("tab", { name: "Summary" }).waitFor();
    await api.becomes(NAME, phaseIs("Succeeded"), healthIs("Healthy"));
  }, 120_000);

  it("tells the history, what a rollback would change, and rolls back once automated sync is off", async () => {
    const app = await api.app(NAME);
    await api.must("PUT", `/api/v1/applications/${NAME}`, { ...app, spec: { ...app.spec, syncPolicy: { ...app.spec.syncPolicy, automated: {} } } });
    await open("panel=history");
    await panel.locator("[data-entry='1']").getByText("Deploy the second, twice").waitFor();
    const first = panel.locator("[data-entry='0']");
    await first.locator("summary").first().click();
    await first.getByRole("row", { name: /spec\.replicas/ }).waitFor();
    expect((await first.getByRole("row", { name: /spec\.replicas/ }).getByRole("cell").allTextContents()).slice(0, 2)).toEqual(["2", "1"]);
    await first.getByTestId("diff").locator(".cm-merge-b .cm-changedLine", { hasText: "image: example/web:1" }).waitFor();
    const rollback = first.getByRole("button", { name: "Rollback", exact: true });
    expect(await rollback.getAttribute("aria-disabled")).toBe("true");
    await first.getByRole("button", { name: "Disable automated sync" }).click();
    await until("automated sync to be off", async () => (await api.app(NAME)).spec.syncPolicy.automated?.enabled, (enabled) => enabled === false || { notYet: String(enabled) }, 30_000);
    await panel.locator("[data-entry='0'] button", { hasText: "Rollback" }).and(page.locator(":not([aria-disabled=true])")).click();
    await panel.locator("[data-result='Deployment/web']").getByText("configured").waitFor();
    expect(new URL(page.url()).searchParams.get("panel")).toBe("operation");
    await until("the rolled back deployment", async () => JSON.parse((await kubectl(stack, ["-n", NAME, "get", "deployment", "web", "-o", "json"])).stdout).spec, (spec) => (spec.replicas === 1 && spec.template.spec.containers[0].image === "example/web:1") || { notYet: JSON.stringify(spec.replicas) }, 60_000);
  }, 180_000);

  it("edits a chart's parameters: what cannot be rendered is not saved, what can is, and overrides are taken back", async () => {
    await open("panel=parameters", CHART);
    const theme = panel.getByRole("textbox", { name: "theme", exact: true });
    await theme.waitFor();
    expect(await theme.inputValue()).toBe("light");
    await theme.fill("");
    await panel.getByRole("button", { name: "Save" }).click();
    await panel.getByRole("alert").filter({ hasText: "a theme is needed" }).waitFor();
    expect((await api.app(CHART)).spec.source.helm).toBeUndefined();
    await theme.fill("dark");
    await panel.getByText("Overrides light").waitFor();
    await panel.getByRole("button", { name: "Save" }).click();
    await panel.getByText("Saved.").waitFor();
    expect((await api.app(CHART)).spec.source.helm.parameters).toEqual([{ name: "theme", value: "dark" }]);
    await panel.getByRole("button", { name: "Remove the override of theme" }).click();
    await panel.getByRole("button", { name: "Save" }).click();
    await until("the override to be gone", async () => (await api.app(CHART)).spec.source.helm, (helm) => helm === undefined || { notYet: JSON.stringify(helm) }, 30_000);
  }, 120_000);

  it("edits its details, and says what the server refuses", async () => {
    await open("panel=details", CHART);
    const path = panel.getByLabel("Path", { exact: true });
    await path.fill("nowhere");
    await panel.getByRole("button", { name: "Save" }).click();
    await panel.getByRole("alert").filter({ hasText: "nowhere" }).waitFor();
    await path.fill("chart");
    await panel.getByRole("button", { name: "Add to: Labels" }).click();
    await panel.getByLabel("Labels: name 1").fill("team");
    await panel.getByLabel("Labels: value 1").fill("shop");
    await panel.getByRole("button", { name: "Add to: Notifications" }).click();
    await panel.getByLabel("Trigger").fill("on-sync-failed");
    await panel.getByLabel("Service", { exact: true }).fill("slack");
    await panel.getByLabel("Recipients, with ; between").fill("shop-team");
    await panel.getByRole("button", { name: "Save" }).click();
    await panel.getByText("Saved.").waitFor();
    const { metadata, spec } = await api.app(CHART);
    expect(metadata).toMatchObject({ labels: { team: "shop" }, annotations: { "notifications.argoproj.io/subscribe.on-sync-failed.slack": "shop-team" } });
    expect(spec.syncPolicy).toEqual({ syncOptions: ["CreateNamespace=true"] });
  }, 120_000);

  it("edits its manifest after the server has tried it", async () => {
    await open("panel=manifest", CHART);
    await panel.getByRole("button", { name: "Edit", exact: true }).click();
    const text = panel.getByLabel(`Manifest of ${CHART}`);
    await text.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("  revisionHistoryLimits: 3");
    await panel.getByRole("button", { name: "Try" }).click();
    await panel.getByRole("alert").filter({ hasText: 'unknown field "spec.revisionHistoryLimits"' }).waitFor();
    await text.click();
    await page.keyboard.press("Control+End");
    for (const _ of "s: 3") await page.keyboard.press("Backspace");
    await page.keyboard.type(": 3");
    await panel.getByRole("button", { name: "Try" }).click();
    await panel.getByTestId("diff").locator(".cm-changedLine", { hasText: "revisionHistoryLimit: 3" }).waitFor();
    expect((await api.app(CHART)).spec.revisionHistoryLimit).toBeUndefined();
    await panel.getByRole("button", { name: "Save" }).click();
    await panel.getByRole("button", { name: "Edit", exact: true }).waitFor();
    expect((await api.app(CHART)).spec.revisionHistoryLimit).toBe(3);
  }, 120_000);

  it("tells its events", async () => {
    await open("panel=events");
    await panel.getByText(/initiated rollback to 0/).first().waitFor();
  }, 60_000);

  it("says to whoever may only look which permission each thing needs", async () => {
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: VIEWED }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], clusterResourceWhitelist: [{ group: "*", kind: "*" }], roles: [{ name: "look", policies: [`p, proj:${VIEWED}:look, applications, get, ${VIEWED}/*, allow`] }] } }, upsert: true });
    await api.must("POST", "/api/v1/applications", { metadata: { name: VIEWED }, spec: { project: VIEWED, source: { repoURL: repository.url, path: "app", targetRevision: "HEAD" }, destination: { server: "https://kubernetes.default.svc", namespace: VIEWED }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });
    await api.must("POST", `/api/v1/applications/${VIEWED}/sync`, { name: VIEWED });
    await api.becomes(VIEWED, phaseIs("Succeeded"), healthIs("Healthy"));
    const { token } = (await api.must("POST", `/api/v1/projects/${VIEWED}/roles/look/token`, { project: VIEWED, role: "look", expiresIn: 3600 })).body;
    const viewer = await tests.openAnother();
    try {
      await viewer.page.context().addCookies([{ name: "argocd.token", value: token, url: stack.url }]);
      const dialog = viewer.page.getByRole("dialog");
      const deployment = encodeURIComponent(`apps/Deployment/${VIEWED}/web`);
      const refused: [parameters: string, button: string, missing: string][] = [
        ["panel=manifest", "Edit", "applications, update, "],
        ["panel=history&entry=0", "Deploy again", "applications, sync, "],
        [`node=${deployment}&tab=manifest`, "Edit", `applications, update/apps/Deployment/${VIEWED}/web, `],
        [`node=${deployment}&tab=actions`, "Restart", "applications, action/apps/Deployment/restart, "],
        [`node=${deployment}&tab=delete`, "DELETE", `applications, delete/apps/Deployment/${VIEWED}/web, `],
      ];
      for (const [parameters, name, missing] of refused) {
        await viewer.page.goto(`${stack.url}/applications/argocd/${VIEWED}?${parameters}`);
        const button = dialog.getByRole("button", { name, exact: true }).and(viewer.page.locator("[aria-disabled=true]"));
        await button.waitFor();
        expect(await viewer.page.locator(`[id="${await button.getAttribute("aria-describedby")}"]`).textContent()).toContain(`${missing}${VIEWED}/${VIEWED}`);
      }
      await viewer.page.goto(`${stack.url}/applications/argocd/${VIEWED}?node=${deployment}&tab=logs`);
      await dialog.getByText(`logs, get, ${VIEWED}/${VIEWED}`).waitFor();
      expect(viewer.complaints).toEqual([]);
    } finally {
      await viewer.close();
      await api.must("DELETE", `/api/v1/applications/${VIEWED}?cascade=true`);
      await until("the application to be gone", () => api.call("GET", `/api/v1/applications/${VIEWED}`), ({ status }) => status === 403 || status === 404 || { notYet: String(status) }, 60_000);
      await api.must("DELETE", `/api/v1/projects/${VIEWED}`);
    }
  }, 180_000);

  it("fits a phone, in Korean and dark", async () => {
    const phone = await tests.openAnother({ viewport: { width: 390, height: 844 }, locale: "ko-KR", colorScheme: "dark" });
    try {
      await signInto(phone.page, stack);
      for (const parameters of ["panel=diff", "panel=operation", "panel=history&entry=0", "panel=details", `node=${encodeURIComponent(`apps/Deployment/${NAME}/web`)}&tab=logs`, "delete=true"]) {
        await phone.page.goto(`${stack.url}/applications/argocd/${NAME}?${parameters}`);
        await phone.page.getByRole("dialog").waitFor();
        await phone.page.waitForLoadState("networkidle", { timeout: 3000 }).catch(() => undefined);
        expect(await phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
        expect(await accessibilityProblems(phone.page)).toEqual([]);
      }
      expect(phone.complaints).toEqual([]);
    } finally {
      await phone.close();
    }
  }, 180_000);

  it("is deleted: says before what goes and what stays, and then how far it is", async () => {
    await open("delete=true");
    await panel.getByText("Objects that are deleted with it, and all that belongs to them: 2").waitFor();
    await panel.getByText("Delete=false").waitFor();
    await panel.getByLabel("Keep objects").check();
    await panel.getByText("Only the application is deleted.").first().waitFor();
    await panel.getByLabel("Delete all in the background").check();
    const submit = panel.getByRole("button", { name: "DELETE" });
    expect(await submit.isDisabled()).toBe(true);
    await panel.getByLabel(`Type ${NAME} to confirm`).fill(NAME);
    await submit.click();
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor({ timeout: 60_000 });
    expect((await kubectl(stack, ["-n", NAME, "get", "configmap", "kept"])).code).toBe(0);
    expect((await kubectl(stack, ["-n", NAME, "get", "deployment", "web"])).code).not.toBe(0);
  }, 120_000);
});
