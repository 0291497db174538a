import type { Locator, Page } from "playwright-core";
import { describePage } from "../support/browser.ts";
import { healthIs, syncIs, type Api } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";

const CRASHING = "page-why-crash";
const UNPULLED = "page-why-image";
const MANUAL = "page-why-manual";
const PAUSED = "page-why-paused";

const workload = (kind: string, image: string, more = "") => `${kind === "Rollout" ? "apiVersion: argoproj.io/v1alpha1" : "apiVersion: apps/v1"}
kind: ${kind}
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}"${more}}]}
${kind === "Rollout" ? "  strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}]}}\n" : ""}`;
const CRASH = ', command: [sh, -c], args: ["echo no such table: orders; exit 7"]';
const map = (name: string, value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`;

/** Why an application is not well: a sentence, what stands behind it, what proves it, and the next step. */
await describePage("why in the page", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let page: Page;
  let why: Locator;
  let repository: Repository;

  const given = async (name: string, { automated = true }: { automated?: boolean } = {}): Promise<void> => {
    await tests.application(name, repository, { path: name, annotations: { "trireme.dev/rollback": "off" }, syncPolicy: { ...(automated && { automated: {} }), syncOptions: ["CreateNamespace=true"] } });
    await api.becomes(name, ({ status }) => status?.sync?.status !== undefined || { notYet: "not compared" });
    await page.goto(`${stack.url}/applications/argocd/${name}`);
  };

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    repository = await tests.connected("page-why", { [`${CRASHING}/web.yaml`]: workload("Deployment", "example/web:1", CRASH), [`${UNPULLED}/web.yaml`]: workload("Deployment", "example/web:broken"), [`${MANUAL}/a.yaml`]: map("a", "1"), [`${MANUAL}/b.yaml`]: map("b", "1"), [`${PAUSED}/web.yaml`]: workload("Rollout", "example/web:1") });
    page = await tests.openSignedIn();
    why = page.getByRole("region", { name: "Why" });
  }, 120_000);

  it("shows the container that ends again and again, with its event and its last words, and leads to its log", async () => {
    await given(CRASHING);
    await why.getByRole("heading", { name: "Container web ends with exit code 7 again and again." }).waitFor({ timeout: 60_000 });
    await why.locator("[data-evidence=log]").getByText("no such table: orders").waitFor();
    await why.locator("[data-evidence=event]").getByText(/^BackOff: /).waitFor();
    await why.getByRole("button", { name: "Deployment web" }).waitFor();
    await why.getByRole("button", { name: "Open its log" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("tab", { name: "Logs", selected: true }).waitFor();
    await drawer.locator(".log-line", { hasText: "no such table: orders" }).first().waitFor();
    expect(new URL(page.url()).searchParams.get("node")).toMatch(/^\/Pod\/page-why-crash\/web-/);
    await page.keyboard.press("Escape");
  }, 180_000);

  it("names the image that cannot be pulled", async () => {
    await given(UNPULLED);
    await why.getByRole("heading", { name: "The image example/web:broken cannot be pulled." }).waitFor({ timeout: 60_000 });
    await why.getByText("Look at the image's name and tag").waitFor();
    await why.getByRole("button", { name: "Open its events" }).click();
    await page.getByRole("dialog").getByRole("tab", { name: "Events", selected: true }).waitFor();
    await page.keyboard.press("Escape");
  }, 120_000);

  it("tells once what is so of several objects, says that somebody has to, and is gone once that is done", async () => {
    await given(MANUAL, { automated: false });
    await why.getByRole("heading", { name: "2 objects are in Git and not in the cluster." }).waitFor();
    await why.getByRole("button", { name: "ConfigMap b" }).waitFor();
    await why.getByText("Automated sync is off: somebody has to.").waitFor();
    await api.must("POST", `/api/v1/applications/${MANUAL}/sync`, { name: MANUAL });
    await why.waitFor({ state: "detached" });
    await mustKubectl(stack, ["-n", MANUAL, "patch", "configmap", "a", "--field-manager=kubectl-edit", "-p", '{"data":{"value":"2"}}']);
    await why.getByRole("heading", { name: "ConfigMap a differs from Git." }).waitFor();
    await why.getByText("data.value").waitFor();
    await why.getByText("written by kubectl-edit").waitFor();
    await why.getByRole("button", { name: "Open the diff" }).click();
    await page.getByRole("dialog").getByTestId("diff").first().waitFor();
    await page.keyboard.press("Escape");
  }, 120_000);

  it("says that a release waits for somebody, who promotes it from there", async () => {
    await given(PAUSED);
    await api.becomes(PAUSED, syncIs("Synced"), healthIs("Healthy"));
    await repository.push("Deploy 2", { [`${PAUSED}/web.yaml`]: workload("Rollout", "example/web:2") });
    await page.getByRole("button", { name: "REFRESH", exact: true }).click();
    await why.getByRole("heading", { name: "Waits for somebody to promote it" }).waitFor({ timeout: 60_000 });
    await why.getByRole("button", { name: "Promote", exact: true }).click();
    await why.waitFor({ state: "detached", timeout: 60_000 });
    await api.becomes(PAUSED, healthIs("Healthy"));
  }, 180_000);
});
