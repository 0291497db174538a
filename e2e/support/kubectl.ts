import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Stack } from "./stack.ts";

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

interface Options {
  input?: string;
  timeoutMs?: number;
  env?: Record<string, string>;
}

const HOME = mkdtempSync(path.join(os.tmpdir(), "trireme-kubectl-"));

/** Runs the real kubectl against the stack's cluster; never throws on a failing exit code. */
export function kubectl(stack: Pick<Stack, "kubectl" | "kubeconfig">, args: readonly string[], options: Options = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(stack.kubectl, ["--kubeconfig", stack.kubeconfig, ...args], { timeout: options.timeoutMs ?? 30_000, maxBuffer: 64 << 20, env: { ...process.env, HOME, KUBECTL_EXTERNAL_DIFF: "", EDITOR: process.env["EDITOR"] ?? "", ...options.env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr });
    });
    if (options.input !== undefined) child.stdin!.end(options.input);
  });
}

/** As `kubectl`, but a failing exit code fails with what it said. */
export async function mustKubectl(stack: Pick<Stack, "kubectl" | "kubeconfig">, args: readonly string[], options: Options = {}): Promise<string> {
  const { code, stdout, stderr } = await kubectl(stack, args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: exit code ${code}: ${stderr || stdout}`);
  return stdout;
}
