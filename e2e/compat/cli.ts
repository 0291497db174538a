import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  binary: string;
  /** As it stands in what is told: `argocd`. */
  title: string;
  /** Given to every command: `--grpc-web`. */
  flags?: readonly string[];
  environment?: Record<string, string>;
}

/** An official program as one user runs it, with a home of its own. */
export class OfficialCli implements AsyncDisposable {
  readonly #options: CliOptions;
  readonly #home: string;
  readonly #say: (line: string) => void;

  private constructor(options: CliOptions, home: string, say: (line: string) => void) {
    this.#options = options;
    this.#home = home;
    this.#say = say;
  }

  static async create(options: CliOptions, say: (line: string) => void): Promise<OfficialCli> {
    return new OfficialCli(options, await mkdtemp(path.join(os.tmpdir(), "trireme-compat-")), say);
  }

  /** A file in its home, for commands that read one. */
  async write(name: string, text: string): Promise<string> {
    const file = path.join(this.#home, name);
    await writeFile(file, text);
    return file;
  }

  /** Runs a command and shows what it printed, but for secrets; never throws on its exit code. */
  run(args: readonly string[], options: { timeoutMs?: number; secrets?: readonly string[]; show?: boolean } = {}): Promise<Outcome> {
    const hide = (text: string): string => (options.secrets ?? []).reduce((shown, secret) => shown.replaceAll(secret, "<secret>"), text);
    const { binary, title, flags = [], environment } = this.#options;
    const all = [...args, ...flags];
    this.#say(hide(`$ ${title} ${all.map((part) => (/[\s']/.test(part) ? JSON.stringify(part) : part)).join(" ")}`));
    return new Promise((resolve) => {
      const env = { PATH: process.env["PATH"] ?? "", HOME: this.#home, TZ: "UTC", KUBECTL_EXTERNAL_DIFF: "diff -u", ...environment };
      execFile(binary, all, { env, timeout: options.timeoutMs ?? 60_000, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
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
