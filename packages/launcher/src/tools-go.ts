import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./folders.ts";
import type { ToolName } from "./tools.ts";

const run = promisify(execFile);
const MODULE = path.resolve(import.meta.dirname, "../tools");
const BUILD_DEADLINE_MS = 45 * 60_000;

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

/** The command of a Go that can build them; older ones fetch the toolchain that go.mod names by themselves. */
export async function findGo(): Promise<string | undefined> {
  return run("go", ["version"], { timeout: 30_000 }).then(() => "go", () => undefined);
}

/** A tool as `go build` makes it from tools/go.mod, once per version and machine, in the user's cache folder. */
export async function builtTool(tool: ToolName): Promise<BuiltTool> {
  const source = SOURCES[tool];
  const manifest = await readFile(path.join(MODULE, "go.mod"), "utf8");
  const version = new RegExp(`^\\s*${source.module.replaceAll(".", "\\.")} (v\\S+)`, "m").exec(manifest)?.[1];
  if (version === undefined) throw new Error(`${path.join(MODULE, "go.mod")} requires no version of ${source.module}`);
  const recipe = createHash("sha256").update(manifest).update(await readFile(path.join(MODULE, "go.sum"))).digest("hex").slice(0, 12);
  const file = path.join(cacheFolder(), "tools", `go-${process.arch}-${recipe}`, tool);
  return {
    isBuilt: existsSync(file),
    async build(go, log) {
      if (existsSync(file)) return file;
      if (go === undefined) throw new Error(`${tool} cannot be built: there is no Go on PATH`);
      log(`building ${tool} ${version} with Go (a few minutes, once)`);
      await mkdir(path.dirname(file), { recursive: true });
      const partial = `${file}.${process.pid}.partial`;
      try {
        await goBuild(go, ["-ldflags", `-s -w -X ${source.versionIn}=${version}`, "-o", partial, source.package]);
        await rename(partial, file);
      } finally {
        await rm(partial, { force: true });
      }
      return file;
    },
  };
}

async function goBuild(go: string, args: readonly string[]): Promise<void> {
  const child = spawn(go, ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", ...args], { cwd: MODULE, env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" }, stdio: ["ignore", "ignore", "pipe"], timeout: BUILD_DEADLINE_MS });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...how) => resolve(how));
  });
  if (code !== 0) throw new Error(`go build ${args.at(-1)} ended with ${signal ?? `code ${code}`}: ${said.trim()}`);
}
