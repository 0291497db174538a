import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, openSync, type WriteStream } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface ProcessSpec {
  name: string;
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Resolves once it serves; is asked again after every restart. Aborts with the process. */
  ready?: (signal: AbortSignal) => Promise<void>;
}

export interface Supervised {
  readonly name: string;
  readonly pid: number | undefined;
  /** How often it was started. */
  readonly starts: number;
  /** Resolves when the running incarnation is ready; fails at the deadline with the tail of its log. */
  waitReady(timeoutMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Ends it for good: SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
  /** Ends it and starts it again; environment that is given adds to what it had. */
  restart(change?: Partial<Pick<ProcessSpec, "env" | "args">>): Promise<void>;
}

const RESTART_MS = 50;
const LONGEST_RESTART_MS = 5000;
const STABLE_MS = 10_000;
const STOP_MS = 10_000;

/**
 * Keeps one process running: what dies is started again, soon at first, then ever later until it has
 * lasted ten seconds. Its output goes to `<logs>/<name>.log`.
 */
export function supervise(spec: ProcessSpec, options: { logs: string; signal?: AbortSignal; onStart?: (pid: number) => void; onEnd?: (pid: number) => void; onExit?: (name: string, why: string) => void }): Supervised {
  mkdirSync(options.logs, { recursive: true });
  const logFile = path.join(options.logs, `${spec.name}.log`);
  // At once: a folder that cannot be written to is told to whoever starts it.
  const log: WriteStream = createWriteStream(logFile, { fd: openSync(logFile, "a") });
  const tail: string[] = [];
  let current = spec;
  let child: ChildProcess | undefined;
  let exited: Promise<void> = Promise.resolve();
  let readiness: { promise: Promise<void>; abort: AbortController } | undefined;
  let stopping = false;
  let starts = 0;
  let failures = 0;

  const start = (): void => {
    starts++;
    const startedAt = Date.now();
    const abort = new AbortController();
    const process_ = spawn(current.command, [...current.args], { cwd: current.cwd, env: { ...process.env, ...current.env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
    child = process_;
    if (process_.pid !== undefined) options.onStart?.(process_.pid);
    for (const stream of [process_.stdout, process_.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        log.write(chunk);
        tail.push(chunk.toString());
        if (tail.length > 50) tail.shift();
      });
    }
    process_.on("error", (error) => {
      tail.push(error.message);
      log.write(`${error.message}\n`);
    });
    exited = new Promise((resolve) => {
      process_.once("close", (code, signal) => {
        abort.abort(new Error(`${spec.name} ended (${signal ?? `code ${code}`})`));
        if (process_.pid !== undefined) options.onEnd?.(process_.pid);
        resolve();
        if (stopping || child !== process_) return;
        options.onExit?.(spec.name, signal ?? `code ${code}`);
        failures = Date.now() - startedAt > STABLE_MS ? 0 : failures + 1;
        const delay = Math.min(RESTART_MS * 2 ** Math.max(0, failures - 1), LONGEST_RESTART_MS);
        setTimeout(() => {
          if (!stopping && child === process_) start();
        }, delay).unref();
      });
    });
    readiness = { abort, promise: current.ready === undefined ? Promise.resolve() : current.ready(abort.signal) };
    readiness.promise.catch(() => undefined);
  };

  const end = async (): Promise<void> => {
    const running = child;
    child = undefined;
    // Somebody else may be ending it already.
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return exited;
    running.kill("SIGTERM");
    const force = setTimeout(() => running.kill("SIGKILL"), STOP_MS);
    await exited;
    clearTimeout(force);
  };

  start();
  return {
    name: spec.name,
    get pid() {
      return child?.pid;
    },
    get starts() {
      return starts;
    },
    async waitReady(timeoutMs = 90_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const waiting = readiness!;
        // Nothing of the deadline outlives the waiting.
        const waited = new AbortController();
        const outcome = await Promise.race([
          waiting.promise.then(
            () => "ready" as const,
            (error: unknown) => error as Error,
          ),
          pause(Math.max(0, deadline - Date.now()), undefined, { signal: options.signal === undefined ? waited.signal : AbortSignal.any([options.signal, waited.signal]) }).then(() => "late" as const),
        ]).finally(() => waited.abort());
        if (outcome === "ready") return;
        if (outcome === "late" || Date.now() >= deadline) throw new Error(`${spec.name} was not ready after ${timeoutMs / 1000} s; the end of ${logFile}:\n${tail.join("").split("\n").slice(-25).join("\n")}`);
        await pause(50);
      }
    },
    kill(signal) {
      child?.kill(signal);
    },
    async stop() {
      stopping = true;
      await end();
      log.end();
    },
    async restart(change) {
      current = { ...current, ...change, env: { ...current.env, ...change?.env } };
      await end();
      if (!stopping) start();
    },
  };
}

/** Asks an address until it answers 200; for `ready`. */
export async function answers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const ok = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    if (ok) return;
    await pause(25, undefined, { signal });
  }
}
