import type { Locator, Page } from "playwright-core";
import { describePage } from "../support/browser.ts";
import { Api, healthIs, imageIs, syncIs } from "../support/api.ts";
import { PageTests } from "../support/page-tests.ts";
import { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";

const NAME = "page-guide";

/** The guide of the product, walked in the page by somebody who has never used it. */
await describePage("the page, from signing in to Synced", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let page: Page;
  let repository: Repository;
  let yaml: Locator;

  beforeAll(async () => {
    ({ stack } = await tests.begin());
    repository = tests.after.use(await Repository.create(stack, NAME));
    tests.deleteAfter(`repositories/${encodeURIComponent(repository.url)}`, `applications/${NAME}`);
    page = await tests.open();
    yaml = page.getByLabel("The application as YAML");
  }, 120_000);

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
    expect(tests.complaints.splice(0)).toEqual([expect.stringContaining("the server responded with a status of 500")]);
    await field("Password or token").fill(stack.git.token);
    await button("CONNECT").click();
    await page.locator(`[data-repo="${repository.url}"] [data-state=Successful]`).waitFor();
  }, 120_000);

  it("creates an application as a form and as YAML, completed from the repository and always in step", async () => {
    await page.getByRole("link", { name: "Applications" }).first().click();
    await button("NEW APP").click();
    await field("Application name").fill(NAME);
    await field("Repository URL").click();
    await page.getByRole("option", { name: repository.url, exact: true }).click();
    await field("Revision").click();
    await page.getByRole("option", { name: "main", exact: true }).click();
    await field("Path").click();
    await page.getByRole("option", { name: "hello-world-express", exact: true }).click();
    await field("Namespace").fill(NAME);
    await yaml.filter({ hasText: "path: hello-world-express" }).filter({ hasText: `name: ${NAME}` }).waitFor();
    // What the form does not know stays, whatever the form does.
    await yaml.getByText(`name: ${NAME}`).click();
    await page.keyboard.press("End");
    await page.keyboard.type("\nlabels: {team: guide} # kept");
    await page.getByLabel("Prune last", { exact: true }).check();
    await yaml.filter({ hasText: "- PruneLast=true" }).filter({ hasText: "labels: { team: guide } # kept" }).waitFor();
    await yaml.getByText("targetRevision: main").click();
    await page.keyboard.press("End");
    for (let letter = 0; letter < "main".length; letter++) await page.keyboard.press("Backspace");
    await page.keyboard.type("HEAD");
    expect(await field("Revision").inputValue()).toBe("HEAD");
  }, 120_000);

  it("says in which line the YAML cannot be read, and keeps the form as it was", async () => {
    await page.keyboard.type(": [");
    await page.getByText(/^Line 1\d: /).waitFor();
    await yaml.locator(".cm-problemLine").first().waitFor();
    expect([await field("Application name").inputValue(), await field("Application name").isDisabled(), await field("Revision").inputValue()]).toEqual([NAME, true, "HEAD"]);
    for (let letter = 0; letter < 3; letter++) await page.keyboard.press("Backspace");
    await page.getByText(/^Line 1\d: /).waitFor({ state: "detached" });
    expect(await field("Application name").isDisabled()).toBe(false);
  }, 60_000);

  it("shows what the server refuses at the field that it names", async () => {
    await field("Path").fill("nowhere");
    await button("CREATE").click();
    await page.getByText(/app path does not exist/).waitFor();
    expect(await field("Path").getAttribute("aria-invalid")).toBe("true");
    expect(await field("Path").evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await field("Path").fill("hello-world-express");
  }, 60_000);

  it("shows what would be created before it is", async () => {
    await button("PREVIEW").click();
    const preview = page.getByRole("region", { name: "What would be created" });
    await preview.getByText("4 new").waitFor();
    expect(await preview.locator("[data-kind]").evaluateAll((sections) => sections.map((section) => section.getAttribute("data-kind")))).toEqual(["Deployment", "Ingress", "Namespace", "Service"]);
    await preview.locator("[data-object='Deployment/hello-world-express'] summary").click();
    await preview.getByLabel("Deployment hello-world-express as it would be").filter({ hasText: "hello-world-express:1.0.0" }).waitFor();
    expect((await (await Api.signIn(stack)).call("GET", `/api/v1/applications/${NAME}`)).status).toBe(403);
    await button("CREATE").click();
    await page.getByRole("heading", { name: NAME, level: 1 }).waitFor();
    await page.getByTestId("sync").getByText("Out of sync").waitFor();
    await page.locator("[data-reason=Missing]").first().waitFor();
    expect(await (await Api.signIn(stack)).app(NAME)).toMatchObject({ metadata: { labels: { team: "guide" } }, spec: { source: { path: "hello-world-express", targetRevision: "HEAD" }, syncPolicy: { syncOptions: ["CreateNamespace=true", "PruneLast=true"] } } });
  }, 120_000);

  it("refreshes, normally and hard", async () => {
    const hard = page.waitForResponse((response) => response.url().includes("refresh=hard"));
    await button("REFRESH").click();
    await button("More ways to refresh").click();
    await page.getByRole("menuitem").click();
    expect((await hard).status()).toBe(200);
  }, 60_000);

  it("syncs what was chosen, as was chosen, and follows it object by object to Synced and Healthy", async () => {
    await button("SYNC").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Prune", { exact: true }).check();
    await dialog.getByLabel("Server-side apply", { exact: true }).check();
    await dialog.getByLabel("Try a failed sync again").check();
    await dialog.getByLabel("Attempts").fill("2");
    expect(await dialog.getByLabel("Create the namespace", { exact: true }).isChecked()).toBe(true);
    await button("None").click();
    expect(await button("SYNCHRONIZE").isDisabled()).toBe(true);
    await dialog.getByRole("checkbox", { name: "Service hello-world-express" }).check();
    await button("Diff of Service hello-world-express").click();
    await dialog.getByTestId("diff").locator(".cm-changedLine", { hasText: "kind: Service" }).waitFor();
    await button("SYNCHRONIZE").click();
    await page.locator(".results").getByText("Service hello-world-express").waitFor();
    await page.getByTestId("operation").getByText("Succeeded").waitFor();
    const api = await Api.signIn(stack);
    expect((await api.app(NAME)).status.operationState.operation).toMatchObject({ initiatedBy: { username: "admin" }, retry: { limit: 2, backoff: { duration: "5s" } }, sync: { prune: true, syncOptions: ["CreateNamespace=true", "PruneLast=true", "ServerSideApply=true"], resources: [{ kind: "Service", name: "hello-world-express" }] } });
    await page.getByTestId("sync").getByText("Out of sync").waitFor();
    await button("SYNC").first().click();
    await button("Out of sync").click();
    await dialog.getByText("Objects: 2 of 3").waitFor();
    await button("All").click();
    await button("SYNCHRONIZE").click();
    await page.locator(".results").getByText("Deployment hello-world-express").waitFor();
    await page.getByTestId("sync").getByText("Synced", { exact: true }).waitFor();
    await page.getByTestId("health").getByText("Healthy").waitFor();
    // Who hears the page is told too.
    await page.getByRole("status").filter({ hasText: "Health: Healthy. Sync: Synced." }).waitFor();
    await page.getByTestId("operation").getByText("Succeeded").waitFor();
    await page.locator(".why").waitFor({ state: "detached" });
    await page.locator('.graph-card[data-key^="/Pod/"]').first().waitFor();
  }, 180_000);

  it("shows one object as it is in the cluster", async () => {
    await page.locator('.graph-card[data-key^="apps/Deployment/"] .card-open').click();
    await page.getByRole("tab", { name: "Manifest" }).click();
    await page.getByRole("dialog").getByLabel("hello-world-express as it is in the cluster").filter({ hasText: "kind: Deployment" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }, 60_000);

  it("sees a changed image tag arrive and what it changes, and deploys it", async () => {
    await repository.edit("hello-world-express/kustomization.yaml", (text) => text.replace("newTag: 1.0.0", "newTag: 1.0.1"));
    await button("REFRESH").click();
    await page.getByTestId("sync").getByText("Out of sync").waitFor();
    const reason = page.locator("[data-reason=Drifted]");
    await reason.getByText(/^spec\.template\.spec\.containers\[.*\]\.image$/).waitFor();
    await reason.getByRole("button", { name: "SYNC" }).click();
    await button("Diff of Deployment hello-world-express").click();
    await page.getByRole("dialog").getByTestId("diff").locator(".cm-merge-b .cm-changedLine", { hasText: "hello-world-express:1.0.1" }).waitFor();
    await button("SYNCHRONIZE").click();
    await page.getByTestId("sync").getByText("Synced", { exact: true }).waitFor();
    const api = await Api.signIn(stack);
    await api.becomes(NAME, syncIs("Synced"), healthIs("Healthy"), imageIs("registry.example.com/user01/hello-world-express:1.0.1"));
    await page.getByTestId("health").getByText("Healthy").waitFor();
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
