import type { Browser } from "playwright-core";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { describePage, openWindow, signInto, watchPage } from "../support/browser.ts";
import { Api } from "../support/api.ts";
import { openDoor } from "../support/door.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAMES = Array.from({ length: 10 }, (_, index) => `live-${index}`);
const AWAY = "Not connected";

/** What somebody does elsewhere is seen here without loading anything again, over one connection a browser. */
await describePage("the page, live", (launch) => {
  let stack: OwnStack;
  let chromium: Browser;
  let api: Api;
  let cluster: KubeClient;
  beforeAll(async () => {
    [stack, chromium] = await Promise.all([startStack(), launch()]);
    api = await Api.signIn(stack);
    cluster = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: stack.git.sample, username: stack.git.user, password: stack.git.token });
    for (const name of NAMES) await api.must("POST", "/api/v1/applications", application(name, stack.git.sample));
  }, 240_000);
  afterAll(async () => {
    await chromium?.close();
    await stack?.[Symbol.asyncDispose]();
  }, 60_000);

  afterAll(() => cluster?.close());

  const label = async (name: string, seen: string): Promise<void> => {
    await api.must("PATCH", `/api/v1/applications/${name}`, { name, patchType: "merge", patch: JSON.stringify({ metadata: { labels: { seen } } }) });
  };

  it("keeps ten tabs on ten applications live with one stream", async () => {
    await using door = await openDoor(stack.url);
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, { ...stack, url: door.url });
    const tabs = [page, ...(await Promise.all(NAMES.slice(1).map(() => page.context().newPage())))];
    for (const tab of tabs.slice(1)) watchPage(tab, complaints);
    for (const [index, tab] of tabs.entries()) {
      await tab.goto(`${door.url}/applications/argocd/${NAMES[index]}`);
      await tab.getByRole("heading", { name: NAMES[index]!, level: 1 }).waitFor();
    }
    for (const targetRevision of ["HEAD", "main"]) {
      for (const name of NAMES) await api.must("PATCH", `/api/v1/applications/${name}`, { name, patchType: "merge", patch: JSON.stringify({ spec: { source: { targetRevision } } }) });
      for (const tab of tabs) await tab.locator(".summary").getByText(targetRevision, { exact: true }).waitFor();
    }
    await until("one stream to be left", async () => door.streams(), (open) => open === 1 || { notYet: `${open} streams` }, 20_000);
    expect(complaints).toEqual([]);
    await close();
  }, 240_000);

  it("shows in one browser what another one does", async () => {
    const [mine, theirs] = [await openWindow(chromium), await openWindow(chromium)];
    for (const { page } of [mine, theirs]) await signInto(page, stack);
    await mine.page.goto(`${stack.url}/applications?search=live-`);
    await mine.page.locator("[data-app=live-9]").waitFor();
    await theirs.page.goto(`${stack.url}/applications/argocd/live-9`);
    await theirs.page.getByRole("button", { name: "DELETE", exact: true }).click();
    await theirs.page.getByRole("dialog").getByRole("textbox").fill("live-9");
    await theirs.page.getByRole("dialog").getByRole("button", { name: "DELETE" }).click();
    await mine.page.locator("[data-app=live-9]").waitFor({ state: "detached" });
    await api.must("POST", "/api/v1/applications", application("live-9", stack.git.sample));
    await mine.page.locator("[data-app=live-9]").waitFor();
    for (const window of [mine, theirs]) {
      expect(window.complaints).toEqual([]);
      await window.close();
    }
  }, 120_000);

  it("says once that the server is gone, and shows what was missed when it is back", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.goto(`${stack.url}/applications?search=${encodeURIComponent("seen=back")}`);
    await page.getByText("No application matches").waitFor();
    stack.trio.processes["api-server"]!.kill("SIGKILL");
    // Nobody hears of it: there is no stream at this moment.
    await cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: "live-0" }, "merge", { metadata: { labels: { seen: "back" } } });
    await page.getByRole("status").getByText(AWAY).waitFor();
    expect(await page.getByText(AWAY).count()).toBe(1);
    await page.locator("[data-app=live-0]").waitFor({ timeout: 60_000 });
    await page.getByText(AWAY).waitFor({ state: "detached" });
    expect(complaints.filter((complaint) => !/net::ERR|status of 50\d/.test(complaint))).toEqual([]);
    await close();
  }, 120_000);

  it("says which part could not be loaded, keeps the rest with what was written there, and loads it when it is wanted again", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.goto(`${stack.url}/settings/repos?addRepo=true`);
    const url = page.getByLabel("Repository URL", { exact: true }).and(page.locator("input"));
    await url.fill("https://git.example.test/kept.git");
    await page.route(/\/palette-[^/]*\.js$/, (route) => route.abort());
    await page.keyboard.press("Control+K");
    const notice = page.getByRole("alert").filter({ hasText: "could not be loaded" });
    await notice.waitFor();
    await page.unroute(/\/palette-[^/]*\.js$/);
    await notice.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("combobox", { name: "Search or run…" }).waitFor();
    expect(await notice.count()).toBe(0);
    // The palette is closed by it, and then nothing: what is written is not lost by a slip.
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Search or run…" }).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    expect(await url.inputValue()).toBe("https://git.example.test/kept.git");
    expect(complaints.filter((complaint) => !/net::ERR/.test(complaint))).toEqual([]);
    await close();
  }, 120_000);

  it("says in its place that a page has failed, and still leads elsewhere", async () => {
    const { page, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.route(/\/api\/v1\/clusters$/, (route) => route.fulfill({ json: { items: "no list" } }));
    await page.goto(`${stack.url}/settings/clusters`);
    const notice = page.getByRole("alert").filter({ hasText: "This page has failed" });
    await notice.getByRole("button", { name: "Reload the page" }).waitFor();
    await page.getByRole("link", { name: "Applications", exact: true }).first().click();
    await page.locator("[data-app=live-1]").waitFor();
    expect(await notice.count()).toBe(0);
    await close();
  }, 60_000);

  it("marks what it shows with its age while the connection is lost, and fills the gap when it is back", async () => {
    await using door = await openDoor(stack.url);
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, { ...stack, url: door.url });
    await page.goto(`${door.url}/applications?view=list&search=live-`);
    await page.locator("[data-app=live-4]").waitFor();
    await until("the stream to stand", async () => door.streams(), (open) => open === 1 || { notYet: `${open} streams` }, 20_000);
    door.cut();
    await page.getByRole("status").getByText(AWAY).waitFor();
    await page.locator(".connection time").waitFor();
    await page.locator(".list-page.stale [data-app=live-4]").waitFor();
    await api.must("DELETE", "/api/v1/applications/live-4");
    await api.must("POST", "/api/v1/applications", application("live-new", stack.git.sample));
    expect(await page.locator("[data-app=live-4]").count()).toBe(1);
    door.mend();
    await page.locator("[data-app=live-4]").waitFor({ state: "detached" });
    await page.locator("[data-app=live-new]").waitFor();
    await page.getByText(AWAY).waitFor({ state: "detached" });
    await page.locator(".list-page.stale").waitFor({ state: "detached" });
    // Live again, and not only asked for once.
    await api.must("POST", "/api/v1/applications", application("live-4", stack.git.sample));
    await page.locator("[data-app=live-4]").waitFor();
    expect(complaints.filter((complaint) => !/net::ERR/.test(complaint))).toEqual([]);
    await close();
  }, 120_000);

  it("marks the objects of an application with their age while its controller is away", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.goto(`${stack.url}/applications/argocd/live-1`);
    await page.locator(".graph-card").first().waitFor();
    const notice = page.getByRole("status").filter({ hasText: "The controller is away" });
    stack.trio.processes["application-controller"]!.kill("SIGKILL");
    await notice.locator("time").waitFor();
    expect(await page.locator(".graph-card").count()).toBeGreaterThan(0);
    await notice.waitFor({ state: "detached", timeout: 60_000 });
    expect(complaints.filter((complaint) => !/status of 50\d/.test(complaint))).toEqual([]);
    await close();
  }, 120_000);

  it("notices in every tab that the session is over, and goes on in every tab after signing in", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    const other = await page.context().newPage();
    watchPage(other, complaints);
    await other.goto(`${stack.url}/applications/argocd/live-1`);
    await other.getByRole("heading", { name: "live-1", level: 1 }).waitFor();
    await page.goto(`${stack.url}/applications?search=live`);
    await page.locator("[data-app=live-1]").waitFor();
    // Signed out elsewhere: this browser still has its cookie, and nobody tells it but the stream.
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    await fetch(`${stack.url}/api/v1/session`, { method: "DELETE", headers: { cookie, "content-type": "application/json" } });
    await page.locator("input[name=password]").waitFor();
    await other.locator("input[name=password]").waitFor();
    // Nobody was taken away from where they were.
    expect(page.url()).toBe(`${stack.url}/applications?search=live`);
    await page.locator("input[name=password]").fill(stack.adminPassword);
    await page.locator("button[type=submit]").click();
    for (const tab of [page, other]) await tab.locator("input[name=password]").waitFor({ state: "detached" });
    await api.must("POST", "/api/v1/applications", application("live-again", stack.git.sample));
    await page.locator("[data-app=live-again]").waitFor();
    await api.must("PATCH", "/api/v1/applications/live-1", { name: "live-1", patchType: "merge", patch: JSON.stringify({ spec: { source: { targetRevision: "HEAD" } } }) });
    await other.locator(".summary").getByText("HEAD", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("works in a browser without shared workers", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await page.addInitScript({ content: "delete globalThis.SharedWorker" });
    await signInto(page, stack);
    await page.goto(`${stack.url}/applications?search=seen%3Dalone`);
    await page.getByText("No application matches").waitFor();
    await label("live-2", "alone");
    await page.locator("[data-app=live-2]").waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);
});

function application(name: string, repoURL: string) {
  return { metadata: { name }, spec: { project: "default", source: { repoURL, path: "hello-world-express", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name } } };
}
