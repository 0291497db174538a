import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "@trireme/launcher/folders";
import { AppError, Code } from "@trireme/runtime";

const run = promisify(execFile);
const here = import.meta.dirname;

export interface Binaries {
  etcd: string;
  apiServer: string;
  /** Absent where ready binaries were given without it and no Go is there to build it. */
  controllerManager?: string;
}

interface Tool {
  file: string;
  package: string;
}

const etcd: Tool = { file: "etcd", package: "go.etcd.io/etcd/server/v3" };
const apiServer: Tool = { file: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver" };
const controllerManager: Tool = { file: "kube-controller-manager", package: "k8s.io/kubernetes/cmd/kube-controller-manager" };

const BUILD_DEADLINE_MS = 45 * 60_000;

/** The minors that can be built, each by the go.mod of its folder; the first is what nobody has to ask for. */
export const minors = ["1.36", "1.34"] as const;
export type Minor = (typeof minors)[number];

/** The minor that the environment asks for (`TRIREME_KUBERNETES_MINOR`), else the first. */
export function wantedMinor(): Minor {
  const asked = process.env["TRIREME_KUBERNETES_MINOR"];
  if (asked === undefined || asked === "") return minors[0];
  return minorOf(asked);
}

/** `1.34` of `1.34`, `v1.34.4` or `1.34.4`. Fails with `ControlPlaneVersionUnknown` for what cannot be built. */
export function minorOf(version: string): Minor {
  const found = minors.find((minor) => minor === /^v?(\d+\.\d+)(\.\d+)?$/.exec(version)?.[1]);
  if (found === undefined) throw new AppError(`Kubernetes ${version} cannot be had; there are ${minors.join(" and ")}`, { reason: "ControlPlaneVersionUnknown", code: Code.InvalidArgument, retry: "never" });
  return found;
}

/**
 * The three binaries: those in `KUBEBUILDER_ASSETS` where it is set, the rest built with Go from the minor's
 * go.mod, once per version, into the user's cache folder.
 * Fails with `ControlPlaneBinariesMissing`, naming both ways, where neither is there.
 */
export async function controlPlaneBinaries(options: { minor: Minor; controllers: boolean; log: (line: string) => void }): Promise<Binaries> {
  const wanted = options.controllers ? [etcd, apiServer, controllerManager] : [etcd, apiServer];
  const assets = process.env["KUBEBUILDER_ASSETS"];
  const given = new Map(wanted.flatMap((tool) => (assets && existsSync(path.join(assets, tool.file)) ? [[tool, path.join(assets, tool.file)] as const] : [])));
  const missing = wanted.filter((tool) => !given.has(tool));
  const built = missing.length === 0 ? "" : await build(options.minor, missing, assets, options.log);
  const pathOf = (tool: Tool) => given.get(tool) ?? path.join(built, tool.file);
  return { etcd: pathOf(etcd), apiServer: pathOf(apiServer), ...(options.controllers && { controllerManager: pathOf(controllerManager) }) };
}

/** The Kubernetes version that a minor's go.mod builds, with its leading `v`. */
export async function kubernetesVersion(minor: Minor): Promise<string> {
  const file = path.join(here, minor, "go.mod");
  const version = /^(?:require)?\s+k8s\.io\/kubernetes (v\S+)/m.exec(await readFile(file, "utf8"))?.[1];
  if (version === undefined) throw new AppError(`${file} requires no version of k8s.io/kubernetes`, { reason: "ControlPlaneVersionUnknown", code: Code.FailedPrecondition, retry: "never" });
  return version;
}

async function build(minor: Minor, tools: readonly Tool[], assets: string | undefined, log: (line: string) => void): Promise<string> {
  const version = await kubernetesVersion(minor);
  const folder = path.join(cacheFolder(), "control-plane", `${version}-${process.arch === "x64" ? "amd64" : process.arch}`);
  const recipe = await recipeDigest(minor, version);
  const stale = (tool: Tool) => isStale(folder, tool, recipe);
  const anyStale = async () => (await Promise.all(tools.map(stale))).includes(true);

  if (!(await anyStale())) return folder;
  const go = await goCommand(tools, assets);
  await mkdir(folder, { recursive: true });
  await using _lock = await onlyOne(path.join(folder, "building.pid"), log);
  for (const tool of tools) {
    if (!(await stale(tool))) continue;
    log(`building ${tool.file} for Kubernetes ${version} into ${folder} (a few minutes, once)`);
    await goBuild(go, tool, minor, version, folder);
    await writeFile(path.join(folder, `${tool.file}.recipe`), recipe);
  }
  return folder;
}

async function isStale(folder: string, tool: Tool, recipe: string): Promise<boolean> {
  if (!existsSync(path.join(folder, tool.file))) return true;
  return (await readFile(path.join(folder, `${tool.file}.recipe`), "utf8").catch(() => "")) !== recipe;
}

/** Changes when what is built or how it is built does. */
async function recipeDigest(minor: Minor, version: string): Promise<string> {
  const hash = createHash("sha256").update(linkerFlags(version));
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(path.join(here, minor, file)));
  return hash.digest("hex");
}

async function goBuild(go: string, tool: Tool, minor: Minor, version: string, folder: string): Promise<void> {
  const partial = path.join(folder, `${tool.file}.partial`);
  const args = ["-n", "10", go, "build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", linkerFlags(version), "-o", partial, tool.package];
  const child = spawn("nice", args, { cwd: path.join(here, minor), env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" }, stdio: ["ignore", "ignore", "pipe"], timeout: BUILD_DEADLINE_MS });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...how) => resolve(how));
  });
  if (code !== 0) throw new AppError(`go build ${tool.package} ended with ${signal ?? `code ${code}`}: ${said.trim()}`, { reason: "ControlPlaneBuildFailed", code: Code.FailedPrecondition, retry: "later" });
  await rename(partial, path.join(folder, tool.file));
}

/** Kubernetes' own release build stamps its version so; without it the server would call itself v0.0.0. */
function linkerFlags(version: string): string {
  const [major, minor] = version.slice(1).split(".");
  const stamps = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean", buildDate: "1970-01-01T00:00:00Z" };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return ["-s", "-w", ...packages.flatMap((name) => Object.entries(stamps).map(([key, value]) => `-X ${name}.${key}=${value}`))].join(" ");
}

async function goCommand(tools: readonly Tool[], assets: string | undefined): Promise<string> {
  if (await run("go", ["version"]).then(() => true, () => false)) return "go";
  const names = tools.map((tool) => tool.file).join(", ");
  const where = assets ? `KUBEBUILDER_ASSETS (${assets}) has no ${names}` : "KUBEBUILDER_ASSETS is not set";
  throw new AppError(`a real control plane needs ${names}: ${where}, and there is no Go on PATH to build them. Install Go 1.26 or newer, or set KUBEBUILDER_ASSETS to a folder that holds the binaries`, {
    reason: "ControlPlaneBinariesMissing",
    code: Code.FailedPrecondition,
    retry: "never",
  });
}

/** One build at a time; who comes second waits for the first, whose process must be alive. */
async function onlyOne(lockFile: string, log: (line: string) => void): Promise<AsyncDisposable> {
  const deadline = Date.now() + BUILD_DEADLINE_MS;
  for (let told = false; ; told = true) {
    try {
      const handle = await open(lockFile, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return { [Symbol.asyncDispose]: () => rm(lockFile, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await readFile(lockFile, "utf8").catch(() => "0"));
    if (owner > 0 && !existsSync(`/proc/${owner}`)) await rm(lockFile, { force: true });
    else if (Date.now() > deadline) throw new AppError(`process ${owner} has held ${lockFile} for too long`, { reason: "DeadlineExceeded", code: Code.DeadlineExceeded, retry: "later" });
    else {
      if (!told) log(`waiting for process ${owner}, which builds the control plane`);
      await pause(500);
    }
  }
}
