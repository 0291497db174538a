import type { Locator, Page } from "playwright-core";
import { describePage, signInto } from "../support/browser.ts";
import { syncIs, type Api } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { untilSame } from "../support/until.ts";

const NAME = "page-progress";

/** One that only ends once somebody lets it begin. */
const job = (name: string, annotations: string): string => `apiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}, annotations: {${annotations}}}\nspec: {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: main, image: example/${name}}]}}}\n`;
const configMap = (name: string, wave: number): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, annotations: {argocd.argoproj.io/sync-wave: "${wave}"}}\n`;
const FILES = {
  "app/migrate.yaml": job("migrate", "argocd.argoproj.io/hook: PreSync"),
  "app/settings.yaml": configMap("settings", -1),
  "app/fill.yaml": job("fill", 'argocd.argoproj.io/sync-wave: "1"'),
  "app/flags.yaml": configMap("flags", 1),
  "app/done.yaml": configMap("done", 2),
};

/** An operation under way, object by object, each waiting for its turn. */
await describePage("the progress of an operation in the page", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let page: Page;

  /** Each object with its state and wave, in the order in which they stand there. */
  const section = (): Promise<string[]> => page.locator(".operation [data-item]").evaluateAll((items) => items.map((item) => `${item.getAttribute("data-item")} ${item.querySelector("[data-state]")!.getAttribute("data-state")} ${[...item.querySelectorAll("small")].map((one) => one.textContent).join(" ")}`.trim()));
  const shows = (what: string, wanted: string[]): Promise<unknown> => untilSame(what, section, wanted, 60_000);
  const letGo = (name: string): Promise<unknown> => mustKubectl(stack, ["-n", NAME, "patch", "job", name, "--type=merge", "-p", '{"spec":{"suspend":false}}']);

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    repository = await tests.connected(NAME, FILES);
    await mustKubectl(stack, ["create", "namespace", NAME]);
    await tests.application(NAME, repository, { syncPolicy: undefined });
    await api.becomes(NAME, syncIs("OutOfSync"));
    page = await tests.openSignedIn();
  }, 180_000);

  it("is read resource by resource: each waits with its wave, runs, and is done", async () => {
    await page.goto(`${stack.url}/applications/argocd/${NAME}?deploy=all`);
    await page.getByRole("dialog").getByRole("button", { name: "SYNCHRONIZE" }).click();
    const operation = page.locator(".operation");
    await shows("everything to wait for the hook", ["Job/migrate Running PreSync", "ConfigMap/settings Waiting Wave -1", "ConfigMap/flags Waiting Wave 1", "Job/fill Waiting Wave 1", "ConfigMap/done Waiting Wave 2"]);
    await operation.getByText("0 of 4 objects done").waitFor();
    await letGo("migrate");
    await shows("the second wave to run", ["Job/migrate Succeeded PreSync", "ConfigMap/settings Synced Wave -1", "ConfigMap/flags Synced Wave 1", "Job/fill Running Wave 1", "ConfigMap/done Waiting Wave 2"]);
    await operation.getByText("2 of 4 objects done").waitFor();
    // A newer commit that is compared meanwhile is not what is being deployed.
    const later = await repository.push("Add one more", { "app/later.yaml": configMap("later", 0) });
    await api.must("GET", `/api/v1/applications/${NAME}?refresh=normal`);
    await page.locator(".summary").getByText(later.slice(0, 7)).waitFor();
    await operation.getByText("2 of 4 objects done").waitFor();
    // The panel says the same, and leads to an object that is still to come.
    await operation.getByRole("button", { name: "See details" }).click();
    const panel = page.getByRole("dialog");
    const row = (of: string): Locator => panel.locator(`[data-result='${of}']`);
    await panel.locator("[data-progress='2/4']").waitFor();
    expect(await row("ConfigMap/done").getByRole("cell").allTextContents()).toEqual(["Waiting", "Sync", "2", ""]);
    await row("Job/fill").locator("[data-state=Running]").waitFor();
    await letGo("fill");
    await row("ConfigMap/done").locator("[data-state=Synced]").waitFor();
    await row("Job/fill").locator("[data-state=Synced]").waitFor();
    await panel.locator("[data-progress]").waitFor({ state: "detached" });
    await panel.getByRole("button", { name: "Close" }).click();
    await shows("all to be done", ["Job/migrate Succeeded PreSync", "ConfigMap/settings Synced Wave -1", "ConfigMap/flags Synced Wave 1", "Job/fill Synced Wave 1", "ConfigMap/done Synced Wave 2"]);
  }, 180_000);

  it("lists of a sync of some objects only those", async () => {
    await mustKubectl(stack, ["-n", NAME, "delete", "job", "fill"]);
    const chosen = [{ group: "batch", kind: "Job", namespace: NAME, name: "fill" }, { group: "", kind: "ConfigMap", namespace: NAME, name: "done" }];
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME, resources: chosen });
    await shows("one of two to run", ["Job/fill Running Wave 1", "ConfigMap/done Waiting Wave 2"]);
    await page.locator(".operation").getByText("0 of 2 objects done").waitFor();
    // A refresh is answered meanwhile, and ends nothing.
    expect((await api.must("GET", `/api/v1/applications/${NAME}?refresh=hard`)).body.status.operationState.phase).toBe("Running");
    // In the list it has not ended at any time.
    const list = await tests.openAnother();
    await signInto(list.page, stack);
    await list.page.goto(`${stack.url}/applications?view=list&search=${NAME}`);
    const line = list.page.locator(`[data-app=${NAME}]`);
    await line.locator("[data-state=Running]").waitFor();
    expect(await line.locator(".cell-synced").textContent()).toBe("");
    expect(list.complaints).toEqual([]);
    await list.close();
    await letGo("fill");
    await shows("both to be done", ["Job/fill Synced Wave 1", "ConfigMap/done Synced Wave 2"]);
  }, 120_000);
});
