import type { Page } from "playwright-core";
import { bigTreeFiles } from "../bench/page/workload.ts";
import { describePage } from "../support/browser.ts";
import { phaseIs } from "../support/api.ts";
import { PageTests } from "../support/page-tests.ts";
import { startStack } from "../support/stack.ts";
import { until, untilSame } from "../support/until.ts";
import { walk } from "../support/walk.ts";

const NAME = "big";
const NODES = 2000;
/** More than fit on the screen, as small as the picture begins, with some around it. */
const IN_SIGHT = 150;

/** An application of 2,000 objects as a tree: only what is in sight is ever in the document. */
await describePage("a tree of 2,000 objects", (launch) => {
  const tests = new PageTests(launch);
  let page: Page;
  let kinds: Record<string, number>;

  const cards = (): Promise<number> => page.locator(".graph-card").count();
  const press = (key: string, leadsTo: RegExp): Promise<void> => walk(page, key, leadsTo);
  const search = (text: string): Promise<void> => page.getByRole("searchbox", { name: "Search objects" }).fill(text);

  beforeAll(async () => {
    const { stack, api } = await tests.begin(startStack());
    const repository = await tests.connected(NAME, bigTreeFiles(NODES));
    await tests.application(NAME, repository, { path: NAME });
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await until("everything to be there", () => api.app(NAME), (app) => phaseIs("Succeeded")(app), 300_000);
    const tree = await until("every object to be in the tree", async () => (await api.must("GET", `/api/v1/applications/${NAME}/resource-tree`)).body.nodes as { kind: string }[], (nodes) => nodes.length >= NODES || { notYet: `${nodes.length} objects` }, 300_000);
    kinds = Object.fromEntries(Object.entries(Object.groupBy(tree, ({ kind }) => kind)).map(([kind, some]) => [kind, some!.length]));
    page = await tests.openSignedIn();
    await page.goto(`${stack.url}/applications/argocd/${NAME}`);
  }, 660_000);

  it("comes grouped: what is many is one heap, which opens", async () => {
    const heaps = page.locator("[data-heap]");
    await heaps.getByText(`× ${kinds["ConfigMap"]}`).waitFor();
    await heaps.getByText(`× ${kinds["Deployment"]}`).waitFor();
    expect(await cards()).toBe(3);
    await page.locator("[data-heap$='kind:Deployment'] button").click();
    await page.locator("[data-key='apps/Deployment/big/web-0']").waitFor();
    expect(await cards()).toBeLessThan(IN_SIGHT);
    await page.locator("[data-heap$='kind:Deployment'] button").click();
    await until("the heap to be closed", cards, (count) => count === 3 || { notYet: `${count}` }, 10_000);
  }, 120_000);

  it("has only the cards in sight in the document when each object stands by itself", async () => {
    await page.getByRole("combobox", { name: "Grouping" }).click();
    await page.getByRole("option", { name: "Do not group" }).click();
    await page.locator(".graph-card[data-key]").first().waitFor();
    await page.locator("[data-heap]").first().waitFor({ state: "detached" });
    const count = await cards();
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(IN_SIGHT);
    // The overview has them all, as one path for each tone.
    expect(await page.locator(".graph-overview path").count()).toBeLessThan(8);
    const first = await page.locator(".graph-card[data-key]").first().getAttribute("data-key");
    await page.locator(".graph-overview").click({ position: { x: 4, y: 100 } });
    await page.locator(`.graph-card[data-key="${first}"]`).waitFor({ state: "detached" });
    await until("other cards to be in sight", cards, (now) => now > 1 || { notYet: `${now}` }, 10_000);
    expect(await cards()).toBeLessThan(IN_SIGHT);
  }, 120_000);

  it("is walked and folded by keyboard, over what is out of sight", async () => {
    await page.reload();
    await page.locator("[data-card=application]").focus();
    await press("ArrowRight", /^\/ConfigMap\/big\//);
    for (let step = 0; step < 40; step++) await page.keyboard.press("ArrowDown");
    await until("a card that was out of sight to have the focus", () => page.locator(".graph-card:has([data-card]:focus)").count(), (count) => count === 1 || { notYet: `${count}` }, 10_000);
    await press("ArrowLeft", /^application$/);
    await search("web-1");
    await page.locator("[data-key='apps/Deployment/big/web-1']").waitFor();
    await page.locator("[data-key='apps/Deployment/big/web-1'] .card-open").focus();
    await press("ArrowRight", /^apps\/ReplicaSet\/big\/web-1-/);
    await press("ArrowLeft", /^apps\/Deployment\/big\/web-1$/);
    await page.keyboard.press("-");
    await page.locator("[data-key='apps/Deployment/big/web-1'] .card-turn", { hasText: /^\+\d+ Show/ }).waitFor();
    expect(await page.locator("[data-key^='apps/ReplicaSet/big/web-1-']").count()).toBe(0);
    await page.keyboard.press("+");
    await page.locator("[data-key^='apps/ReplicaSet/big/web-1-']").first().waitFor();
    await page.locator("[data-key='apps/Deployment/big/web-1'] .card-turn").click();
    await until("its sets to be folded away", () => page.locator("[data-key^='apps/ReplicaSet/big/web-1-']").count(), (count) => count === 0 || { notYet: `${count}` }, 10_000);
  }, 120_000);

  it("is narrowed by what is searched for, and only that stays", async () => {
    await search("settings-33");
    const shown = (): Promise<string[]> => page.locator(".graph-card[data-key]").evaluateAll((all) => all.map((card) => card.getAttribute("data-key")!));
    const wanted = ["settings-33", ...Array.from({ length: 5 }, (_, index) => `settings-33${index}`)].map((name) => `/ConfigMap/big/${name}`);
    await untilSame("what is called so", async () => (await shown()).toSorted(), wanted.toSorted(), 10_000);
    await search("nobody-is-called-so");
    await page.getByText("No object fits these filters.").waitFor();
    await search("");
  }, 120_000);

  it("is as light as lines, which are folded by keyboard too", async () => {
    await page.getByText("Lines", { exact: true }).click();
    const outline = page.getByRole("treegrid", { name: "Tree" });
    const lines = async (): Promise<number> => Number(await outline.getAttribute("aria-rowcount"));
    const has = (what: string, wanted: number): Promise<unknown> => until(what, lines, (count) => count === wanted || { notYet: `${count} lines` }, 10_000);
    await outline.waitFor();
    const all = await lines();
    expect(all).toBe(Object.values(kinds).reduce((sum, count) => sum + count, 0));
    expect(await outline.getByRole("row").count()).toBeLessThan(IN_SIGHT);
    await outline.locator("[role=row][tabindex='0']").focus();
    await page.keyboard.press("End");
    await until("the last line to have the focus", () => page.evaluate<number>("Number(document.activeElement?.getAttribute('aria-rowindex'))"), (index) => index === all || { notYet: `${index}` }, 10_000);
    expect(await outline.getByRole("row").count()).toBeLessThan(IN_SIGHT);
    // Up to what owns it, and that is folded before its own owner is next.
    await press("ArrowLeft", /^apps\/ReplicaSet\//);
    await page.keyboard.press("ArrowLeft");
    await has("three pods less", all - 3);
    await press("ArrowLeft", /^apps\/Deployment\//);
    await page.keyboard.press("ArrowLeft");
    await has("their set away too", all - 4);
    await page.keyboard.press("ArrowRight");
    await has("the set again", all - 3);
    await page.getByText("Picture", { exact: true }).click();
    await page.locator(".graph-card").first().waitFor();
  }, 120_000);
});
