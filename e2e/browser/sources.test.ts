import type { Page } from "playwright-core";
import { describePage } from "../support/browser.ts";
import { PageTests } from "../support/page-tests.ts";
import { startRegistry, type Registry } from "../support/registry.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";

const NAME = "page-sources";
const CHART = "charts/team/greeter";
const FILES = {
  "deploy/plain/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n",
  "web/package.json": '{ "name": "web", "kind": "no manifest" }\n',
  "web/chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/chart/templates/web.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
};

/** What an application can come from beside the guide's own source, chosen from what the repository offers. */
await describePage("the page, completing a source", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let page: Page;
  let repository: Repository;
  let registry: Registry;

  beforeAll(async () => {
    ({ stack } = await tests.begin());
    repository = await tests.connected(NAME, FILES);
    registry = tests.after.use(await startRegistry({ [CHART]: ["1.2.0", "1.10.0", "latest", "2.0.0-rc.1_build.5", "1.9.0"] }));
    tests.deleteAfter(`repositories/${encodeURIComponent(`${registry.host}/charts`)}`);
    page = await tests.openSignedIn();
  }, 120_000);

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const field = (name: string) => page.getByLabel(name, { exact: true }).and(page.locator("input"));
  const offered = () => page.getByRole("option").allTextContents();

  it("offers plain folders with manifests beside charts, and no others", async () => {
    await page.goto(`${stack.url}/applications?new=true`);
    await field("Application name").fill(NAME);
    await field("Namespace").fill(NAME);
    await field("Repository URL").click();
    await page.getByRole("option", { name: repository.url, exact: true }).click();
    await field("Path").click();
    await page.getByRole("option", { name: "deploy/plain", exact: true }).waitFor();
    expect(await offered()).toEqual(["web/chart", "deploy/plain"]);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("plai");
    await page.getByRole("option", { name: "web/chart", exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await field("Path").inputValue()).toBe("deploy/plain");
    await button("PREVIEW").click();
    await page.getByRole("region", { name: "What would be created" }).locator("[data-object='ConfigMap/settings']").waitFor();
  }, 120_000);

  it("offers the versions of a chart in an OCI registry, newest first", async () => {
    await page.goto(`${stack.url}/settings/repos?addRepo=true`);
    await page.getByText("OCI", { exact: true }).click();
    await field("URL").fill(`oci://${registry.host}/charts`);
    await field("User name").fill(registry.user);
    await field("Password or token").fill(registry.password);
    await field("Name").fill("oci-charts");
    await button("CONNECT").click();
    await page.locator(`[data-repo="${registry.host}/charts"] [data-state=Successful]`).waitFor();
    await page.goto(`${stack.url}/applications?new=true`);
    await field("Application name").fill(NAME);
    await field("Namespace").fill(NAME);
    await field("Repository URL").click();
    await page.getByRole("option", { name: `${registry.host}/charts`, exact: true }).click();
    await field("Chart").fill("team/greeter");
    // What is being typed was not asked for.
    expect(registry.asked.filter((path) => path.includes("/tags/"))).toEqual([]);
    await field("Version").click();
    await page.getByRole("option", { name: "1.10.0", exact: true }).waitFor();
    expect(await offered()).toEqual(["2.0.0-rc.1+build.5", "1.10.0", "1.9.0", "1.2.0"]);
    await page.getByRole("option", { name: "1.10.0", exact: true }).click();
    await button("PREVIEW").click();
    await page.getByRole("region", { name: "What would be created" }).locator("[data-object='ConfigMap/hello']").waitFor();
  }, 120_000);

  it("says what the registry says of a chart that it does not have", async () => {
    await button("BACK TO THE FORM").click();
    await field("Chart").fill("team/stranger");
    await field("Version").click();
    await page.getByRole("alert").filter({ hasText: `${registry.host}/charts/team/stranger: the registry answers 404: repository name not known to registry` }).waitFor();
  }, 60_000);
});
