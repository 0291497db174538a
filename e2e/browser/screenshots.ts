import { mkdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { findBrowser, launch, openWindow, signInto, type Window } from "../support/browser.ts";
import { Api, healthIs, syncIs } from "../support/api.ts";
import { Repository } from "../support/repository.ts";
import { startStack, type Stack } from "../support/stack.ts";
import { until } from "../support/until.ts";

/**
 * `npm run screenshots [-- --out FOLDER]`: starts the product with something to look at and takes the main views, light
 * and dark, wide and narrow.
 */
const { values } = parseArgs({ options: { out: { type: "string", default: "screenshots" }, language: { type: "string", default: "en-GB" } } });
const out = path.resolve(process.env["TRIREME_INVOKED_FROM"] ?? process.cwd(), values.out);
const SIZES = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];
const VIEWS: { name: string; path: string; ready: string }[] = [
  { name: "applications", path: "/applications", ready: "[data-app=shop]" },
  { name: "create", path: "/applications?new=true", ready: "[role=dialog] form" },
  { name: "application", path: "/applications/argocd/blog", ready: ".graph-card, .tree-row" },
  { name: "sync", path: "/applications/argocd/blog?deploy=all", ready: "[role=dialog] fieldset" },
  { name: "object", path: "/applications/argocd/blog?node=apps%2FDeployment%2Fblog%2Fweb", ready: "[role=tabpanel] .facts" },
  { name: "diff", path: "/applications/argocd/blog?panel=diff", ready: "[data-testid=diff] .cm-content" },
  { name: "history", path: "/applications/argocd/blog?panel=history&entry=0", ready: "[data-entry]" },
  { name: "logs", path: "/applications/argocd/blog?node=apps%2FDeployment%2Fblog%2Fweb&tab=logs", ready: ".log-line" },
  { name: "canary", path: "/applications/argocd/shop", ready: ".steps" },
  { name: "rolled-back", path: "/applications/argocd/cart", ready: ".rolled-back" },
  { name: "repositories", path: "/settings/repos", ready: "[data-repo]" },
  { name: "connect", path: "/settings/repos?addRepo=true", ready: "[role=dialog] form" },
  { name: "settings", path: "/settings", ready: ".card" },
];

const deployment = (image: string, replicas = 2): string => workload("apps/v1", "Deployment", image, replicas);
const rollout = (image: string): string => `${workload("argoproj.io/v1alpha1", "Rollout", image, 5)}  strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}, {setWeight: 60}, {pause: {}}]}}\n`;
const service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";

function workload(apiVersion: string, kind: string, image: string, replicas: number): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web}\nspec:\n  replicas: ${replicas}\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: "${image}"}]}\n`;
}

async function somethingToLookAt(stack: Stack): Promise<void> {
  const api = await Api.signIn(stack);
  const repository = await Repository.create(stack, "platform", { "shop/web.yaml": rollout("example/shop:1.4.0"), "shop/service.yaml": service, "blog/web.yaml": deployment("example/blog:7"), "blog/service.yaml": service, "cart/web.yaml": deployment("example/cart:2.0"), "docs/web.yaml": deployment("example/docs:1", 1), "search/web.yaml": deployment("example/search:3", 1) });
  await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
  const create = (name: string, automated: boolean) =>
    api.must("POST", "/api/v1/applications", { metadata: { name, annotations: { "trireme.dev/rollback-grace": "2s" } }, spec: { project: "default", source: { repoURL: repository.url, path: name, targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: name }, syncPolicy: { ...(automated && { automated: { prune: true } }), syncOptions: ["CreateNamespace=true"] } } });
  for (const name of ["shop", "cart", "docs"]) await create(name, true);
  for (const name of ["blog", "search"]) await create(name, false);
  await api.becomes("search", syncIs("OutOfSync"));
  await api.must("POST", "/api/v1/applications/blog/sync", { name: "blog" });
  for (const name of ["shop", "cart", "docs", "blog"]) await api.becomes(name, syncIs("Synced"), healthIs("Healthy"));
  const releases = async (name: string): Promise<any> => (await api.must("GET", `/api/trireme/v1/applications/${name}/releases`)).body;
  await until("cart to be proven", () => releases("cart"), ({ proven }) => (proven ?? []).length > 0 || { notYet: "not proven" }, 60_000);
  await repository.push("Next release", { "shop/web.yaml": rollout("example/shop:1.5.0"), "cart/web.yaml": deployment("example/cart:broken"), "blog/web.yaml": deployment("example/blog:8", 3) });
  for (const name of ["shop", "cart", "blog"]) await api.must("GET", `/api/v1/applications/${name}?refresh=normal`);
  await until("shop to wait", () => releases("shop"), ({ rollouts }) => rollouts?.[0]?.step?.number === 2 || { notYet: JSON.stringify(rollouts?.[0]?.step) }, 60_000);
  await until("cart to be rolled back", () => releases("cart"), ({ pinned }) => (pinned !== undefined && pinned !== null) || { notYet: "not pinned" }, 90_000);
  await repository[Symbol.asyncDispose]();
}

async function main(): Promise<void> {
  const browser = await findBrowser();
  if ("reason" in browser) throw new Error(browser.reason);
  await mkdir(out, { recursive: true });
  await using stack = await startStack({ cluster: "dev" });
  await somethingToLookAt(stack);
  const chromium = await launch(browser.executable);
  try {
    for (const viewport of SIZES) for (const colorScheme of ["light", "dark"] as const) await shootAll(await openWindow(chromium, { viewport, colorScheme, locale: values.language }), stack, `${colorScheme}-${viewport.width}`);
  } finally {
    await chromium.close();
  }
}

async function shootAll({ page, close }: Window, stack: Stack, variant: string): Promise<void> {
  const shoot = (name: string) => page.screenshot({ path: path.join(out, `${name}-${variant}.png`) });
  await page.goto(`${stack.url}/login`);
  await page.locator("input[name=password]").waitFor();
  await shoot("sign-in");
  await signInto(page, stack);
  for (const view of VIEWS) {
    await page.goto(stack.url + view.path);
    await page.locator(view.ready).first().waitFor();
    // What is asked for later stands there too; a stream never ends.
    await page.waitForLoadState("networkidle", { timeout: 2000 }).catch(() => undefined);
    await shoot(view.name);
  }
  await close();
}

main().then(
  () => {
    process.stdout.write(`${out}\n`);
    process.exit(0);
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exit(1);
  },
);
