import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { buildWithGo, findGo, isBuilt, type GoProgram } from "@trireme/launcher";
import { cacheFolder } from "@trireme/launcher/folders";
import { AppError, Code } from "@trireme/runtime";

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
  const programs = tools.map((tool): GoProgram => ({ module: path.join(here, minor), package: tool.package, linkerFlags: linkerFlags(version), file: path.join(folder, tool.file) }));
  if (!(await Promise.all(programs.map(isBuilt))).includes(false)) return folder;
  const go = await goCommand(tools, assets);
  try {
    for (const program of programs) await buildWithGo(go, program, log);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError((cause as Error).message, { reason: "ControlPlaneBuildFailed", code: Code.FailedPrecondition, retry: "later", cause });
  }
  return folder;
}

/** Kubernetes' own release build stamps its version so; without it the server would call itself v0.0.0. */
function linkerFlags(version: string): string {
  const [major, minor] = version.slice(1).split(".");
  const stamps = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean", buildDate: "1970-01-01T00:00:00Z" };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return ["-s", "-w", ...packages.flatMap((name) => Object.entries(stamps).map(([key, value]) => `-X ${name}.${key}=${value}`))].join(" ");
}

async function goCommand(tools: readonly Tool[], assets: string | undefined): Promise<string> {
  const go = await findGo();
  if (go !== undefined) return go;
  const names = tools.map((tool) => tool.file).join(", ");
  const where = assets ? `KUBEBUILDER_ASSETS (${assets}) has no ${names}` : "KUBEBUILDER_ASSETS is not set";
  throw new AppError(`a real control plane needs ${names}: ${where}, and there is no Go on PATH to build them. Install Go 1.26 or newer, or set KUBEBUILDER_ASSETS to a folder that holds the binaries`, {
    reason: "ControlPlaneBinariesMissing",
    code: Code.FailedPrecondition,
    retry: "never",
  });
}
