import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { createKubeClient, loadKubeconfig, type KubeClient } from "@trireme/kube";
import { Api, healthIs, phaseIs } from "../../support/api.ts";
import { launch, openWindow, signInto, type Window } from "../../support/browser.ts";
import { Repository } from "../../support/repository.ts";
import { startStack, type ClusterKind, type OwnStack } from "../../support/stack.ts";
import { until } from "../../support/until.ts";
import { inParallel, percentile, type Measurement } from "../measure.ts";
import { aliveIn, giveClock, timeToFilter, timeToPaint } from "./clock.ts";
import { bigTreeFiles, pageAppName, shownApplication, TEAMS } from "./workload.ts";

export interface PageOptions {
  cluster: ClusterKind;
  /** Chromium. */
  executable: string;
  /** How long events come while memory is looked at. */
  minutes: number;
  say: (line: string) => void;
}

const FEW = 1000;
const MANY = 10_000;
const NODES = 2000;
const SAMPLES = 15;
const EVENTS_PER_SECOND = 50;
/** How much slower than with few applications it may be with many. */
const GROWTH = 1.3;
const GOALS = { rows: 400, filter: 50, tree: 500, scriptKB: 250, memoryMB: 3 };

/** The page in a real browser, on a product that has nothing else to do: when people see what they came for. */
export async function pageFigures(options: PageOptions): Promise<Measurement[]> {
  await using made = new AsyncDisposableStack();
  const stack = made.use(await startStack({ cluster: options.cluster }));
  const cluster = createKubeClient({ connection: await loadKubeconfig(stack.kubeconfig) });
  made.defer(() => cluster.close());
  const chromium = await launch(options.executable);
  made.defer(() => chromium.close());
  const api = await Api.signIn(stack);
  const bed = { stack, cluster, chromium, api };

  options.say(`  ${FEW} applications`);
  await show(bed, 0, FEW);
  const few = await listFigures(bed, FEW);
  const script = await scriptFigure(bed);
  const delay = await delayFigure(bed);
  options.say(`  ${EVENTS_PER_SECOND} events a second`);
  const memory = await memoryFigure(bed, options.minutes);
  options.say(`  ${MANY} applications`);
  await show(bed, FEW, MANY);
  const many = await listFigures(bed, MANY, few);
  options.say(`  a tree of ${NODES} nodes`);
  const tree = await treeFigures(bed);
  return [script, ...few, ...many, ...tree, delay, memory];
}

interface PageBed {
  stack: OwnStack;
  cluster: KubeClient;
  chromium: Browser;
  api: Api;
}

async function show({ cluster, api }: PageBed, from: number, to: number): Promise<void> {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  await inParallel(indexes, 8, (index) => cluster.create(shownApplication(index)));
  await until("the server to know them", async () => (await api.must("GET", `/api/v1/applications/${pageAppName(to - 1)}`)).status, (status) => status === 200 || { notYet: String(status) }, 60_000);
}

async function visit({ chromium, stack }: PageBed): Promise<Window> {
  const window = await openWindow(chromium, { viewport: { width: 1440, height: 900 } });
  window.page.setDefaultTimeout(120_000);
  await giveClock(window.page);
  await signInto(window.page, stack);
  return window;
}

/** @param few what it took with few. */
async function listFigures(bed: PageBed, count: number, few?: readonly Measurement[]): Promise<Measurement[]> {
  const { page, close } = await visit(bed);
  const rows: number[] = [];
  for (let index = -3; index < SAMPLES; index++) {
    const at = await timeToPaint(page, `${bed.stack.url}/applications?view=list`, "document.querySelector('[data-app]') !== null");
    if (index >= 0) rows.push(at);
  }
  const number = (of: number): string => `${of} `;
  await page.evaluate(`painted(() => document.querySelector(".count")?.textContent.startsWith(${JSON.stringify(number(count))}))`);
  const filter: number[] = [];
  for (let index = -2; index < SAMPLES; index++) {
    const at = await timeToFilter(page, `team=team-${(index + 2) % TEAMS}`, number(count / TEAMS));
    if (index >= 0) filter.push(at);
    await timeToFilter(page, "", number(count));
  }
  await close();
  const name = count.toLocaleString("en");
  const growth = (samples: number[], of: number): Pick<Measurement, "note"> => (few === undefined ? {} : { note: `${(percentile(samples, 0.5) / percentile(few[of]!.samples, 0.5)).toFixed(1)} times of ${FEW.toLocaleString("en")}` });
  const goal = (of: number): number => (few === undefined ? of : of * GROWTH);
  return [
    { scenario: `page: navigation → first rows of ${name} applications painted`, samples: rows, unit: "ms", goal: goal(GOALS.rows), ...growth(rows, 0) },
    { scenario: `page: a filter typed → its ${(count / TEAMS).toLocaleString("en")} of ${name} painted`, samples: filter, unit: "ms", goal: goal(GOALS.filter), ...growth(filter, 1) },
  ];
}

/** What a browser that never was here loads before it shows the list. */
async function scriptFigure({ chromium, stack }: PageBed): Promise<Measurement> {
  const { page, close } = await openWindow(chromium);
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => void (request.resourceType() === "script" && sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))));
  await signInto(page, stack);
  await page.locator("[data-app]").first().waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await close();
  return { scenario: "page: script of the first load, compressed", samples: [bytes / 1000], unit: "kB", goal: GOALS.scriptKB, note: `${sizes.length} files` };
}

/** One browser changes an application; another one that shows it has painted the change. */
async function delayFigure(bed: PageBed): Promise<Measurement> {
  const [mine, theirs] = [await visit(bed), await visit(bed)];
  const name = pageAppName(0);
  await theirs.page.goto(`${bed.stack.url}/applications?view=list&search=${name}`);
  await theirs.page.locator(`[data-app=${name}]`).waitFor();
  const samples: number[] = [];
  const answers: number[] = [];
  for (let index = -2; index < SAMPLES; index++) {
    const revision = `round-${index + 2}`;
    const [seen, { begun, answered }] = (await Promise.all([
      theirs.page.evaluate(`painted(() => document.querySelector("[data-app=${name}] .cell-source small")?.textContent.includes("${revision} ")).then((at) => performance.timeOrigin + at)`),
      mine.page.evaluate(`(async () => {
        const app = await (await fetch("api/v1/applications/${name}")).json();
        app.spec.source.targetRevision = "${revision}";
        const begun = performance.timeOrigin + performance.now();
        const answer = await fetch("api/v1/applications/${name}?validate=false", { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(app) });
        if (!answer.ok) throw new Error(await answer.text());
        return { begun, answered: performance.timeOrigin + performance.now() };
      })()`),
    ])) as [number, { begun: number; answered: number }];
    if (index < 0) continue;
    samples.push(seen - begun);
    answers.push(answered - begun);
  }
  await mine.close();
  await theirs.close();
  return { scenario: "page: a change in one browser → painted in another", samples, unit: "ms", note: `the change was answered after ${percentile(answers, 0.5).toFixed(0)} ms` };
}

/** What a list that is looked at has gained after all that happened to its applications. */
async function memoryFigure(bed: PageBed, minutes: number): Promise<Measurement> {
  const { page, close } = await visit(bed);
  await page.goto(`${bed.stack.url}/applications?view=list&sort=health`);
  await page.locator("[data-app]").first().waitFor();
  // What is made once is made in the first round.
  await events(bed, 20);
  const before = await settled(bed, page, "before");
  const sent = await events(bed, minutes * 60);
  const after = await settled(bed, page, "after");
  await close();
  const text = ({ megabytes, nodes }: { megabytes: number; nodes: number }): string => `${megabytes.toFixed(1)} MB and ${nodes.toLocaleString("en")} nodes`;
  return { scenario: `page: memory gained in ${minutes} minutes of ${EVENTS_PER_SECOND} events a second`, samples: [after.megabytes - before.megabytes], unit: "MB", goal: GOALS.memoryMB, note: `${text(before)} before, ${text(after)} after ${sent.toLocaleString("en")} events` };
}

/** Once the page shows the last change. */
async function settled(bed: PageBed, page: Page, round: string): Promise<{ megabytes: number; nodes: number }> {
  await bed.cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: pageAppName(1) }, "merge", { status: { health: { status: "Degraded" } }, spec: { source: { targetRevision: round } } });
  await page.locator("[data-app=" + pageAppName(1) + "]").getByText(round).waitFor();
  return aliveIn(page);
}

/** Changes one application after another, evenly over the time. Returns how many changes there were. */
async function events({ cluster }: PageBed, seconds: number): Promise<number> {
  const begun = performance.now();
  const count = seconds * EVENTS_PER_SECOND;
  const healths = ["Progressing", "Degraded", "Healthy"];
  for (let index = 0; index < count; index += EVENTS_PER_SECOND / 10) {
    await Promise.all(Array.from({ length: EVENTS_PER_SECOND / 10 }, (_, beside) => {
      const number = index + beside;
      return cluster.patch({ group: "argoproj.io", kind: "Application", namespace: "argocd", name: pageAppName(number % FEW) }, "merge", { status: { health: { status: healths[Math.floor(number / FEW + number) % healths.length] }, reconciledAt: new Date().toISOString() } });
    }));
    await pause(Math.max(0, begun + ((index + EVENTS_PER_SECOND / 10) * 1000) / EVENTS_PER_SECOND - performance.now()));
  }
  return count;
}

/** An application of many objects: from navigation until its tree is painted, grouped as it comes and every object by itself. */
async function treeFigures(bed: PageBed): Promise<Measurement[]> {
  const { api, stack } = bed;
  await using repository = await Repository.create(stack, "big", bigTreeFiles(NODES));
  await api.must("POST", "/api/v1/repositories", { type: "git", repo: repository.url, username: stack.git.user, password: stack.git.token });
  await api.must("POST", "/api/v1/applications", { metadata: { name: "big" }, spec: { project: "default", source: { repoURL: repository.url, path: "big", targetRevision: "main" }, destination: { server: "https://kubernetes.default.svc", namespace: "big" }, syncPolicy: { syncOptions: ["CreateNamespace=true"] } } });
  await api.must("POST", "/api/v1/applications/big/sync", { name: "big" });
  await until("the big application to be there", () => api.app("big"), (app) => [phaseIs("Succeeded")(app), healthIs("Healthy")(app)].find((verdict) => verdict !== true) ?? true, 300_000);
  const { body } = await api.must("GET", "/api/v1/applications/big/resource-tree");
  const note = `${body.nodes.length.toLocaleString("en")} nodes`;
  const measurements: Measurement[] = [];
  for (const [what, groups] of [["as it comes", "auto"], ["each object by itself", "none"]] as const) {
    const { page, close } = await visit(bed);
    await page.evaluate(`localStorage.setItem("trireme.tree-groups", ${JSON.stringify(groups)})`);
    const samples: number[] = [];
    for (let index = -2; index < SAMPLES; index++) {
      const at = await timeToPaint(page, `${stack.url}/applications/argocd/big`, "document.querySelectorAll('.graph-card').length > 1");
      if (index >= 0) samples.push(at);
    }
    await close();
    measurements.push({ scenario: `page: navigation → tree painted, ${what}`, samples, unit: "ms", goal: GOALS.tree, note });
  }
  return measurements;
}
