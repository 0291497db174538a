import { findGo } from "./go-build.ts";
import { builtTool } from "./tools-go.ts";
import { packagedTool } from "./tools-packages.ts";
import { toolOnPath } from "./tools-path.ts";

export const TOOL_NAMES = ["helm", "kubectl", "helm3"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** Paths of the real binaries. `kubectl kustomize` is the Kustomize; `helm3` serves only `helmCharts` inside it. */
export type Tools = Record<ToolName, string>;

/** Where a tool comes from: a registry package, what is installed, or Go's `build` of its published module. */
export const ToolSource = { Package: "package", Path: "path", Build: "build" } as const;
export type ToolSource = (typeof ToolSource)[keyof typeof ToolSource];

export interface Machine {
  /** `process.arch`. */
  arch: string;
  /** `TRIREME_TOOLS`. */
  asked: string | undefined;
  /** Installed tools of a fitting version. */
  onPath: Partial<Tools>;
  /** Built before, or Go is there to build it. */
  canBuild(tool: ToolName): boolean;
}

/** Makes helm, kubectl and helm3 ready. Fails with one sentence that says what to install. */
export async function ensureTools(log: (line: string) => void = () => undefined): Promise<Tools> {
  const asked = process.env["TRIREME_TOOLS"] || undefined;
  const packages = usesPackages(process.arch, asked);
  const go = packages ? undefined : await findGo();
  const tools = await Promise.all(TOOL_NAMES.map(async (tool) => ({ tool, onPath: packages ? undefined : await toolOnPath(tool), built: await builtTool(tool) })));
  const sources = toolSources({
    arch: process.arch,
    asked,
    onPath: Object.fromEntries(tools.flatMap(({ tool, onPath }) => (onPath === undefined ? [] : [[tool, onPath]]))),
    canBuild: (name) => go !== undefined || tools.some(({ tool, built }) => tool === name && built.isBuilt),
  });
  const ready: Partial<Tools> = {};
  // One after another: a build takes all the processors there are.
  for (const { tool, onPath, built } of tools) ready[tool] = sources[tool] === "package" ? await packagedTool(tool) : sources[tool] === "path" ? onPath! : await built.build(go, log);
  return ready as Tools;
}

/**
 * Registry packages have binaries for x64 alone. Elsewhere, or where `TRIREME_TOOLS=build` asks for it, what is
 * installed is taken first and the rest is built. Throws naming what is missing and both ways to get it.
 */
export function toolSources(machine: Machine): Record<ToolName, ToolSource> {
  const { arch, asked, onPath, canBuild } = machine;
  if (asked !== undefined && asked !== "build" && asked !== "package") throw new Error(`TRIREME_TOOLS must be package or build, not ${JSON.stringify(asked)}`);
  if (asked === "package" && arch !== "x64") throw new Error(`TRIREME_TOOLS=package: the registry packages of helm and kubectl are for x64, this machine is ${arch}`);
  const sourceOf = (tool: ToolName): ToolSource | undefined => {
    if (usesPackages(arch, asked)) return "package";
    if (asked !== "build" && onPath[tool] !== undefined) return "path";
    return canBuild(tool) ? "build" : undefined;
  };
  const missing = TOOL_NAMES.filter((tool) => sourceOf(tool) === undefined);
  if (missing.length > 0) {
    throw new Error(`on ${arch}, ${missing.map((tool) => WANTED[tool]).join(", ")} must be on PATH, or Go 1.26 or newer, with which ${missing.length === 1 ? "it is" : "they are"} built once (a few minutes each)`);
  }
  return Object.fromEntries(TOOL_NAMES.map((tool) => [tool, sourceOf(tool)!])) as Record<ToolName, ToolSource>;
}

const WANTED: Record<ToolName, string> = { helm: "helm (version 4)", kubectl: "kubectl (1.33 or newer)", helm3: "Helm 3 (as helm3)" };

function usesPackages(arch: string, asked: string | undefined): boolean {
  return asked === "package" || (asked === undefined && arch === "x64");
}
