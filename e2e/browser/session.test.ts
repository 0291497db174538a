import type { Page } from "playwright-core";
import { accessibilityProblems, describePage } from "../support/browser.ts";
import type { Api } from "../support/api.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Stack } from "../support/stack.ts";

const NAME = "page-session";

/** A session that ends while somebody is at work. */
await describePage("a session that is over", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let page: Page;

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    tests.deleteAfter(`projects/${NAME}`);
    page = await tests.openSignedIn();
  }, 120_000);

  const again = () => page.getByRole("dialog", { name: "Sign in" });
  const field = (name: string) => page.getByLabel(name, { exact: true }).and(page.locator("input"));
  const focused = () => page.evaluate("document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent");

  it("is said where one is, takes nothing of what was being written, and goes on there", async () => {
    await page.goto(`${stack.url}/applications?new=true&search=kept`);
    await field("Application name").fill(NAME);
    await page.getByLabel("The application as YAML").getByText(`name: ${NAME}`).click();
    await page.keyboard.press("End");
    await page.keyboard.type("\nlabels: {written: by-hand}");
    await page.context().clearCookies();
    await page.getByRole("button", { name: "PREVIEW" }).click();
    await again().waitFor();
    await again().getByText("what you were writing is still there").waitFor();
    expect(await focused()).toBe("password");
    expect(await again().getByLabel("User name").inputValue()).toBe("admin");
    // Neither Escape nor a wrong password costs anything.
    await page.keyboard.press("Escape");
    await again().getByLabel("Password", { exact: true }).and(page.locator("input")).fill("wrong");
    await page.keyboard.press("Enter");
    await again().getByRole("alert").filter({ hasText: "Invalid username or password" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await again().getByLabel("Password", { exact: true }).and(page.locator("input")).fill(stack.adminPassword);
    await page.keyboard.press("Enter");
    await again().waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/applications?new=true&search=kept");
    await page.getByRole("alert").filter({ hasText: "The session was over" }).waitFor();
    expect(await field("Application name").inputValue()).toBe(NAME);
    await page.getByLabel("The application as YAML").filter({ hasText: "labels: {written: by-hand}" }).waitFor();
    // And what is done now is done by the new session.
    await page.getByRole("button", { name: "PREVIEW" }).click();
    await page.getByText(/repoURL is required|repoURL and either/).first().waitFor();
  }, 120_000);

  it("takes nothing of a form of the settings either", async () => {
    await page.goto(`${stack.url}/settings/repos?addRepo=true`);
    await field("Repository URL").fill("https://git.example.test/never.git");
    await page.context().clearCookies();
    // The page may have noticed by itself, and asked already.
    await page.getByRole("button", { name: "CONNECT", exact: true }).dispatchEvent("click");
    await again().getByLabel("Password", { exact: true }).and(page.locator("input")).fill(stack.adminPassword);
    await page.keyboard.press("Enter");
    await again().waitFor({ state: "detached" });
    expect(await field("Repository URL").inputValue()).toBe("https://git.example.test/never.git");
  }, 60_000);

  it("asks on a page of its own where nobody has been, and goes back", async () => {
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: NAME }, spec: {} } });
    await page.goto(`${stack.url}/settings/projects`);
    await page.getByRole("link", { name: NAME }).waitFor();
    await page.context().clearCookies();
    await page.reload();
    // A page that was loaded without a session asks to sign in, and goes back.
    await field("Password").waitFor();
    expect(new URL(page.url()).searchParams.get("return")).toBe("settings/projects");
    await field("User name").fill("admin");
    await field("Password").fill(stack.adminPassword);
    await page.getByRole("button", { name: "SIGN IN" }).click();
    await page.getByRole("link", { name: NAME }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings/projects");
  }, 60_000);

  it("does not stand before a page that was left on purpose", async () => {
    await page.getByRole("button", { name: "Signed in as admin" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await field("Password").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe("/login");
  }, 60_000);
});
