import { generateKeyPairSync } from "node:crypto";
import type { Page } from "playwright-core";
import type { TestGithub } from "@trireme/git/testing";
import { describePage } from "../support/browser.ts";
import { OWNER, startGithub } from "../support/github.ts";
import { PageTests } from "../support/page-tests.ts";
import { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";

const NAME = "page-github-app";

await describePage("the page, connecting a repository as a GitHub App", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let page: Page;
  let github: TestGithub;
  let url: string;

  beforeAll(async () => {
    ({ stack } = await tests.begin());
    tests.after.use(await Repository.create(stack, NAME, { "app/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n" }));
    github = tests.after.use(await startGithub(stack));
    url = `${github.url}/${OWNER}/${NAME}.git`;
    tests.deleteAfter(`repositories/${encodeURIComponent(url)}`, `repocreds/${encodeURIComponent(`${github.url}/${OWNER}`)}`);
    page = await tests.openSignedIn();
  }, 120_000);

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true }).and(page.locator("input, textarea"));
  const form = () => page.locator("[role=dialog] form");

  it("shows GitHub's reason beside what was typed, and connects once the key is right", async () => {
    await page.goto(`${stack.url}/settings/repos?addRepo=true`);
    await page.getByText("VIA GITHUB APP", { exact: true }).waitFor();
    // Five ways to choose from, side by side.
    const tops = await page.getByRole("radiogroup", { name: "How to connect" }).locator("label").evaluateAll((labels) => labels.map((label) => Math.round((label as unknown as { getBoundingClientRect(): { top: number } }).getBoundingClientRect().top)));
    expect([tops.length, new Set(tops).size]).toEqual([5, 1]);
    await page.getByText("VIA GITHUB APP", { exact: true }).click();
    await field("Repository URL").fill(url);
    await field("App ID").fill("forty");
    await field("Private key of the app (PEM)").fill("x");
    // Not sent: the browser itself asks for a number.
    await button("CONNECT").click();
    expect(await field("App ID").evaluate((input) => (input as unknown as { validity: { patternMismatch: boolean } }).validity.patternMismatch)).toBe(true);
    await field("App ID").fill(String(github.app));
    await field("Private key of the app (PEM)").fill(generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs1", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } }).privateKey);
    await field("API of GitHub Enterprise (empty: github.com)").fill(github.api);
    await button("CONNECT").click();
    await page.getByRole("dialog").getByRole("alert").filter({ hasText: "answers 401: A JSON web token could not be decoded" }).waitFor();
    expect(await field("Repository URL").inputValue()).toBe(url);
    expect(tests.complaints.splice(0)).toEqual([expect.stringContaining("the server responded with a status of 500")]);
    await field("Private key of the app (PEM)").fill(github.privateKey);
    await button("CONNECT").click();
    const card = page.locator(`[data-repo="${url}"]`);
    await card.locator("[data-state=Successful]").waitFor();
    await card.getByText(`GitHub App ${github.app}`).waitFor();
  }, 120_000);

  it("offers what the app may read to a new application", async () => {
    await page.goto(`${stack.url}/applications?new=true`);
    await field("Repository URL").click();
    await page.getByRole("option", { name: url, exact: true }).click();
    await field("Path").click();
    await page.getByRole("option", { name: "app", exact: true }).waitFor();
    await page.keyboard.press("Escape");
  }, 120_000);

  it("keeps the app for every repository of its owner", async () => {
    await page.goto(`${stack.url}/settings/repos?addRepo=true`);
    await page.getByText("VIA GITHUB APP", { exact: true }).click();
    await field("Repository URL").fill(`${github.url}/${OWNER}`);
    await field("App ID").fill(String(github.app));
    await field("Installation ID (optional)").fill("12");
    await field("Private key of the app (PEM)").fill(github.privateKey);
    await field("API of GitHub Enterprise (empty: github.com)").fill(github.api);
    await button("Save as template").click();
    await form().waitFor({ state: "detached" });
    await page.locator(`[data-template="${github.url}/${OWNER}"]`).waitFor();
  }, 120_000);
});
