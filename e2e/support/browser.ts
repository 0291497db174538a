import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import axe from "axe-core";
import { describeUnless } from "./sample.ts";
import { clusterKind } from "./stack.ts";

const run = promisify(execFile);
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const INSTALL_MS = 8 * 60_000;

/** Where Chromium is, installed from Debian's packages where that is possible; else the reason why there is none. */
export async function findBrowser(): Promise<{ executable: string } | { reason: string }> {
  const found = onPath();
  if (found !== undefined) return { executable: found };
  if (process.getuid?.() !== 0) return { reason: "there is no Chromium on PATH, and only root could install it with apt-get" };
  try {
    await run("apt-get", ["update", "-qq"], { timeout: INSTALL_MS });
    await run("apt-get", ["install", "-y", "-qq", "-o", "DPkg::Lock::Timeout=480", "--no-install-recommends", "chromium", "fonts-dejavu-core", "fonts-noto-cjk"], { timeout: INSTALL_MS, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  } catch (error) {
    return { reason: `there is no Chromium on PATH, and apt-get could not install it: ${(error as Error).message.split("\n")[0]}` };
  }
  const installed = onPath();
  return installed === undefined ? { reason: "apt-get installed chromium, which is not on PATH all the same" } : { executable: installed };
}

function onPath(): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    for (const name of NAMES) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

export function launch(executable: string): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

/** `describe` for tests of the page, where there is a Chromium; they get how to start one, and close what they start. */
export async function describePage(name: string, body: (start: () => Promise<Browser>) => void): Promise<void> {
  const browser = clusterKind === "dev" ? await findBrowser() : { reason: "the page is the same on every cluster; its tests run on the dev cluster" };
  if ("reason" in browser) describeUnless(browser.reason, name, () => body(() => Promise.reject(new Error(browser.reason))));
  else describe(name, () => body(() => launch(browser.executable)));
}

/** One browser window with what went wrong in it. */
export interface Window {
  page: Page;
  /** Page errors, console errors and violations of the content security policy. A test ends with none. */
  complaints: string[];
  close(): Promise<void>;
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  watchPage(page, complaints);
  await page.addInitScript({ content: "document.addEventListener('securitypolicyviolation', (event) => console.error('content security policy:', event.violatedDirective, event.blockedURI, event.sample));" });
  return { page, complaints, close: () => context.close() };
}

/** Notes what goes wrong in a page. */
export function watchPage(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    // A refused request is told by the page itself; Chromium notes it a second time.
    if ((message.type() === "error" || message.type() === "warning") && !/^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text())) complaints.push(`console ${message.type()}: ${message.text()}`);
  });
}

/** What axe finds that is serious or critical, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Colours that are on their way to others are neither; one that is held on its way for ever is waited for no longer.
  await page.evaluate("Promise.race([new Promise((resolve) => setTimeout(resolve, 2000)), Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getComputedTiming().iterations !== Infinity).map(({ finished }) => finished))]).then(() => undefined)");
  // Through the debugger: the page's own policy lets no other script in.
  await page.evaluate(axe.source);
  // Nor does it let axe fetch the style sheets of others.
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'], preload: false })")) as { violations: { id: string; impact: string; help: string; nodes: { html: string; failureSummary?: string }[] }[] };
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary = "" }) => `${html.slice(0, 200)} (${failureSummary.replaceAll(/\s+/g, " ").slice(0, 300)})`).join(" | ")}`);
}

/** Signs in as people do. */
export async function signInto(page: Page, stack: { url: string; adminPassword: string }, username = "admin"): Promise<void> {
  await page.goto(`${stack.url}/login`);
  await page.locator("input[name=username]").fill(username);
  await page.locator("input[name=password]").fill(stack.adminPassword);
  await page.locator("button[type=submit]").click();
  await page.locator("#content").waitFor();
}
