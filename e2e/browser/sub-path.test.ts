import type { Browser } from "playwright-core";
import { describePage, openWindow } from "../support/browser.ts";
import { startStack, type OwnStack } from "../support/stack.ts";

/** Where everything is served below a path, as behind a proxy that others share. */
await describePage("the page below a path", (launch) => {
  let stack: OwnStack;
  let chromium: Browser;
  beforeAll(async () => {
    [stack, chromium] = await Promise.all([startStack({ environment: { "api-server": { ARGOCD_SERVER_ROOTPATH: "/deploy/eu" } } }), launch()]);
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    await stack?.[Symbol.asyncDispose]();
  }, 60_000);

  it("signs in, moves about and opens deep links, and never leaves that path", async () => {
    const { page, complaints, close } = await openWindow(chromium);
    const outside: string[] = [];
    page.on("request", (request) => {
      if (!new URL(request.url()).pathname.startsWith("/deploy/eu/")) outside.push(request.url());
    });
    await page.goto(`${stack.url}/deploy/eu/settings/repos`);
    await page.locator("input[name=username]").fill("admin");
    await page.locator("input[name=password]").fill(stack.adminPassword);
    await page.locator("button[type=submit]").click();
    await page.getByRole("heading", { name: "Repositories", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/deploy/eu/settings/repos");
    await page.getByRole("link", { name: "Applications" }).first().click();
    await page.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/deploy/eu/applications");
    await page.reload();
    await page.getByText("No applications yet").waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Repositories", level: 1 }).waitFor();
    expect(outside).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
  }, 120_000);
});
