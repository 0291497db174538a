import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** One user's `argocd`, with a home and a configuration of its own. */
export class ArgocdCli implements AsyncDisposable {
  readonly #binary: string;
  readonly #home: string;
  readonly #flags: readonly string[];
  readonly #say: (line: string) => void;

  private constructor(binary: string, home: string, flags: readonly string[], say: (line: string) => void) {
    this.#binary = binary;
    this.#home = home;
    this.#flags = flags;
    this.#say = say;
  }

  /** @param flags given to every command: `--grpc-web`. */
  static async create(binary: string, flags: readonly string[], say: (line: string) => void): Promise<ArgocdCli> {
    return new ArgocdCli(binary, await mkdtemp(path.join(os.tmpdir(), "trireme-compat-")), flags, say);
  }

  /** Runs a command and shows what it printed, but for secrets; never throws on its exit code. */
  run(args: readonly string[], options: { timeoutMs?: number; secrets?: readonly string[]; show?: boolean } = {}): Promise<Outcome> {
    const hide = (text: string): string => (options.secrets ?? []).reduce((shown, secret) => shown.replaceAll(secret, "<secret>"), text);
    const all = [...args, ...this.#flags];
    this.#say(hide(`$ argocd ${all.map((part) => (/[\s']/.test(part) ? JSON.stringify(part) : part)).join(" ")}`));
    return new Promise((resolve) => {
      const env = { PATH: process.env["PATH"] ?? "", HOME: this.#home, TZ: "UTC", KUBECTL_EXTERNAL_DIFF: "diff -u" };
      execFile(this.#binary, all, { env, timeout: options.timeoutMs ?? 60_000, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        const killed = error?.killed === true ? ` (killed after ${(options.timeoutMs ?? 60_000) / 1000} s)` : "";
        if (options.show !== false) for (const line of hide(stdout + stderr).trimEnd().split("\n").slice(0, 60)) this.#say(`  ${line}`);
        this.#say(`  exit ${code}${killed}`);
        resolve({ code, stdout, stderr });
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}
