import { readFile } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./folders.ts";
import { buildWithGo, isBuilt, type GoProgram } from "./go-build.ts";
import type { ToolName } from "./tools.ts";

const MODULE = path.resolve(import.meta.dirname, "../tools");

const SOURCES: Record<ToolName, { module: string; package: string; versionIn: string }> = {
  helm: { module: "helm.sh/helm/v4", package: "helm.sh/helm/v4/cmd/helm", versionIn: "helm.sh/helm/v4/internal/version.version" },
  helm3: { module: "helm.sh/helm/v3", package: "helm.sh/helm/v3/cmd/helm", versionIn: "helm.sh/helm/v3/internal/version.version" },
  kubectl: { module: "k8s.io/kubernetes", package: "k8s.io/kubernetes/cmd/kubectl", versionIn: "k8s.io/component-base/version.gitVersion" },
};

export interface BuiltTool {
  isBuilt: boolean;
  /** Its path, built now where it is not there. Fails with the compiler's last words. */
  build(go: string | undefined, log: (line: string) => void): Promise<string>;
}

/** A tool as `go build` makes it from tools/go.mod, once per version and machine, in the user's cache folder. */
export async function builtTool(tool: ToolName): Promise<BuiltTool> {
  const program = await programOf(tool);
  const there = await isBuilt(program);
  return {
    isBuilt: there,
    async build(go, log) {
      if (there) return program.file;
      if (go === undefined) throw new Error(`${tool} cannot be built: there is no Go on PATH`);
      await buildWithGo(go, program, log);
      return program.file;
    },
  };
}

async function programOf(tool: ToolName): Promise<GoProgram> {
  const source = SOURCES[tool];
  const manifest = path.join(MODULE, "go.mod");
  const version = new RegExp(`^\\s*${source.module.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(await readFile(manifest, "utf8"))?.[1];
  if (version === undefined) throw new Error(`${manifest} requires no version of ${source.module}`);
  return { module: MODULE, package: source.package, linkerFlags: `-s -w -X ${source.versionIn}=${version}`, file: path.join(cacheFolder(), "tools", `go-${process.arch}-${version}`, tool) };
}
