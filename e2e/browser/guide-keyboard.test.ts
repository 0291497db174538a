import type { Page } from "playwright-core";
import { describePage } from "../support/browser.ts";
import { healthIs, imageIs, syncIs, type Api } from "../support/api.ts";
import { Keyboard } from "../support/keyboard.ts";
import { PageTests } from "../support/page-tests.ts";
import { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "page-keys";
const IMAGE = "registry.example.com/user01/hello-world-express";

/** The guide of the product, walked by somebody who has no pointer: every step is a key. */
await describePage("the page by keyboard alone, from signing in to a changed image", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let page: Page;
  let keys: Keyboard;
  let repository: Repository;

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    repository = tests.after.use(await Repository.create(stack, NAME));
    tests.deleteAfter(`repositories/${encodeURIComponent(repository.url)}`, `applications/${NAME}`);
    page = await tests.open();
    keys = new Keyboard(page);
    await page.goto(stack.url);
  }, 120_000);

  const dialog = () => page.getByRole("dialog");
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const within = (name: string) => dialog().getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true }).and(page.locator("input"));

  /** A moment after a dialog has come or gone. */
  const focusComesTo = (to: string): Promise<unknown> => until(`the focus on ${to}`, () => keys.focused(), (focused) => focused === to || { notYet: focused }, 10_000);

  it("signs in", async () => {
    await field("User name").waitFor();
    expect(await keys.focused()).toContain("input User name");
    await keys.type("admin");
    await keys.fill(field("Password"), stack.adminPassword);
    await keys.press("Enter");
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
  }, 60_000);

  it("connects a repository; the dialog keeps the focus, and gives it back", async () => {
    await keys.use(page.getByRole("link", { name: "Settings", exact: true }));
    await keys.use(page.getByRole("link", { name: "Repositories", exact: true }));
    await page.getByRole("heading", { name: "Repositories", level: 1 }).waitFor();
    await keys.use(button("CONNECT REPO"));
    await dialog().waitFor();
    // Round and round, and never out of it.
    for (let stop = 0; stop < 30; stop++) {
      await keys.press("Tab");
      expect(await dialog().evaluate((element) => element.contains(element.ownerDocument.activeElement))).toBe(true);
    }
    await keys.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await focusComesTo("button CONNECT REPO");
    await keys.press("Enter");
    await keys.fill(field("Repository URL"), repository.url);
    await keys.fill(field("User name"), stack.git.user);
    await keys.fill(field("Password or token"), stack.git.token);
    await keys.use(within("CONNECT"));
    await page.locator(`[data-repo="${repository.url}"] [data-state=Successful]`).waitFor();
    await dialog().waitFor({ state: "detached" });
    await focusComesTo("button CONNECT REPO");
  }, 120_000);

  it("creates an application with its completions, in the form and in the YAML, after a look at what would become of it", async () => {
    await keys.press("g", "a");
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    await keys.use(button("NEW APP"));
    await field("Application name").waitFor();
    expect(await keys.focused()).toContain("input Application name");
    await keys.type(NAME);
    await keys.fill(field("Repository URL"), NAME);
    await page.getByRole("option", { name: repository.url, exact: true }).waitFor();
    await keys.press("ArrowDown", "Enter");
    expect(await field("Repository URL").inputValue()).toBe(repository.url);
    await keys.fill(field("Path"), "express");
    await page.getByRole("option", { name: "hello-world-express", exact: true }).waitFor();
    await keys.press("ArrowDown", "Enter");
    expect(await field("Path").inputValue()).toBe("hello-world-express");
    await keys.fill(field("Namespace"), NAME);
    await keys.to(page.getByLabel("Prune last", { exact: true }));
    await keys.press(" ");
    const yaml = page.getByLabel("The application as YAML");
    await keys.to(yaml);
    await keys.press("Control+End");
    await keys.type("  revisionHistoryLimit: 3");
    await yaml.filter({ hasText: "- PruneLast=true" }).filter({ hasText: "revisionHistoryLimit: 3" }).waitFor();
    // Tab leads out of the editor again.
    await keys.use(within("PREVIEW"));
    await page.getByRole("region", { name: "What would be created" }).getByText("4 new").waitFor();
    await keys.use(page.locator("[data-object='Deployment/hello-world-express'] summary"));
    await page.getByLabel("Deployment hello-world-express as it would be").filter({ hasText: `${IMAGE}:1.0.0` }).waitFor();
    await keys.use(within("CREATE"));
    await page.getByRole("heading", { name: NAME, level: 1 }).waitFor();
    expect((await api.app(NAME)).spec).toMatchObject({ revisionHistoryLimit: 3, syncPolicy: { syncOptions: ["CreateNamespace=true", "PruneLast=true"] } });
  }, 180_000);

  it("refreshes, normally and hard", async () => {
    await keys.use(button("REFRESH"));
    const hard = page.waitForResponse((response) => response.url().includes("refresh=hard"));
    await keys.use(button("More ways to refresh"));
    await page.getByRole("menuitem").waitFor();
    // The menu takes the focus a moment after it is there.
    await until("its item to have the focus", async () => {
      await keys.press("ArrowDown");
      return page.locator("[role=menuitem]:focus").count();
    }, (count) => count === 1 || { notYet: "not yet" });
    await keys.press("Enter");
    expect((await hard).status()).toBe(200);
  }, 60_000);

  it("syncs what was chosen, and follows it to Synced and Healthy", async () => {
    await keys.use(page.locator(".bar").getByRole("button", { name: "SYNC", exact: true }));
    await within("SYNCHRONIZE").waitFor();
    await keys.to(dialog().getByLabel("Prune", { exact: true }));
    await keys.press(" ");
    await keys.use(within("None"));
    await keys.use(within("Out of sync"));
    await keys.use(within("Diff of Deployment hello-world-express"));
    await dialog().getByTestId("diff").locator(".cm-changedLine").first().waitFor();
    await keys.use(within("SYNCHRONIZE"));
    await dialog().waitFor({ state: "detached" });
    await page.getByTestId("sync").getByText("Synced", { exact: true }).waitFor();
    await page.getByTestId("health").getByText("Healthy").waitFor();
    await page.locator(".why").waitFor({ state: "detached" });
  }, 120_000);

  it("sees a changed image tag, looks at what it changes, and deploys it", async () => {
    await repository.edit("hello-world-express/kustomization.yaml", (text) => text.replace("newTag: 1.0.0", "newTag: 1.0.1"));
    await keys.press("r");
    await page.getByTestId("sync").getByText("Out of sync").waitFor();
    await keys.press("d");
    await dialog().locator(".cm-changedLine", { hasText: `${IMAGE}:1.0.1` }).first().waitFor();
    await keys.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await keys.press("s");
    await within("SYNCHRONIZE").waitFor();
    await focusComesTo("button SYNCHRONIZE");
    await keys.press("Enter");
    await page.getByTestId("sync").getByText("Synced", { exact: true }).waitFor();
    await api.becomes(NAME, syncIs("Synced"), healthIs("Healthy"), imageIs(`${IMAGE}:1.0.1`));
    await page.getByTestId("health").getByText("Healthy").waitFor();
  }, 120_000);
});
