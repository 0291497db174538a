import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { asAppError } from "@trireme/runtime";
import { controlPlaneBinaries, minorOf, wantedMinor } from "./binaries.ts";
import { startControlPlane } from "./control-plane.ts";
import { isAlive, kill, processesOf } from "./processes.ts";

const usage = `npm run control-plane -- up|down|status|build [--name NAME] [--no-controllers] [--version 1.36|1.34|vX.Y.Z]

  up       starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1
  down     ends them and removes their data (--all: every one that is up)
  status   what is up
  build    only makes the binaries, where they are missing

NAME (default "default") tells several apart. Binaries are built with Go once per version into the user's
cache folder, or taken from KUBEBUILDER_ASSETS.`;

/** What `up` leaves beside the data, so that `status` and `down` know it in another process. */
interface Summary {
  url: string;
  version: string;
  kubeconfig: string;
}

// A reader such as `head` may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${asAppError(error).message}\n`);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { name: { type: "string", default: "default" }, "no-controllers": { type: "boolean", default: false }, version: { type: "string" }, all: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
  });
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(values.name)) throw new Error(`--name must be lower-case letters, digits and "-", got "${values.name}"`);
  const [command, ...more] = positionals;
  if (values.help || more.length > 0) return print(usage);
  switch (command) {
    case "up":
      return up(values.name, { controllers: !values["no-controllers"], ...(values.version && { version: values.version }) });
    case "down":
      return values.all ? downAll() : down(values.name);
    case "status":
      return status();
    case "build":
      return build(values.version);
    default:
      process.exitCode = 2;
      return print(usage);
  }
}

async function up(name: string, options: { controllers: boolean; version?: string }): Promise<void> {
  const folder = path.join(stateFolder(), name);
  if (existsSync(folder)) {
    const state = await stateOf(name);
    if (state.missing.length === 0 && state.summary !== undefined) return print(`already up\n${report(name, state)}`);
    await remove(name);
  }
  await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
  const started = Date.now();
  const controlPlane = await startControlPlane({ dir: folder, detached: true, log: (line) => process.stderr.write(`${line}\n`), ...options });
  const summary: Summary = { url: controlPlane.url, version: controlPlane.version, kubeconfig: controlPlane.kubeconfig };
  await writeFile(path.join(folder, "summary.json"), JSON.stringify(summary));
  print(`up in ${((Date.now() - started) / 1000).toFixed(1)} s\n${report(name, await stateOf(name))}`);
}

async function down(name: string): Promise<void> {
  if (!existsSync(path.join(stateFolder(), name))) return print(`no control plane "${name}" is up`);
  await remove(name);
  print(`"${name}" is down, its data is removed`);
}

async function downAll(): Promise<void> {
  for (const name of await names()) await down(name);
}

async function status(): Promise<void> {
  const all = await names();
  if (all.length === 0) return print("no control plane is up");
  for (const name of all) print(report(name, await stateOf(name)));
}

async function build(version: string | undefined): Promise<void> {
  const minor = version === undefined ? wantedMinor() : minorOf(version);
  const binaries = await controlPlaneBinaries({ minor, controllers: true, log: (line) => process.stderr.write(`${line}\n`) });
  for (const file of Object.values(binaries)) print(file);
}

interface State {
  summary?: Summary;
  alive: { name: string; pid: number }[];
  missing: string[];
}

async function stateOf(name: string): Promise<State> {
  const folder = path.join(stateFolder(), name);
  const processes = await processesOf(folder);
  const summary = await readFile(path.join(folder, "summary.json"), "utf8").then((text) => JSON.parse(text) as Summary, () => undefined);
  return { ...(summary && { summary }), alive: processes.filter(isAlive), missing: processes.filter((one) => !isAlive(one)).map((one) => one.name) };
}

function report(name: string, state: State): string {
  const lines = [`${name}: ${state.summary ? `Kubernetes ${state.summary.version} at ${state.summary.url}` : "did not finish starting"}`];
  for (const one of state.alive) lines.push(`  ${one.name} (process ${one.pid})`);
  for (const gone of state.missing) lines.push(`  ${gone} has ended; see ${path.join(stateFolder(), name, `${gone}.log`)}`);
  if (state.summary) lines.push(`  kubeconfig: ${state.summary.kubeconfig}`);
  return lines.join("\n");
}

async function remove(name: string): Promise<void> {
  const folder = path.join(stateFolder(), name);
  await Promise.all((await processesOf(folder)).map(kill));
  await rm(folder, { recursive: true, force: true });
  if ((await names()).length === 0) await rm(stateFolder(), { recursive: true, force: true });
}

async function names(): Promise<string[]> {
  const entries = await readdir(stateFolder(), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

function stateFolder(): string {
  return path.join(process.env["XDG_STATE_HOME"] || path.join(os.homedir(), ".local", "state"), "trireme", "control-plane");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
