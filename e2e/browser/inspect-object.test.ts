import type { Locator, Page } from "playwright-core";
import { describePage } from "../support/browser.ts";
import { healthIs, syncIs, type Api } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "page-object";
const SECRET_VALUE = "the-one-that-nobody-sees";

const FILES = {
  "app/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "example/web:1"}
      - {name: proxy, image: "example/proxy:1"}
`,
  "app/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {theme: light}\n",
  "app/secret.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {token: ${SECRET_VALUE}}\n`,
};

/** One object of an application: all that the page tells of it, and all that can be done with it there. */
await describePage("one object in the page", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let page: Page;
  let drawer: Locator;
  let repository: Repository;

  const open = (key: string, tab = "summary"): Promise<unknown> => page.goto(`${stack.url}/applications/argocd/${NAME}?node=${encodeURIComponent(key)}&tab=${tab}`);
  const object = async (...args: string[]): Promise<any> => JSON.parse(await mustKubectl(stack, ["-n", NAME, "get", ...args, "-o", "json"]));

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    repository = await tests.connected(NAME, FILES);
    await tests.application(NAME, repository);
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await api.becomes(NAME, syncIs("Synced"), healthIs("Healthy"));
    page = await tests.openSignedIn();
    drawer = page.getByRole("dialog");
  }, 180_000);

  it("opens at the address that Argo CD's page has for it, and leads to what it owns", async () => {
    await open("apps/Deployment/page-object/web/0");
    await drawer.getByRole("tab", { name: "Summary", selected: true }).waitFor();
    await drawer.getByText("example/proxy:1").waitFor();
    await drawer.getByRole("tab", { name: "Summary" }).press("ArrowRight");
    await drawer.getByRole("tab", { name: "Diff", selected: true }).press("ArrowLeft");
    await drawer.getByRole("row", { name: /Available True/ }).waitFor();
    await drawer.getByRole("button", { name: /^Healthy ?Pod web-/ }).first().click();
    await drawer.locator(".drawer-title", { hasText: "Pod" }).waitFor();
    await drawer.getByRole("row", { name: /web example\/web:1 running/ }).waitFor();
    expect(new URL(page.url()).searchParams.get("node")).toMatch(/^\/Pod\/page-object\/web-/);
  }, 120_000);

  it("shows what differs, side by side and inline, and who made it so", async () => {
    await open("apps/Deployment/page-object/web", "diff");
    await drawer.getByText("This object matches Git.").waitFor();
    await mustKubectl(stack, ["-n", NAME, "scale", "deployment", "web", "--replicas=3"]);
    const row = drawer.getByRole("row", { name: /spec\.replicas/ });
    await row.getByText("kubectl", { exact: true }).waitFor();
    expect(await row.getByRole("cell").allTextContents()).toEqual(["3", "2", expect.stringContaining("kubectl")]);
    await drawer.getByTestId("diff").locator(".cm-merge-a .cm-changedLine", { hasText: "replicas: 3" }).waitFor();
    await drawer.getByTestId("diff").locator(".cm-collapsedLines").first().waitFor();
    await drawer.getByText("Inline", { exact: true }).click();
    await drawer.getByTestId("diff").locator(".cm-inlineChangedLine", { hasText: "replicas: " }).locator(".cm-deletedText", { hasText: "3" }).waitFor();
    await drawer.getByText("Side by side", { exact: true }).click();
  }, 120_000);

  it("is edited only after the server has tried it: what it refuses stands in place, what it takes is shown before", async () => {
    await open("/ConfigMap/page-object/settings", "manifest");
    await drawer.getByRole("button", { name: "Edit", exact: true }).click();
    const text = drawer.getByLabel("settings as it is in the cluster");
    await text.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("bogus: 1\n");
    await drawer.getByRole("button", { name: "Try" }).click();
    await drawer.getByRole("alert").filter({ hasText: 'unknown field "bogus"' }).waitFor();
    // Escape does not throw away what was typed.
    await page.keyboard.press("Escape");
    await text.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Control+Home");
    for (let line = 0; !(await text.locator(".cm-activeLine").textContent())!.includes("theme:"); line++) {
      if (line > 60) throw new Error("no line of the manifest has the theme");
      await page.keyboard.press("ArrowDown");
    }
    await page.keyboard.press("End");
    await page.keyboard.type("er");
    await drawer.getByRole("button", { name: "Try" }).click();
    await drawer.getByText("nothing is written yet").waitFor();
    await drawer.getByTestId("diff").locator(".cm-merge-b .cm-changedLine", { hasText: "theme: lighter" }).waitFor();
    expect((await object("configmap", "settings")).data).toEqual({ theme: "light" });
    await drawer.getByRole("button", { name: "Save" }).click();
    await drawer.getByLabel("settings as it is in the cluster").filter({ hasText: "theme: lighter" }).waitFor();
    expect((await object("configmap", "settings")).data).toEqual({ theme: "lighter" });
    await drawer.getByText("Git", { exact: true }).click();
    await drawer.getByLabel("settings as Git says").filter({ hasText: "theme: light" }).waitFor();
  }, 120_000);

  it("never shows what a Secret holds, and still shows that it changes", async () => {
    const encoded = Buffer.from(SECRET_VALUE).toString("base64");
    const seen: string[] = [];
    page.on("response", (response) => void response.text().then((body) => seen.push(body), () => undefined));
    await open("/Secret/page-object/token", "manifest");
    await drawer.getByLabel("token as it is in the cluster").filter({ hasText: "token: ++++++++" }).waitFor();
    await mustKubectl(stack, ["-n", NAME, "patch", "secret", "token", "-p", '{"stringData":{"token":"another"}}']);
    await drawer.getByRole("tab", { name: "Diff" }).click();
    await drawer.getByRole("row", { name: /data\.token/ }).waitFor();
    await drawer.getByTestId("diff").locator(".cm-merge-b .cm-changedLine", { hasText: "token: +" }).waitFor();
    page.removeAllListeners("response");
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((body) => body.includes(encoded) || body.includes(SECRET_VALUE))).toEqual([]);
  }, 120_000);

  it("tells its events", async () => {
    await open("apps/Deployment/page-object/web", "events");
    await drawer.getByText(/Scaled up replica set web-/).first().waitFor();
  }, 60_000);

  it("follows the logs of all its pods and containers, searches them, and lets go when it is left", async () => {
    const streams = new Set<unknown>();
    const isLog = (url: string): boolean => new URL(url).pathname.endsWith("/logs");
    page.on("request", (request) => isLog(request.url()) && streams.add(request));
    for (const event of ["requestfailed", "requestfinished"] as const) page.on(event as "requestfailed", (request) => streams.delete(request));
    await open("apps/Deployment/page-object/web", "logs");
    const log = drawer.getByRole("log");
    for (const container of ["web", "proxy"]) await log.getByText(`example/${container}:1 is up`).first().waitFor();
    await until("lines of three pods with two containers each", () => log.locator(".log-line").count(), (count) => count === 6 || { notYet: `${count}` }, 60_000);
    expect(new Set(await log.locator(".log-pod").evaluateAll((names) => names.map((name) => name.className))).size).toBe(3);
    // A pod that comes later is followed too, and nothing that was read is read twice.
    await mustKubectl(stack, ["-n", NAME, "scale", "deployment", "web", "--replicas=4"]);
    await until("lines of four pods", () => log.locator(".log-line").count(), (count) => count === 8 || { notYet: `${count}` }, 60_000);
    expect(streams.size).toBe(2);
    await drawer.getByRole("searchbox", { name: "Search the lines" }).fill("PROXY:1");
    await drawer.getByText("Lines: 4").waitFor();
    expect(await log.locator("mark").count()).toBe(4);
    await drawer.getByLabel("Only lines found").check();
    expect(await log.locator(".log-line").count()).toBe(4);
    await drawer.getByLabel("Times").check();
    expect(await log.locator("time").first().textContent()).toMatch(/^\d{4}-\d\d-\d\dT/);
    const saved = page.waitForEvent("download");
    await drawer.getByRole("button", { name: "Download" }).click();
    expect((await saved).suggestedFilename()).toBe("web.log");
    await drawer.getByText("Following").waitFor();
    await drawer.getByRole("button", { name: "Close" }).click();
    await drawer.waitFor({ state: "detached" });
    await until("both streams to be closed", async () => streams.size, (count) => count === 0 || { notYet: `${count} are open` }, 30_000);
    for (const event of ["request", "requestfailed", "requestfinished"] as const) page.removeAllListeners(event);
  }, 120_000);

  it("offers its actions, those that are not possible with the reason, and asks before it does one", async () => {
    await open("apps/Deployment/page-object/web", "actions");
    await drawer.getByRole("button", { name: "Resume" }).waitFor();
    expect(await drawer.getByRole("button", { name: "Resume" }).getAttribute("aria-disabled")).toBe("true");
    await drawer.getByText("Not possible in its present state.").first().waitFor();
    await drawer.getByRole("button", { name: "Scale" }).click();
    await drawer.getByLabel("replicas").fill("1");
    expect((await object("deployment", "web")).spec.replicas).toBe(4);
    await drawer.getByRole("button", { name: "Run" }).click();
    await drawer.getByText("Scale: done.").waitFor();
    expect((await object("deployment", "web")).spec.replicas).toBe(1);
  }, 120_000);

  it("is made what Git says, and the others are left alone", async () => {
    await open("apps/Deployment/page-object/web", "diff");
    await drawer.getByRole("row", { name: /spec\.replicas/ }).waitFor();
    await drawer.getByRole("button", { name: "Sync only this object" }).click();
    await drawer.locator("[data-result='Deployment/web']").getByText("configured").waitFor();
    await drawer.locator(".facts").getByText("Succeeded", { exact: true }).waitFor();
    expect((await object("deployment", "web")).spec.replicas).toBe(2);
    expect((await object("configmap", "settings")).data).toEqual({ theme: "lighter" });
  }, 120_000);

  it("is deleted after its name was typed, with what belongs to it, and then said to be gone", async () => {
    await open("/ConfigMap/page-object/settings", "delete");
    const submit = drawer.getByRole("button", { name: "DELETE" });
    await drawer.getByLabel("Type settings to confirm").waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await open("apps/Deployment/page-object/web", "delete");
    await drawer.getByText(/Objects below it that go too: [2-9]/).waitFor();
    await drawer.getByLabel("Orphan").check();
    await drawer.getByText(/Objects below it that stay: [2-9]/).waitFor();
    await open("/ConfigMap/page-object/settings", "delete");
    await drawer.getByLabel("Type settings to confirm").fill("settings");
    await submit.click();
    // Git declares it, so that the page still knows it: as missing.
    await drawer.locator(".drawer-title [data-state=Missing]").waitFor();
    await drawer.getByRole("tab", { name: "Diff" }).click();
    await drawer.getByText("This object is in Git and not in the cluster.").waitFor();
    await open("/ConfigMap/page-object/never-was");
    await drawer.getByText("This application has no such object.").waitFor();
  }, 120_000);

  it("says of an object that goes while it is looked at that it is gone", async () => {
    const pod = (await object("pods")).items[0].metadata.name;
    await open(`/Pod/page-object/${pod}`);
    await drawer.getByText("example/web:1").first().waitFor();
    await mustKubectl(stack, ["-n", NAME, "delete", "pod", pod, "--wait=false"]);
    await drawer.getByText("This object is no longer in the cluster.").waitFor({ timeout: 60_000 });
  }, 120_000);
});
