import { mkdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { findBrowser, launch, openWindow, signInto, type Window } from "../support/browser.ts";
import { NODES, setScene } from "../support/scenes.ts";
import { startStack, type Stack } from "../support/stack.ts";

/**
 * `npm run screenshots [-- --out FOLDER]`: starts the product with something to look at and takes the main views, light
 * and dark, wide and narrow.
 */
const { values } = parseArgs({ options: { out: { type: "string", default: "screenshots" }, language: { type: "string", default: "en-GB" } } });
const out = path.resolve(process.env["TRIREME_INVOKED_FROM"] ?? process.cwd(), values.out);
const SIZES = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];

interface View {
  name: string;
  path: string;
  /** What stands there once it is complete. */
  ready: string;
  /** What the picture begins with, where that is not the top of the page. */
  from?: string;
}

const VIEWS: View[] = [
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
  { name: "crashing", path: "/applications/argocd/worker", ready: ".why pre" },
  { name: "analysis", path: "/applications/argocd/checkout", ready: ".stopped[open] [data-metric] .trend", from: ".releases" },
  { name: "progress", path: "/applications/argocd/ledger", ready: "[data-progress]" },
  { name: "network", path: "/applications/argocd/storefront?view=network", ready: ".way-card", from: ".views" },
  { name: "pods", path: "/applications/argocd/orders?view=pods", ready: ".pod-cell", from: ".views" },
  { name: "list", path: "/applications/argocd/orders?view=list", ready: ".objects [role=gridcell]", from: ".views" },
  { name: "timeline", path: "/applications/argocd/cart?view=timeline", ready: ".entry", from: ".views" },
  { name: "repositories", path: "/settings/repos", ready: "[data-repo]" },
  { name: "connect", path: "/settings/repos?addRepo=true", ready: "[role=dialog] form" },
  { name: "settings", path: "/settings", ready: ".card" },
];

async function main(): Promise<void> {
  const browser = await findBrowser();
  if ("reason" in browser) throw new Error(browser.reason);
  await mkdir(out, { recursive: true });
  await using stack = await startStack({ cluster: "dev", nodes: NODES });
  await using _scene = await setScene(stack);
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
    // Below the bar that stays on top.
    if (view.from !== undefined) await page.evaluate(`scrollTo(0, document.querySelector(${JSON.stringify(view.from)}).getBoundingClientRect().top + scrollY - 56)`);
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
