import type { Browser, Page } from "playwright-core";
import { accessibilityProblems, describePage, openWindow, signInto } from "../support/browser.ts";
import { Api, healthIs, phaseIs, syncIs } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { sample } from "../support/sample.ts";
import { sharedStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

const NAME = "every-view";
const CANARY = "every-canary";
const PROJECT = "every-project";

const container = (image: string): string => `template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "${image}", ports: [{containerPort: 80}]}]}}`;
const FILES = {
  "app/web.yaml": `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  ${container("example/web:1")}\n`,
  "app/service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n",
  "app/ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web, annotations: {link.argocd.argoproj.io/guide: 'https://guide.example.com/'}}\nspec: {rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}\n",
  "app/migrate.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, annotations: {argocd.argoproj.io/hook: PreSync}}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: migrate, image: example/migrate}]}}}\n",
  "canary/web.yaml": `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec:\n  replicas: 4\n  selector: {matchLabels: {app: web}}\n  ${container("example/web:1")}\n  strategy: {canary: {steps: [{setWeight: 25}, {pause: {}}, {setWeight: 50}, {pause: {}}]}}\n`,
};

interface View {
  /** Below the page's root. */
  path: string;
  /** What stands there once it is complete. */
  ready: string;
  /** The key that opens what has no address. */
  key?: string;
}

const application = (query = "", name = NAME): string => `applications/argocd/${name}${query === "" ? "" : `?${query}`}`;
const object = (tab: string): string => application(`node=${encodeURIComponent(`apps/Deployment/${NAME}/web`)}${tab === "summary" ? "" : `&tab=${tab}`}`);
const DIALOG = "[role=dialog] .mantine-Drawer-body > *, [role=dialog] .mantine-Modal-body > *";

const VIEWS: View[] = [
  { path: "applications", ready: `[data-app=${NAME}]` },
  { path: "applications?search=nothing-is-called-so", ready: ".empty" },
  { path: "applications?new=true", ready: "[role=dialog] form" },
  ...Object.entries({ tree: ".graph-card", network: ".way-card", pods: ".pod-cell", list: ".objects [role=gridcell]", timeline: ".entry" }).map(([view, ready]) => ({ path: application(`view=${view}`), ready })),
  ...["diff", "operation", "history", "parameters", "details", "manifest", "events"].map((panel) => ({ path: application(`panel=${panel}`), ready: DIALOG })),
  { path: application("panel=history&entry=0"), ready: "[data-entry='0']" },
  ...["summary", "diff", "manifest", "events", "logs", "actions", "delete"].map((tab) => ({ path: object(tab), ready: "[role=tabpanel] > *" })),
  { path: application("deploy=all"), ready: "[role=dialog] fieldset" },
  { path: application("delete=true"), ready: DIALOG },
  { path: application("", CANARY), ready: "[data-rollout] .steps" },
  { path: application("", "nowhere"), ready: ".empty" },
  { path: application(), ready: ".palette-option", key: "Control+k" },
  { path: application("view=list"), ready: ".keys", key: "?" },
  { path: "settings", ready: ".door" },
  { path: "settings/repos", ready: "[data-repo]" },
  { path: "settings/repos?addRepo=true", ready: "[role=dialog] form" },
  { path: "settings/certs", ready: "#content h1" },
  { path: "settings/certs?add=https", ready: "[role=dialog] form" },
  { path: "settings/gpgkeys", ready: "#content h1" },
  { path: "settings/clusters", ready: "[data-cluster]" },
  { path: `settings/clusters/${encodeURIComponent("https://kubernetes.default.svc")}`, ready: "#content h1" },
  { path: "settings/projects", ready: `[data-project=${PROJECT}]` },
  { path: "settings/projects?add=true", ready: "[role=dialog] form" },
  { path: `settings/projects/${PROJECT}`, ready: "form, fieldset, .panel" },
  { path: "settings/accounts", ready: "#content li, #content tbody tr" },
  { path: "settings/accounts/admin", ready: "#content h1" },
  { path: "settings/appearance", ready: "[role=radiogroup]" },
  { path: "user-info", ready: ".right.yes" },
  { path: "nowhere", ready: ".empty" },
];

/** A phone, and a page at 200 % on a small laptop. */
const NARROW = [390, 640];

/** Every address and dialogue, in both languages, light and dark: for everybody to read, and never wider than the window. */
await describePage("every view of the page", (launch) => {
  let stack: Stack;
  let api: Api;
  let repository: Repository;
  let chromium: Browser;

  beforeAll(async () => {
    stack = await sharedStack();
    api = await Api.signIn(stack);
    repository = await Repository.create(stack, NAME, FILES);
    await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
    await api.must("POST", "/api/v1/projects", { project: { metadata: { name: PROJECT }, spec: { description: "For whom every view is looked at", sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }], roles: [{ name: "deployer", policies: [`p, proj:${PROJECT}:deployer, applications, sync, ${PROJECT}/*, allow`], groups: ["deployers"] }], syncWindows: [{ kind: "deny", schedule: "0 3 * * *", duration: "1h", applications: ["*"], manualSync: true }] } } });
    for (const [name, path] of [[NAME, "app"], [CANARY, "canary"]] as const) {
      await api.must("POST", "/api/v1/applications", { metadata: { name }, spec: { project: "default", source: { repoURL: repository.url, path, targetRevision: "HEAD" }, info: [{ name: "Runbook", value: "https://runbook.example.com/" }], destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });
      await api.must("POST", `/api/v1/applications/${name}/sync`, { name });
      await api.becomes(name, phaseIs("Succeeded"));
    }
    await api.becomes(CANARY, healthIs("Healthy"));
    await repository.push("Deploy the second, which cannot be run", { "app/web.yaml": FILES["app/web.yaml"].replace("web:1", "web:broken").replace("replicas: 2", "replicas: 3"), "canary/web.yaml": FILES["canary/web.yaml"].replace("web:1", "web:2") });
    for (const name of [NAME, CANARY]) await api.must("GET", `/api/v1/applications/${name}?refresh=normal`);
    await api.must("POST", `/api/v1/applications/${CANARY}/sync`, { name: CANARY });
    await api.becomes(NAME, syncIs("OutOfSync"));
    await until("the canary to wait", async () => (await api.must("GET", `/api/trireme/v1/applications/${CANARY}/releases`)).body.rollouts?.[0]?.step?.number, (number) => number === 2 || { notYet: String(number) }, 60_000);
    chromium = await launch();
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    for (const name of [NAME, CANARY]) await api?.call("DELETE", `/api/v1/applications/${name}?cascade=true`);
    await api?.call("DELETE", `/api/v1/projects/${PROJECT}`);
    await repository?.[Symbol.asyncDispose]();
  });

  it.each(["en-GB", "ko-KR"])("is read by everybody and fits every window: %s", async (locale) => {
    const { page, complaints, close } = await openWindow(chromium, { locale });
    // What is wrong -> where.
    const found: Record<string, string[]> = {};
    const note = (view: string, problems: readonly string[]): void => problems.forEach((problem) => (found[problem] ??= []).push(view));
    await page.goto(`${stack.url}/login`);
    await page.locator("input[name=password]").waitFor();
    note("login", await problemsOf(page));
    await signInto(page, stack);
    for (const { path, ready, key } of sample(VIEWS, 14, locale)) {
      await page.goto(`${stack.url}/${path}`);
      if (key !== undefined) {
        await page.locator("#content h1").waitFor();
        await page.keyboard.press(key);
      }
      const shown = await page.locator(ready).filter({ visible: true }).first().waitFor({ timeout: 15_000 }).then(() => true, () => false);
      note(path, complaints.splice(0));
      note(path, shown ? await problemsOf(page) : [`${ready} does not appear`]);
    }
    expect(found).toEqual({});
    expect(complaints).toEqual([]);
    await close();
  }, 600_000);
});

async function problemsOf(page: Page): Promise<string[]> {
  const found: string[] = [];
  const size = page.viewportSize()!;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: "attached" });
    if (await page.evaluate("document.getElementById('root').childElementCount === 0")) found.push(`${colorScheme}: there is nothing any more`);
    found.push(...(await accessibilityProblems(page)).map((problem) => `${colorScheme}: ${problem}`));
  }
  for (const width of NARROW) {
    await page.setViewportSize({ ...size, width });
    const wider = await page.evaluate<string[]>(WIDER);
    found.push(...wider.map((what) => `${width} px: ${what}`));
  }
  await page.setViewportSize(size);
  return found;
}

/** What reaches beyond the window's side, the page's own or that of a dialogue; what scrolls by itself may. */
const WIDER = `(() => {
  const root = document.documentElement;
  const outer = [root, ...document.querySelectorAll("[role=dialog], [role=dialog] .mantine-Drawer-body")].filter((element) => element.scrollWidth > element.clientWidth + 1);
  return outer.map((element) => {
    const inside = [...element.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).slice(0, 3);
    return (element === root ? "the page" : "the dialogue") + " is " + (element.scrollWidth - element.clientWidth) + " px too wide: " + inside.map((one) => one.outerHTML.slice(0, 160)).join(" | ");
  });
})()`;
