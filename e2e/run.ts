import { spawn } from "node:child_process";
import { appendFileSync, existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { randomInt } from "node:crypto";
import os from "node:os";
import path from "node:path";
import { ensureTools } from "@trireme/launcher";
import { describeStack, startStack, type ClusterKind } from "./support/stack.ts";
import { controlPlaneObstacle } from "./support/control-plane.ts";

/**
 * Runs the project's tests and ends with one line, `N passed, N failed[, N skipped]`.
 *   test              unit and contract tests, then the end-to-end tests on the dev cluster, long suites sampled
 *   e2e [--cluster dev|real] [PATTERN…]   the end-to-end tests alone
 *   full              everything, unsampled, on both clusters
 * `--seed N` repeats a sample.
 * With `CI=true` a file that failed is played once more by itself, on a product of its own; what passes only then is
 * named as such: a busy machine is told from a broken change, and neither is hidden.
 */
interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

interface Outcome extends Totals {
  /** Files with a failed test, or that could not be loaded, with how many failed in each. */
  failedFiles: ReadonlyMap<string, number>;
}

/** End-to-end tests wait more than they work, so that two at a time suit two cores; on a single one they take turns. */
const WORKERS = Math.min(2, os.availableParallelism());

/** Counts that a slow neighbour changes: progress that lasts is written, and what takes long is asked for again. */
const ALONE = ["e2e/tests/counts.test.ts"];

/** More than so many broken files are no accident. */
const MOST_SECOND_TRIES = 6;

const root = path.resolve(import.meta.dirname, "..");
const jest = path.join(root, "node_modules/jest/bin/jest.js");

async function main(): Promise<void> {
  const { mode, cluster, patterns, seed } = readArguments();
  const work = await mkdtemp(path.join(os.tmpdir(), "trireme-tests-"));
  const skips = path.join(work, "skips");
  await writeFile(skips, "");
  const tools = await ensureTools(say);
  const environment = { TRIREME_HELM_BINARY: tools.helm, TRIREME_KUSTOMIZE_BINARY: tools.kubectl, TRIREME_HELM3_BINARY: tools.helm3, TRIREME_TEST_SEED: String(seed), TRIREME_SKIPS_FILE: skips, ...(mode === "full" && { TRIREME_TEST_FULL: "1" }) };
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const add = (some: Totals): void => {
    totals.passed += some.passed;
    totals.failed += some.failed;
    totals.skipped += some.skipped;
  };
  say(mode === "full" ? "running everything, unsampled" : `long suites are sampled with seed ${seed} (npm run e2e:full runs them whole)`);
  // What the page's tests need is installed beside the unit tests, where it is missing.
  const browser = mode === "e2e" ? undefined : import("./support/browser.ts").then(({ findBrowser }) => findBrowser());
  try {
    if (mode !== "e2e") add(await tried((files) => runJest("unit and contract tests", { config: "jest.config.js", arguments: files.length > 0 ? ["--runInBand", ...files] : [`--maxWorkers=${WORKERS}`] }, environment, work)));
    await browser;
    for (const kind of mode === "full" ? (["dev", "real"] as const) : [cluster]) add(await tried((files) => endToEnd(kind, files.length > 0 ? files : patterns, environment, work, mode === "e2e")));
    const reasons = [...new Set((await readFile(skips, "utf8")).split("\n").filter(Boolean))];
    for (const reason of reasons) say(`skipped: ${reason}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  report(mode, cluster, totals);
  process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);
}

/** One run; in continuous integration the failed files once more. */
async function tried(run: (files: readonly string[]) => Promise<Outcome>): Promise<Totals> {
  const first = await run([]);
  const files = [...first.failedFiles.keys()];
  if (process.env["CI"] !== "true" || first.failed === 0 || files.length === 0 || files.length > MOST_SECOND_TRIES) return first;
  say(`once more, by themselves: ${files.map((file) => path.relative(root, file)).join(", ")}`);
  const second = await run(files.map(exactly));
  for (const file of files) if (!second.failedFiles.has(file)) say(`failed first, passed by itself: ${path.relative(root, file)}`);
  const mended = [...first.failedFiles].reduce((sum, [file, failed]) => sum + (second.failedFiles.has(file) ? 0 : failed), 0);
  return { passed: first.passed + mended, failed: first.failed - mended, skipped: first.skipped };
}

/** The last line; inside a larger run, whose last line is the total of all, a note and a line in its file. */
function report(mode: string, cluster: ClusterKind, { passed, failed, skipped }: Totals): void {
  const file = process.env["TRIREME_TOTALS_FILE"];
  const text = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  if (file === undefined) return void process.stdout.write(`\n${text}\n`);
  say(`${mode === "e2e" ? `end-to-end tests on the ${cluster} cluster` : `npm run ${mode}`}: ${text}`);
  appendFileSync(file, `${mode} ${passed} ${failed} ${skipped}\n`);
}

async function endToEnd(cluster: ClusterKind, patterns: readonly string[], environment: Record<string, string>, work: string, asked: boolean): Promise<Outcome> {
  if (cluster === "real") {
    const obstacle = controlPlaneObstacle();
    if (obstacle !== undefined) {
      if (asked) throw new Error(obstacle);
      say(`skipped: end-to-end tests on the real control plane: ${obstacle}`);
      return { passed: 0, failed: 0, skipped: 1, failedFiles: new Map() };
    }
  }
  say(`starting the product on the ${cluster === "dev" ? "dev cluster" : "real control plane"}`);
  await using stack = await startStack({ cluster });
  const description = path.join(work, `stack-${cluster}.json`);
  await describeStack(stack, description);
  const play = (what: string, given: readonly string[]) => runJest(`${what} on the ${cluster} cluster`, { config: "e2e/jest.config.js", arguments: given }, { ...environment, TRIREME_E2E_STACK: description, TRIREME_E2E_CLUSTER: cluster }, work);
  const totals =
    patterns.length > 0
      ? await play("end-to-end tests", ["--runInBand", ...patterns])
      : together(
          await play("end-to-end tests", [`--maxWorkers=${WORKERS}`, "--testPathIgnorePatterns", "/node_modules/", ...ALONE.map(exactly)]),
          await play("end-to-end tests that count, by themselves,", ["--runInBand", ...ALONE.map(exactly)]),
        );
  if (totals.failed > 0) say(`logs of the processes: ${await keepLogs(stack.logs, cluster)}`);
  return totals;
}

function together(one: Outcome, other: Outcome): Outcome {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped, failedFiles: new Map([...one.failedFiles, ...other.failedFiles]) };
}

/** A pattern for one file, absolute or below the root. */
function exactly(file: string): string {
  return `^${path.resolve(root, file).replaceAll(/[.+*?^$()[\]{}|]/g, "\\$&")}$`;
}

async function keepLogs(logs: string, cluster: string): Promise<string> {
  const { cp } = await import("node:fs/promises");
  const kept = path.join(os.tmpdir(), `trireme-e2e-logs-${cluster}-${process.pid}`);
  await cp(logs, kept, { recursive: true });
  return kept;
}

async function runJest(what: string, run: { config: string; arguments: readonly string[] }, environment: Record<string, string>, work: string): Promise<Outcome> {
  say(what);
  const result = path.join(work, "result.json");
  const child = spawn(process.execPath, ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", jest, "-c", path.join(root, run.config), "--json", "--outputFile", result, "--forceExit", ...run.arguments], { cwd: root, env: { ...process.env, ...environment, NODE_OPTIONS: "" }, stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (!existsSync(result)) return { passed: 0, failed: 1, skipped: 0, failedFiles: new Map() };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(await readFile(result, "utf8")) as JestResult;
  await rm(result);
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const failedFiles = new Map(testResults.filter((file) => file.status === "failed").map((file) => [file.name, Math.max(1, file.assertionResults.filter((test) => test.status === "failed").length)]));
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: numPendingTests + numTodoTests, failedFiles };
}

interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

function readArguments(): { mode: "test" | "e2e" | "full"; cluster: ClusterKind; patterns: string[]; seed: number } {
  const [mode, ...rest] = process.argv.slice(2);
  if (mode !== "test" && mode !== "e2e" && mode !== "full") throw new Error(`the first argument is test, e2e or full, not ${mode}`);
  let cluster: ClusterKind = "dev";
  let seed = randomInt(1, 1_000_000);
  const patterns: string[] = [];
  while (rest.length > 0) {
    const argument = rest.shift()!;
    if (argument === "--cluster") {
      const value = rest.shift();
      if (value !== "dev" && value !== "real") throw new Error(`--cluster is dev or real, not ${value}`);
      cluster = value;
    } else if (argument === "--seed") seed = Number(rest.shift());
    else patterns.push(argument);
  }
  return { mode, cluster, patterns, seed };
}

function say(line: string): void {
  process.stdout.write(`== ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  report(process.argv[2] ?? "run", "dev", { passed: 0, failed: 1, skipped: 0 });
  process.exit(1);
});
