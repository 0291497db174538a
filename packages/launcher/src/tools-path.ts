import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { ToolName } from "./tools.ts";

const run = promisify(execFile);

/** An installed tool whose version will do: the first on PATH that has one of its names; undefined where none does. */
export async function toolOnPath(tool: ToolName, folders = (process.env["PATH"] ?? "").split(path.delimiter)): Promise<string | undefined> {
  for (const name of NAMES[tool]) {
    const file = folders.filter((folder) => folder !== "").map((folder) => path.join(folder, name)).find(isExecutable);
    if (file !== undefined && fits(tool, await versionOf(tool, file))) return file;
  }
  return undefined;
}

const NAMES: Record<ToolName, readonly string[]> = { helm: ["helm", "helm4"], kubectl: ["kubectl"], helm3: ["helm3", "helm"] };

/** Kustomize 5.6 and newer renders as 5.8 does for what Argo CD uses; kubectl 1.33 is the first that has it. */
export function fits(tool: ToolName, version: string | undefined): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(version ?? "") ?? [];
  if (major === undefined) return false;
  if (tool === "helm") return Number(major) === 4;
  if (tool === "helm3") return Number(major) === 3;
  return Number(major) === 1 && Number(minor) >= 33;
}

async function versionOf(tool: ToolName, file: string): Promise<string | undefined> {
  const args = tool === "kubectl" ? ["version", "--client", "--output=json"] : ["version", "--template={{.Version}}"];
  const { stdout } = await run(file, args, { timeout: 30_000 }).catch(() => ({ stdout: "" }));
  if (tool !== "kubectl") return stdout.trim();
  try {
    return (JSON.parse(stdout) as { clientVersion?: { gitVersion?: string } }).clientVersion?.gitVersion;
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
