import { spawn } from "node:child_process";
import path from "node:path";
import { formatDuration } from "@trireme/api";
import { AppError, Code } from "@trireme/runtime";
import { Semaphore } from "./semaphore.ts";

export interface ToolLimits {
  /** SIGTERM after this, in milliseconds. */
  timeoutMs: number;
  /** SIGKILL this much later. */
  fatalTimeoutMs: number;
  maxOutputBytes: number;
  /** Programs at a time. */
  parallelism: number;
}

export interface ToolCall {
  /** Program name or path. */
  binary: string;
  args: readonly string[];
  /** As people would type it; for messages. */
  shown: string;
  cwd: string;
  /** All that the program finds in its environment, `PATH` apart. */
  env: Record<string, string>;
  /** Texts that must not show in messages, with what stands in for them: the private tree, credentials. */
  hide?: readonly (readonly [string, string])[];
}

export type RunTool = (call: ToolCall, signal?: AbortSignal) => Promise<string>;

/**
 * Runs programs with a deadline, an output limit and a clean environment; gives what they printed.
 * `closing` ends all of them at once: this process is about to end.
 * @throws AppError ToolFailed with the program's own last words, ToolTimeout, ToolOutputTooLarge, ToolMissing.
 */
export function createToolRunner(limits: ToolLimits, onFork: (command: string) => void, closing?: AbortSignal): RunTool {
  const places = new Semaphore(limits.parallelism);
  return (call, signal) => places.run(() => run(call, limits, onFork, signal, closing), signal);
}

function run(call: ToolCall, limits: ToolLimits, onFork: (command: string) => void, signal: AbortSignal | undefined, closing: AbortSignal | undefined): Promise<string> {
  if (signal?.aborted === true) return Promise.reject(left(signal));
  if (closing?.aborted === true) return Promise.reject(left(closing));
  onFork(`${path.basename(call.binary)} ${call.args[0] ?? ""}`.trim());
  const hidden = (text: string): string => (call.hide ?? []).reduce((said, [secret, shown]) => (secret === "" ? said : said.replaceAll(secret, shown)), text);
  const failure = (reason: string, why: string, code: Code, retry: "never" | "later"): AppError => new AppError(hidden(`\`${call.shown}\` failed ${why}`), { reason, code, retry, details: { command: hidden(call.shown) } });
  return new Promise((resolve, reject) => {
    const child = spawn(call.binary, call.args, { cwd: call.cwd, env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", ...call.env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    // Its own process group: what it started ends with it.
    const kill = (name: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // Gone already.
      }
    };
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let outBytes = 0;
    let errBytes = 0;
    let cause: AppError | undefined;
    let fatal: NodeJS.Timeout | undefined;
    const end = (why: AppError): void => {
      if (cause !== undefined) return;
      cause = why;
      kill("SIGTERM");
      fatal = setTimeout(() => kill("SIGKILL"), limits.fatalTimeoutMs);
    };
    const timer = setTimeout(() => end(failure("ToolTimeout", `timeout after ${formatDuration(limits.timeoutMs)}`, Code.DeadlineExceeded, "later")), limits.timeoutMs);
    const aborted = (): void => end(left(signal!));
    signal?.addEventListener("abort", aborted, { once: true });
    const closed = (): void => {
      end(left(closing!));
      kill("SIGKILL");
    };
    closing?.addEventListener("abort", closed, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      outBytes += chunk.length;
      if (outBytes > limits.maxOutputBytes) end(failure("ToolOutputTooLarge", `printing more than ${limits.maxOutputBytes} bytes`, Code.ResourceExhausted, "never"));
      else out.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errBytes += chunk.length;
      if (errBytes <= 64 * 1024) err.push(chunk);
    });
    const settle = (work: () => void): void => {
      clearTimeout(timer);
      clearTimeout(fatal);
      signal?.removeEventListener("abort", aborted);
      closing?.removeEventListener("abort", closed);
      work();
    };
    child.on("error", (error: NodeJS.ErrnoException) =>
      settle(() => reject(error.code === "ENOENT" ? new AppError(`${call.binary} is not on this machine; \`${hidden(call.shown)}\` needs it`, { reason: "ToolMissing", code: Code.FailedPrecondition, retry: "never", cause: error }) : error)),
    );
    child.on("close", (code, signalName) =>
      settle(() => {
        if (cause !== undefined) return reject(cause);
        if (code === 0) return resolve(Buffer.concat(out).toString("utf8"));
        const said = Buffer.concat(err).toString("utf8").trim();
        reject(failure("ToolFailed", `${code === null ? `signal: ${signalName}` : `exit status ${code}`}: ${said}`, Code.Unknown, "never"));
      }),
    );
  });
}

function left(signal: AbortSignal): AppError {
  return new AppError("the caller went away", { reason: "Canceled", code: Code.Canceled, cause: signal.reason });
}
