import type { Browser, Page } from "playwright-core";
import { accessibilityProblems, findBrowser, launch, openWindow, type Window } from "../support/browser.ts";
import { Api } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { describeUnless } from "../support/sample.ts";
import { clusterKind, sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "page-guide";
const browser = clusterKind === "dev" ? await findBrowser() : { reason: "the page is the same on every cluster; its tests run on the dev cluster" };

/** The guide of the product, walked in the page by somebody who has never used it. */
describeUnless("reason" in browser ? browser.reason : undefined, "the page, from signing in to Synced", () => {
  let stack: Stack;
  let chromium: Browser;
  let window: Window;
  let page: Page;
  let repository: Repository;

  beforeAll(async () => {
    stack = await sharedStack();
    repository = await Repository.create(stack, NAME);
    chromium = await launch((browser as { executable: string }).executable);
    window = await openWindow(chromium);
    page = window.page;
  }, 120_000);
  afterAll(async () => {
    await chromium?.close();
    const api = await Api.signIn(stack);
    await api.call("DELETE", `/api/v1/applications/${NAME}?cascade=true`);
    await api.call("DELETE", `/api/v1/repositories/${encodeURIComponent(repository.url)}`);
    await repository[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    expect(window.complaints.splice(0)).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 60_000);

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true }).and(page.locator("input"));

  it("asks to sign in, says what is wrong in place, and goes on to where one wanted to be", async () => {
    await page.goto(`${stack.url}/settings/repos`);
    await field("User name").fill("admin");
    await field("Password").fill("not the password");
    await button("SIGN IN").click();
    await page.getByRole("alert").filter({ hasText: "Invalid username or password" }).waitFor();
    await field("Password").fill(stack.adminPassword);
    await button("SIGN IN").click();
    await page.getByRole("heading", { name: "Repositories", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings/repos");
    // No script can read who is signed in.
    expect(await page.evaluate("document.cookie")).toBe("");
  }, 120_000);

  it("connects a repository, after its refusal was shown beside what was typed", async () => {
    await button("CONNECT REPO").click();
    await field("Repository URL").fill(repository.url);
    await field("User name").fill(stack.git.user);
    await field("Password or token").fill("wrong");
    await button("CONNECT").click();
    await page.getByRole("dialog").getByRole("alert").filter({ hasText: /authentication/i }).waitFor();
    expect(await field("Repository URL").inputValue()).toBe(repository.url);
    expect(window.complaints.splice(0)).toEqual([expect.stringContaining("the server responded with a status of 500")]);
    await field("Password or token").fill(stack.git.token);
    await button("CONNECT").click();
    await page.locator(`[data-repo="${repository.url}"] [data-state=Successful]`).waitFor();
  }, 120_000);

  it("creates an application, completing revision and path from the repository", async () => {
    await page.getByRole("link", { name: "Applications" }).first().click();
    await button("NEW APP").click();
    await field("Application name").fill(NAME);
    await field("Repository URL").fill(repository.url);
    await field("Path").click();
    await page.getByRole("option", { name: "hello-world-express", exact: true }).click();
    await field("Namespace").fill(NAME);
    expect(await page.getByLabel("What will be created").textContent()).toContain("path: hello-world-express");
    await button("CREATE").click();
    await page.getByRole("heading", { name: NAME, level: 1 }).waitFor();
    await page.getByTestId("sync").getByText("Out of sync").waitFor();
    await page.locator("[data-reason=Missing]").first().waitFor();
  }, 120_000);

  it("refreshes, syncs and follows the progress to Synced and Healthy", async () => {
    await button("REFRESH").click();
    await button("SYNC").first().click();
    await page.getByRole("dialog").getByLabel("Prune", { exact: true }).check();
    await button("SYNCHRONIZE").click();
    await page.getByTestId("sync").getByText("Synced", { exact: true }).waitFor();
    await page.getByTestId("health").getByText("Healthy").waitFor();
    // Who hears the page is told too.
    await page.getByRole("status").filter({ hasText: "Health: Healthy. Sync: Synced." }).waitFor();
    await page.getByTestId("operation").getByText("Succeeded").waitFor();
    await page.locator(".why").waitFor({ state: "detached" });
    await page.locator('.graph-card[data-key^="/Pod/"]').first().waitFor();
    const operation = (await (await Api.signIn(stack)).app(NAME)).status.operationState.operation;
    expect(operation).toMatchObject({ initiatedBy: { username: "admin" }, sync: { prune: true } });
  }, 120_000);

  it("shows one object as it is in the cluster", async () => {
    await page.locator('.graph-card[data-key^="apps/Deployment/"] .card-open').click();
    await page.getByRole("tab", { name: "Manifest" }).click();
    await page.getByRole("dialog").getByLabel("hello-world-express as it is in the cluster").filter({ hasText: "kind: Deployment" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }, 60_000);

  it("sees a commit arrive and what it changes, and deploys it", async () => {
    await repository.edit("hello-world-express/deployment.yaml", (text) => text.replace(/replicas: \d+/, "replicas: 3"));
    await button("REFRESH").click();
    await page.getByTestId("sync").getByText("Out of sync").waitFor();
    const reason = page.locator("[data-reason=Drifted]");
    await reason.getByText("Fields that differ: 1").click();
    await reason.getByText("spec.replicas", { exact: true }).waitFor();
    await reason.getByRole("button", { name: "SYNC" }).click();
    await button("SYNCHRONIZE").click();
    await page.getByTestId("sync").getByText("Synced", { exact: true }).waitFor();
    await until("three pods in the tree", () => page.locator('.graph-card[data-key^="/Pod/"]').count(), (count) => count === 3 || { notYet: `${count}` }, 60_000);
  }, 120_000);

  it("finds it in the list, live, by what is in the address", async () => {
    await page.goto(`${stack.url}/applications?search=${NAME}&sync=Synced`);
    await page.locator(`[data-app=${NAME}]`).waitFor();
    await page.getByRole("searchbox").fill("nothing is called like this");
    await page.getByText("No application matches").waitFor();
    expect(new URL(page.url()).searchParams.get("search")).toBe("nothing is called like this");
    await button("Show all").click();
    await page.locator(`[data-app=${NAME}]`).waitFor();
    // What somebody else does is seen without loading anything again.
    const api = await Api.signIn(stack);
    await api.must("PUT", `/api/v1/applications/${NAME}`, { ...(await api.app(NAME)), metadata: { ...(await api.app(NAME)).metadata, labels: { seen: "live" } } });
    await page.getByRole("searchbox").fill("seen=live");
    await page.locator(`[data-app=${NAME}]`).waitFor();
  }, 120_000);

  it("is deleted after its name was typed", async () => {
    await page.locator(`[data-app=${NAME}] a`).click();
    await button("DELETE").first().click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "DELETE" }).isDisabled()).toBe(true);
    await dialog.getByLabel(`Type ${NAME} to confirm`).fill(NAME);
    await dialog.getByRole("button", { name: "DELETE" }).click();
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    await page.locator(`[data-app=${NAME}]`).waitFor({ state: "detached" });
  }, 120_000);

  it("notices that the session is over, and says so by asking to sign in", async () => {
    await page.context().clearCookies();
    await page.goto(`${stack.url}/settings`);
    await field("Password").waitFor();
    expect(new URL(page.url()).searchParams.get("return")).toBe("settings");
  }, 60_000);
});
