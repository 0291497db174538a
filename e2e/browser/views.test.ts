import type { Locator, Page } from "playwright-core";
import { describePage } from "../support/browser.ts";
import { phaseIs, syncIs, type Api } from "../support/api.ts";
import { mustKubectl } from "../support/kubectl.ts";
import { PageTests } from "../support/page-tests.ts";
import type { Repository } from "../support/repository.ts";
import type { Stack } from "../support/stack.ts";
import { until, untilSame } from "../support/until.ts";
import { walk } from "../support/walk.ts";

const NAME = "page-views";

const deployment = (name: string, image: string, replicas: number): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {app: ${name}}}\n  template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, image: "${image}", resources: {requests: {cpu: 500m, memory: 1Gi}}}]}}\n`;
const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n`;
const FILES = {
  "app/web.yaml": deployment("web", "example/web:1", 2),
  "app/api.yaml": deployment("api", "example/api:3", 3),
  "app/reports.yaml": deployment("reports", "example/reports:broken", 1),
  "app/services.yaml": `${service("web")}---\n${service("api")}`,
  "app/ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: entry}\nspec: {rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}\n",
  "app/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {theme: light}\n",
};

/** The other ways of looking at one application: network, pods, list and timeline. */
await describePage("the views of one application", (launch) => {
  const tests = new PageTests(launch);
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let page: Page;
  let drawer: Locator;

  const show = (query: string): Promise<unknown> => page.goto(`${stack.url}/applications/argocd/${NAME}?${query}`);
  const search = (text: string): Promise<void> => page.getByRole("searchbox", { name: "Search objects" }).fill(text);
  const choose = async (aspect: string, value: string): Promise<void> => {
    await page.getByRole("group", { name: "Narrow down the objects" }).getByRole("button", { name: aspect }).click();
    await page.getByRole("checkbox", { name: value, exact: true }).click();
    await page.keyboard.press("Escape");
  };
  const shows = (what: string, look: () => Promise<string[]>, wanted: string[]): Promise<unknown> => untilSame(what, look, wanted, 30_000);
  const press = (key: string, leadsTo: RegExp): Promise<void> => walk(page, key, leadsTo);
  const opened = async (kind: string, name: RegExp): Promise<void> => {
    await drawer.locator(".drawer-title", { hasText: kind }).filter({ hasText: name }).waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
  };

  beforeAll(async () => {
    ({ stack, api } = await tests.begin());
    repository = await tests.connected(NAME, FILES);
    await tests.application(NAME, repository);
    await api.becomes(NAME, syncIs("OutOfSync"));
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await api.becomes(NAME, phaseIs("Succeeded"), syncIs("Synced"));
    await until("all pods to be there", async () => (await api.must("GET", `/api/v1/applications/${NAME}/resource-tree`)).body.nodes.filter(({ kind }: any) => kind === "Pod").map(({ health }: any) => health?.status).sort(), (states: string[]) => states.join() === "Degraded,Healthy,Healthy,Healthy,Healthy,Healthy" || { notYet: states.join() }, 60_000);
    page = await tests.openSignedIn();
    drawer = page.getByRole("dialog");
  }, 180_000);

  it("shows how traffic comes in: from an address over Ingress and Service to pods, also by keyboard", async () => {
    await show("view=network");
    /** Each way from its beginning: who leads to whom. */
    const ways = (): Promise<string[]> =>
      page.locator(".way-card").evaluateAll((cards) =>
        cards.map((card) => {
          const trail = [];
          for (let way: any = card.closest(".way"); way !== null; way = way.parentElement.closest(".way")) trail.unshift(way.querySelector(".way-card .card-name").textContent.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "-*"));
          return trail.join(" > ");
        }),
      );
    await shows("both ways", ways, ["api", "api > api-*", "api > api-*", "api > api-*", "entry", "entry > web", "entry > web > web-*", "entry > web > web-*"]);
    await page.getByRole("link", { name: "web.example.com" }).waitFor();
    await page.getByText("127.0.0.1", { exact: true }).waitFor();
    await page.locator(".way-card", { hasText: "entry" }).focus();
    await press("ArrowRight", /^\/Service\/page-views\/web$/);
    await press("ArrowRight", /^\/Pod\/page-views\/web-/);
    await press("ArrowUp", /^\/Pod\/page-views\/api-/);
    await press("ArrowLeft", /^\/Pod\/page-views\/api-/);
    await press("ArrowLeft", /^\/Service\/page-views\/api$/);
    await page.keyboard.press("Enter");
    await opened("Service", /api/);
    await search("web-");
    await shows("only the way to what was searched for", ways, ["entry", "entry > web", "entry > web > web-*", "entry > web > web-*"]);
    await search("nobody");
    await page.getByText("No object fits these filters.").waitFor();
    await search("");
    await mustKubectl(stack, ["-n", NAME, "patch", "deployment", "web", "-p", '{"spec":{"replicas":1}}']);
    await shows("a pod to go while it is looked at", ways, ["api", "api > api-*", "api > api-*", "api > api-*", "entry", "entry > web", "entry > web > web-*"]);
  }, 120_000);

  it("tells in its timeline who did what and why, of which kinds the reader wants", async () => {
    await show("view=timeline");
    const entry = (reason: string): Locator => page.locator(`[data-entry=${reason}]`);
    await entry("Created").getByText("by admin").waitFor();
    await entry("Deployed").getByText("by admin").waitFor();
    await entry("Deployed").locator(".entry-commit").getByText((await repository.head()).slice(0, 7)).waitFor();
    // By hand, in the network above.
    await entry("Drifted").getByText("by kubectl-patch").waitFor();
    await entry("Drifted").getByText(/spec\.replicas/).waitFor();
    await page.getByRole("button", { name: "Drift", exact: true }).click();
    await entry("Deployed").waitFor({ state: "detached" });
    expect(new URL(page.url()).searchParams.get("entries")).toBe("drift");
    await page.reload();
    await entry("Drifted").getByRole("button", { name: "Deployment web" }).click();
    await opened("Deployment", /web/);
    expect(await page.locator(".entry").evaluateAll((all) => [...new Set(all.map((one) => one.getAttribute("data-kind")))])).toEqual(["drift"]);
    await page.getByRole("button", { name: "Deployments", exact: true }).click();
    await entry("Deployed").waitFor();
    // What happens while it is looked at comes by itself.
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await until("the second deployment to be told", () => entry("Deployed").count(), (count) => count === 2 || { notYet: `${count}` }, 30_000);
    await entry("Drifted").waitFor({ state: "detached" });
  }, 120_000);

  it("tells of what was written through scale, of which Kubernetes keeps no time", async () => {
    await show("view=timeline&entries=drift");
    await page.getByText("No history is known yet.").waitFor();
    await mustKubectl(stack, ["-n", NAME, "scale", "deployment", "api", "--replicas=2"]);
    const timeless = page.getByRole("region", { name: "Time unknown" });
    await timeless.locator(".entry", { hasText: "Deployment api" }).filter({ hasText: "by kubectl" }).getByText("wrote spec.replicas, which").waitFor();
    await page.keyboard.press("d");
    await drawer.getByRole("row", { name: "spec.replicas" }).getByText("time unknown").waitFor();
    await page.keyboard.press("Escape");
    await api.must("POST", `/api/v1/applications/${NAME}/sync`, { name: NAME });
    await timeless.waitFor({ state: "detached" });
  }, 120_000);

  it("shows where the pods are, each at a glance, by node and by workload", async () => {
    await show("view=pods");
    /** Each group with its parts and how many pods they have. */
    const groups = (): Promise<string[]> => page.locator(".host").evaluateAll((hosts) => hosts.map((host) => `${host.getAttribute("data-host")}: ${[...host.querySelectorAll("[data-part]")].map((part) => `${part.getAttribute("data-part")} ×${part.querySelectorAll(".pod-cell").length}`).join(", ")}`));
    await shows("one node", groups, ["node-1: Deployment api ×3, Deployment reports ×1, Deployment web ×2"]);
    const node = page.locator("[data-host=node-1]");
    await node.getByText("6 pods").waitFor();
    await node.locator(".host-states [data-state=Degraded]").waitFor();
    await node.getByText(/of 64 cores asked for/).waitFor();
    // A glance without opening it, for the mouse and for the keyboard.
    const glance = page.getByRole("tooltip");
    await node.locator("[data-part='Deployment reports'] .pod-cell").hover();
    for (const text of ["reports:broken", "0/1", "ImagePullBackOff", "0.5 cores, 1 GiB of memory"]) await glance.getByText(text, { exact: true }).waitFor();
    await page.mouse.move(0, 0);
    await glance.waitFor({ state: "detached" });
    await node.locator("[data-part='Deployment api'] .pod-cell").first().focus();
    await glance.getByText("api:3").waitFor();
    await press("ArrowRight", /^\/Pod\/page-views\/api-/);
    await press("ArrowDown", /^\/Pod\/page-views\/reports-/);
    await page.keyboard.press("Enter");
    await opened("Pod", /reports-/);
    await page.getByText("By workload", { exact: true }).click();
    await shows("three workloads", groups, ["Deployment api: node-1 ×3", "Deployment reports: node-1 ×1", "Deployment web: node-1 ×2"]);
    await page.locator("[data-host='Deployment web'] h3").getByRole("button").click();
    await opened("Deployment", /web/);
    await choose("Health", "Degraded");
    await shows("only what is ill", groups, ["Deployment reports: node-1 ×1"]);
    await search("web");
    await page.getByText("No object fits these filters.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await page.getByText("By node", { exact: true }).click();
    await shows("one node again", groups, ["node-1: Deployment api ×3, Deployment reports ×1, Deployment web ×2"]);
  }, 120_000);

  it("lists every object, sorted and narrowed as the address says, and is walked by keyboard", async () => {
    await show("view=list");
    const names = (): Promise<string[]> => page.locator(".objects [data-key] .link").evaluateAll((links) => links.map((link) => link.textContent!));
    await choose("Kind", "Service");
    await choose("Kind", "ConfigMap");
    await shows("the chosen kinds, by kind", names, ["settings", "api", "web"]);
    const head = page.locator("[role=columnheader].in-name");
    await head.getByRole("button").click();
    await head.getByRole("button").click();
    await page.locator("[role=columnheader].in-name[aria-sort=descending]").waitFor();
    const wanted = ["web", "settings", "api"];
    await shows("them the other way round, by name", names, wanted);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ view: "list", resource: "kind:Service,kind:ConfigMap", order: "-name" });
    await page.reload();
    await shows("the same after loading it again", names, wanted);
    await page.locator(".objects [role=row][tabindex='0']").focus();
    await press("End", /api$/);
    await press("Home", /web$/);
    await press("ArrowDown", /settings$/);
    await press("ArrowUp", /web$/);
    await page.keyboard.press("Enter");
    await opened("Service", /web/);
    await page.getByRole("button", { name: "Show all" }).click();
    await page.keyboard.press("/");
    await page.keyboard.type("REPORTS");
    await until("only what is called so", names, (seen) => (seen.length >= 3 && seen.every((name) => name.startsWith("reports"))) || { notYet: seen.join() }, 10_000);
    await page.locator(".objects [role=row]", { hasText: "Deployment" }).locator("[data-state=Progressing]").waitFor();
    await page.locator(".objects [role=row]", { hasText: "Pod" }).getByText("reports:broken").waitFor();
  }, 120_000);
});
