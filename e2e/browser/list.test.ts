import type { Browser, Page } from "playwright-core";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { accessibilityProblems, describePage, openWindow, signInto } from "../support/browser.ts";
import { Api, healthIs, syncIs } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { openDoor } from "../support/door.ts";
import { startStack, type OwnStack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const COUNT = 120;
const NAMES = Array.from({ length: COUNT }, (_, index) => `list-${String(index).padStart(3, "0")}`);
/** Of a project whose syncs a window denies. */
const CORE = NAMES.slice(-3);
/** Synced from the start. */
const SYNCED = NAMES.slice(0, 2);
const MANIFESTS = {
  "app/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n",
};

/** All applications: found, looked at in three ways, and acted on together. */
await describePage("the list of applications", (launch) => {
  let stack: OwnStack;
  let chromium: Browser;
  let api: Api;
  let cluster: KubeClient;
  beforeAll(async () => {
    [stack, chromium] = await Promise.all([startStack(), launch()]);
    api = await Api.signIn(stack);
    cluster = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
    const repository = await Repository.create(stack, "listed", MANIFESTS);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: "core" }, spec: { sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], syncWindows: [{ kind: "deny", schedule: "* * * * *", duration: "24h", applications: ["*"] }] } } });
    for (const [index, name] of NAMES.entries()) {
      const labels = { team: index % 2 === 0 ? "shop" : "blog" };
      await api.must("POST", "/api/v1/applications?validate=false", { metadata: { name, labels }, spec: { project: CORE.includes(name) ? "core" : "default", source: { repoURL: repository.url, path: "app", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });
    }
    for (const name of SYNCED) {
      await api.becomes(name, syncIs("OutOfSync"));
      await api.must("POST", `/api/v1/applications/${name}/sync`, { name });
    }
    for (const name of SYNCED) await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
    await until("every application to be compared", async () => (await api.must("GET", "/api/v1/applications?fields=items.status.sync.status")).body.items, (items: any[]) => items.every((item) => item.status?.sync?.status !== undefined) || { notYet: "not all" }, 60_000);
  }, 240_000);
  afterAll(async () => {
    await chromium?.close();
    await cluster?.close();
    await stack?.[Symbol.asyncDispose]();
  }, 60_000);

  const names = (page: Page): Promise<(string | null)[]> => page.locator("[data-app]").evaluateAll((elements) => elements.map((element) => element.getAttribute("data-app")));
  const facet = async (page: Page, name: string, value: string): Promise<string> => {
    await page.getByRole("group", { name: "Filters" }).getByRole("button", { name, exact: true }).click();
    const line = page.getByRole("dialog").getByRole("listitem").filter({ has: page.getByRole("checkbox", { name: value, exact: true }) });
    const count = (await line.locator(".faint").textContent()) ?? "";
    await line.getByRole("checkbox").check();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    return count;
  };
  const query = (page: Page): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);

  it("shows the first of a long list before the rest is there, and says how many only then", async () => {
    await using door = await openDoor(stack.url);
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, { ...stack, url: door.url });
    const list = door.hold("/api/v1/applications?", 50_000);
    await page.goto(`${door.url}/applications?view=list`);
    await page.locator("[data-app=list-000]").waitFor();
    await page.locator("[role=table]").waitFor();
    const first = Number(await page.locator("[role=table]").getAttribute("aria-rowcount"));
    expect(first).toBeGreaterThan(50);
    expect(first).toBeLessThan(COUNT);
    expect(await page.locator(".count").count()).toBe(0);
    list.letGo();
    await page.locator(".count").filter({ hasText: String(COUNT) }).waitFor();
    expect(await page.locator("[role=table]").getAttribute("aria-rowcount")).toBe(String(COUNT + 1));
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("is narrowed and put in order by what the address says, each value with its count", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.getByText(`${COUNT} applications`).waitFor();
    // Only what is in sight is in the document.
    expect((await names(page)).length).toBeLessThan(40);

    await page.getByRole("searchbox", { name: "Search applications" }).fill("list-00 shop");
    await page.getByText(`5 of ${COUNT} applications`).waitFor();
    expect(await names(page)).toEqual(["list-000", "list-002", "list-004", "list-006", "list-008"]);
    expect(await facet(page, "Sync", "Synced")).toBe("1");
    await page.getByText(`1 of ${COUNT} applications`).waitFor();
    expect(query(page)).toEqual({ search: "list-00 shop", sync: "Synced" });
    await page.getByRole("searchbox", { name: "Search applications" }).fill("");
    await page.getByText(`2 of ${COUNT} applications`).waitFor();
    await page.goBack();
    await page.getByText(`5 of ${COUNT} applications`).waitFor();

    await page.goto(`${stack.url}/applications`);
    expect(await facet(page, "Labels", "team=blog")).toBe(String(COUNT / 2));
    expect(await facet(page, "Project", "core")).toBe("2");
    expect(await facet(page, "Cluster", "in-cluster")).toBe("2");
    await page.reload();
    await page.getByText(`2 of ${COUNT} applications`).waitFor();
    expect(query(page)).toEqual({ labels: "team%3Dblog", proj: "core", cluster: "in-cluster" });
    await page.getByRole("group", { name: "Filters" }).getByRole("button", { name: "Namespace", exact: true }).click();
    await page.getByRole("dialog").getByRole("checkbox", { name: NAMES[117]! }).check();
    await page.getByRole("dialog").getByRole("checkbox", { name: NAMES[119]! }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText(`1 of ${COUNT} applications`).waitFor();
    // As Argo CD's own page writes the same.
    await page.goto(`${stack.url}/applications?showFavorites=false&proj=&sync=OutOfSync&health=&namespace=&cluster=&labels=team%253Dshop`);
    await page.getByText(`${COUNT / 2 - 1} of ${COUNT} applications`).waitFor();

    await page.goto(`${stack.url}/applications?sort=sync`);
    await page.locator("[data-app=list-002]").waitFor();
    expect((await names(page))[0]).toBe("list-002");
    await page.getByRole("combobox", { name: "Order" }).click();
    await page.getByRole("option", { name: "Name" }).click();
    await page.locator("[data-app=list-000]").waitFor();
    expect(query(page)).toEqual({});
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);

  it("keeps favourites in this browser", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    const star = page.getByRole("button", { name: "list-003 is a favourite" });
    await star.click();
    await page.reload();
    await star.waitFor();
    expect(await star.getAttribute("aria-pressed")).toBe("true");
    await page.getByRole("button", { name: "Favourites", exact: true }).click();
    await page.getByText(`1 of ${COUNT} applications`).waitFor();
    expect(query(page)).toEqual({ showFavorites: "true" });
    const other = await page.context().newPage();
    await other.goto(`${stack.url}/applications?search=list-00`);
    await other.getByRole("button", { name: "list-004 is a favourite" }).click();
    await page.getByText(`2 of ${COUNT} applications`).waitFor();
    await star.click();
    await page.getByText(`1 of ${COUNT} applications`).waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("is shown as rows, tiles or a summary, and remembers which", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.getByRole("link", { name: "Tiles" }).click();
    await page.locator("li[data-app=list-000]").getByText("Synced").waitFor();
    expect((await names(page)).length).toBeLessThan(60);
    await page.locator("li[data-app=list-000]").getByRole("button", { name: "Refresh list-000" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Refresh 1" }).click();
    await page.getByRole("dialog").getByText("1 of 1 done, 0 failed").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Summary" }).click();
    const ring = page.locator("[data-ring=sync]");
    await ring.getByText("Out of sync").waitFor();
    expect(await ring.getByRole("listitem").allTextContents()).toEqual([`Synced${SYNCED.length}`, `Out of sync${COUNT - SYNCED.length}`]);
    expect(await page.locator("[data-figure=projects] dd").textContent()).toBe("2");
    expect(query(page)).toEqual({ view: "summary" });
    await page.goto(`${stack.url}/applications`);
    await ring.getByRole("link", { name: "Synced" }).click();
    await page.getByText(`2 of ${COUNT} applications`).waitFor();
    expect(query(page)).toEqual({ sync: "Synced", view: "list" });
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("is walked through, chosen from and opened by keys alone", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.locator("[data-app=list-000]").waitFor();
    const focused = (name: string) => page.locator(`[data-app=${name}] a:focus`).waitFor();
    await page.keyboard.press("j");
    await focused("list-000");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("j");
    await focused("list-002");
    await page.keyboard.press("x");
    await page.keyboard.press("k");
    await focused("list-001");
    await page.keyboard.press("x");
    await page.getByText("2 chosen").waitFor();
    await page.keyboard.press("End");
    await focused(NAMES.at(-1)!);
    await page.keyboard.press("x");
    await page.getByText("3 chosen").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("list-11");
    await page.getByText(`10 of ${COUNT} applications`).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await focused("list-110");
    await page.keyboard.press("Escape");
    await page.getByText("3 chosen").waitFor({ state: "detached" });
    await page.goto(`${stack.url}/applications?view=tiles`);
    await page.locator("[data-app=list-000]").waitFor();
    await page.keyboard.press("Home");
    await focused("list-000");
    await page.keyboard.press("ArrowRight");
    await focused("list-001");
    await page.keyboard.press("f");
    await page.locator("[data-app=list-001] [aria-pressed=true]").waitFor();
    await page.keyboard.press("f");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "list-001", level: 1 }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("syncs and refreshes several together, tells each failure, and another browser sees it", async () => {
    const [mine, theirs] = [await openWindow(chromium), await openWindow(chromium)];
    for (const { page } of [mine, theirs]) await signInto(page, stack);
    const { page } = mine;
    await theirs.page.goto(`${stack.url}/applications?view=list&search=list-01`);
    await theirs.page.locator("[data-app=list-010] [data-state=OutOfSync]").waitFor();
    await page.goto(`${stack.url}/applications?view=list&search=list-01`);
    await page.getByRole("checkbox", { name: "Choose all 10 that are shown" }).check();
    await page.getByRole("checkbox", { name: "Choose list-019" }).uncheck();
    await page.goto(`${stack.url}/applications?view=list`);
    await page.locator("[data-app=list-010]").waitFor();
    for (const name of ["list-010", "list-011"]) await page.getByRole("checkbox", { name: `Choose ${name}` }).check();
    await page.getByRole("searchbox", { name: "Search applications" }).fill("core");
    await page.getByText(`3 of ${COUNT} applications`).waitFor();
    await page.getByRole("checkbox", { name: `Choose ${CORE[0]!}` }).check();
    // What is chosen stays chosen where it is not shown.
    await page.getByText("3 chosen").waitFor();
    await page.getByRole("group", { name: "What to do with the chosen applications" }).getByRole("button", { name: "SYNC" }).click();
    const dialog = page.getByRole("dialog", { name: "Sync applications: 3" });
    await dialog.waitFor();
    expect(await dialog.locator("[data-chosen]").evaluateAll((lines) => lines.map((line) => line.getAttribute("data-chosen")))).toEqual(["list-010", "list-011", CORE[0]]);
    await dialog.getByRole("button", { name: "Sync 3" }).click();
    await dialog.getByText("2 of 3 done, 1 failed").waitFor();
    await dialog.locator(`[data-chosen=${CORE[0]!}]`).getByText(/window/i).waitFor();
    for (const name of ["list-010", "list-011"]) await theirs.page.locator(`[data-app=${name}] [data-state=Synced]`).waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    // What is left to do stays chosen.
    await page.getByText("1 chosen").waitFor();
    await page.getByRole("button", { name: "REFRESH" }).click();
    await page.getByRole("dialog").getByLabel("Hard refresh").check();
    await page.getByRole("dialog").getByRole("button", { name: "Refresh 1" }).click();
    await page.getByRole("dialog").getByText("1 of 1 done, 0 failed").waitFor();
    for (const window of [mine, theirs]) {
      expect(window.complaints).toEqual([]);
      await window.close();
    }
  }, 120_000);

  it("deletes several together once their number was typed", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, stack);
    await page.goto(`${stack.url}/applications?view=list&search=list-09`);
    await page.getByRole("checkbox", { name: "Choose list-090" }).check();
    await page.getByRole("button", { name: "Choose all 10" }).click();
    await page.getByText("10 chosen").waitFor();
    await page.getByRole("button", { name: "DELETE" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete applications: 10" });
    const submit = dialog.getByRole("button", { name: "Delete 10" });
    await submit.waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await dialog.getByRole("textbox", { name: "Type 10 to confirm" }).fill("10");
    await submit.click();
    await dialog.getByText("10 of 10 done, 0 failed").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("No application matches").waitFor();
    await page.getByText("10 chosen").waitFor({ state: "detached" });
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  it("shows what the reader may not do, and leaves it out", async () => {
    const patch = (name: string, data: Record<string, string>) => cluster.patch({ group: "", kind: "ConfigMap", namespace: "argocd", name }, "merge", { data });
    await patch("argocd-cm", { "accounts.viewer": "login" });
    await patch("argocd-rbac-cm", { "policy.csv": "p, viewer, applications, get, */*, allow\np, viewer, applications, sync, default/*, allow\n" });
    await until("the account to have a password", () => api.call("PUT", "/api/v1/account/password", { name: "viewer", currentPassword: stack.adminPassword, newPassword: "viewer-password" }), ({ status, text }) => status === 200 || { notYet: text });
    const { page, complaints, close } = await openWindow(chromium);
    await signInto(page, { url: stack.url, adminPassword: "viewer-password" }, "viewer");
    await page.goto(`${stack.url}/applications?view=list&search=list-11`);
    await page.getByRole("checkbox", { name: `Choose ${CORE[1]!}` }).check();
    await page.getByRole("checkbox", { name: "Choose list-115" }).check();
    const remove = page.getByRole("button", { name: "DELETE" });
    expect(await remove.getAttribute("aria-disabled")).toBe("true");
    await remove.hover();
    await page.getByRole("tooltip").getByText("Not allowed: applications, delete").waitFor();
    await page.getByRole("button", { name: "SYNC", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.locator(`[data-chosen=${CORE[1]!}]`).getByText(`Not allowed: applications, sync, core/${CORE[1]!}`).waitFor();
    await dialog.getByText("Left out, because you are not allowed to: 1").waitFor();
    await dialog.getByRole("button", { name: "Sync 1" }).click();
    await dialog.getByText("1 of 1 done, 0 failed").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("[data-app=list-115] [data-state=Synced]").waitFor();
    await page.goto(`${stack.url}/applications?view=tiles&proj=core`);
    await page.getByRole("button", { name: `Sync ${CORE[2]!}` }).hover();
    await page.getByRole("tooltip").getByText(`Not allowed: applications, sync, core/${CORE[2]!}`).waitFor();
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);

  test.each([
    { locale: "en-GB", colorScheme: "dark", width: 1280, choose: "Choose list-000", refresh: "REFRESH", filters: "Filters", health: "Health" },
    { locale: "ko-KR", colorScheme: "light", width: 390, choose: "list-000 선택", refresh: "새로 고침", filters: "필터", health: "상태" },
  ] as const)("fits the width and is for everyone in every view: $locale, $colorScheme, $width px", async ({ locale, colorScheme, width, choose, refresh, filters, health }) => {
    const { page, complaints, close } = await openWindow(chromium, { locale, colorScheme, viewport: { width, height: 844 } });
    await signInto(page, stack);
    const look = async (what: string): Promise<void> => {
      expect({ what, problems: await accessibilityProblems(page) }).toEqual({ what, problems: [] });
      expect({ what, wider: await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") }).toEqual({ what, wider: 0 });
    };
    for (const view of ["summary", "tiles", "list"]) {
      await page.goto(`${stack.url}/applications?view=${view}`);
      await page.locator(view === "summary" ? "[data-ring=sync]" : "[data-app=list-000]").waitFor();
      await look(view);
    }
    await page.getByRole("group", { name: filters }).getByRole("button", { name: health, exact: true }).click();
    await page.getByRole("dialog").getByRole("checkbox").first().waitFor();
    await look("filter");
    await page.keyboard.press("Escape");
    await page.getByRole("checkbox", { name: choose }).check();
    await look("chosen");
    await page.getByRole("button", { name: refresh, exact: true }).click();
    await page.getByRole("dialog").locator("[data-chosen=list-000]").waitFor();
    await look("dialog");
    expect(complaints).toEqual([]);
    await close();
  }, 60_000);
});
