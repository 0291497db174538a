import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { controlPlaneObstacle } from "../support/control-plane.ts";
import type { ClusterKind } from "../support/stack.ts";
import { makeBed, type Bed, type Options } from "./bed.ts";
import { machine, type Measurement } from "./measure.ts";
import { findBrowser } from "../support/browser.ts";
import { pageFigures } from "./page/figures.ts";
import { analysis } from "./scenarios/analysis.ts";
import { blueGreen } from "./scenarios/blue-green.ts";
import { coldSync } from "./scenarios/cold-sync.ts";
import { drift } from "./scenarios/drift.ts";
import { list } from "./scenarios/list.ts";
import { probes } from "./scenarios/probes.ts";
import { serverFigures } from "./server/figures.ts";
import { rollback } from "./scenarios/rollback.ts";
import { webhook } from "./scenarios/webhook.ts";
import { table } from "./table.ts";

const usage = `npm run bench -- [options]

  --cluster dev|real|both   default both; real needs Go or KUBEBUILDER_ASSETS
  --apps N                  applications in the one repository (default 100)
  --trials N                timed commits and drifts (default 20)
  --listed N                applications that are listed (default 1000)
  --page-minutes N          how long events come while the page's memory is looked at (default 3; 30 for the whole of it)
  --only NAME,…             server (the API server alone), page (in Chromium), probes, cold-sync, webhook, drift, list, analysis, blue-green, rollback
                            (cold-sync is always run: the others stand on it)
  --json FILE               also write every sample there
  --cpu-profiles FOLDER     write a CPU profile of each service there

Goals are for a real control plane on two cores that it shares with everything else here. Argo CD's figures were
measured on such a machine. "bound here" is what the API server and the Git server alone take for it, computed from
this run's probes or, for promotions, from the same writes made by hand, so that a busy machine shows. Nothing is
asserted.`;

/** What stands on a product, or a part of one, of its own. */
const ALONE = ["server", "page"];

/** In this order: each leaves what the next one stands on. */
const scenarios: [string, (bed: Bed) => Promise<Measurement[]>][] = [
  ["probes", probes],
  ["cold-sync", coldSync],
  ["webhook", webhook],
  ["drift", drift],
  ["list", list],
  ["analysis", analysis],
  ["blue-green", blueGreen],
  ["rollback", rollback],
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { cluster: { type: "string", default: "both" }, apps: { type: "string", default: "100" }, trials: { type: "string", default: "20" }, listed: { type: "string", default: "1000" }, "page-minutes": { type: "string", default: "3" }, only: { type: "string" }, json: { type: "string" }, "cpu-profiles": { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return say(usage);
  const all = [...ALONE, ...scenarios.map(([name]) => name)];
  const chosen = values.only?.split(",") ?? all;
  const unknown = chosen.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(", ")}; there are ${all.join(", ")}`);

  say(machine());
  const results: Record<string, { kubernetes: string; measurements: Measurement[] }> = {};
  for (const cluster of clusters(values.cluster)) {
    const obstacle = cluster === "real" ? controlPlaneObstacle() : undefined;
    if (obstacle !== undefined) {
      say(`\nskipped: the real control plane: ${obstacle}`);
      continue;
    }
    const options: Options = { cluster, apps: count("--apps", values.apps), trials: count("--trials", values.trials), warmUps: 3, listed: count("--listed", values.listed), ...(values["cpu-profiles"] && { cpuProfiles: path.resolve(values["cpu-profiles"], cluster) }), say };
    results[cluster] = await measure(options, chosen);
  }
  if (chosen.includes("page")) results["page"] = { kubernetes: "", measurements: await pageOf(clusters(values.cluster)[0]!, count("--page-minutes", values["page-minutes"])) };
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ machine: machine(), results }, null, 2));
}

async function measure(options: Options, chosen: readonly string[]): Promise<{ kubernetes: string; measurements: Measurement[] }> {
  const alone = chosen.includes("server") ? await serverOf(options) : [];
  if (chosen.every((name) => ALONE.includes(name))) {
    if (alone.length > 0) say(`\n${titles[options.cluster]}\n\n${table(alone)}`);
    return { kubernetes: "", measurements: alone };
  }
  say(`\nstarting the product on the ${options.cluster === "dev" ? "dev cluster" : "real control plane"}`);
  await using bed = await makeBed(options);
  const kubernetes = (await bed.client.discovery()).serverVersion.gitVersion;
  const measurements: Measurement[] = [...alone];
  for (const [name, run] of scenarios) {
    if (name !== "cold-sync" && !chosen.includes(name)) continue;
    say(`  ${name}`);
    try {
      measurements.push(...(await run(bed)));
    } catch (error) {
      // The rest may still be told; a scenario that failed has no figure.
      say(`  ${name} failed: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  say(`\n${titles[options.cluster]}, Kubernetes ${kubernetes}, ${options.apps} applications\n\n${table(measurements)}`);
  return { kubernetes, measurements };
}

async function serverOf(options: Options): Promise<Measurement[]> {
  say(`\nloading the API server of the ${titles[options.cluster].toLowerCase()}`);
  try {
    return await serverFigures(options.cluster);
  } catch (error) {
    say(`  server failed: ${(error as Error).message}`);
    process.exitCode = 1;
    return [];
  }
}

/** Once, whatever the clusters: the page is the same on each. */
async function pageOf(cluster: ClusterKind, minutes: number): Promise<Measurement[]> {
  const browser = await findBrowser();
  if ("reason" in browser) {
    say(`\nskipped: the page: ${browser.reason}`);
    return [];
  }
  say("\nlooking at the page");
  try {
    const measurements = await pageFigures({ cluster, executable: browser.executable, minutes, say });
    say(`\nThe page in Chromium\n\n${table(measurements)}`);
    return measurements;
  } catch (error) {
    say(`  page failed: ${(error as Error).message}`);
    process.exitCode = 1;
    return [];
  }
}

const titles = { dev: "Dev cluster", real: "Real control plane" } as const;

function clusters(name: string): ClusterKind[] {
  if (name === "both") return ["dev", "real"];
  if (name === "dev" || name === "real") return [name];
  throw new Error(`--cluster is dev, real or both, not ${JSON.stringify(name)}`);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above zero, got ${JSON.stringify(text)}`);
  return value;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
