import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AppError, Code } from "@trireme/runtime";

/** A process that may outlive us, recognisable again: a pid alone may have been given to another since. */
export interface ProcessId {
  name: string;
  pid: number;
  /** Clock ticks after boot, from /proc/PID/stat. */
  startTime: string;
}

export interface Running extends ProcessId {
  logFile: string;
  /** Settles when the process ends, with how it ended and the last lines of its log. */
  ended: Promise<string>;
}

/** Starts a binary in a session of its own, so that Ctrl-C in a terminal reaches us first. Its output goes to `<name>.log`. */
export async function start(name: string, binary: string, args: readonly string[], options: { dir: string; detached: boolean }): Promise<Running> {
  const logFile = path.join(options.dir, `${name}.log`);
  const log = openSync(logFile, "a");
  const child = spawn(binary, args, { cwd: options.dir, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) => reject(new AppError(`${binary} cannot be started: ${cause.message}`, { reason: "ControlPlaneStartFailed", code: Code.FailedPrecondition, retry: "never", cause })));
  });
  const running = { name, pid: child.pid!, startTime: startTimeOf(child.pid!) ?? "", logFile, ended: endOf(child, name, logFile) };
  await appendFile(path.join(options.dir, "pids"), `${running.pid} ${running.startTime} ${name}\n`);
  if (options.detached) child.unref();
  return running;
}

/** Kills what is still the process that was started; waits until it is gone. */
export async function kill(processId: ProcessId): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (isAlive(processId)) {
    try {
      process.kill(processId.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    if (Date.now() > deadline) throw new AppError(`${processId.name} (process ${processId.pid}) is still there 10 s after SIGKILL`, { reason: "DeadlineExceeded", code: Code.DeadlineExceeded });
    await pause(10);
  }
}

/** False also for a zombie: it holds no port and no file. */
export function isAlive(processId: ProcessId): boolean {
  return startTimeOf(processId.pid) === processId.startTime;
}

/** The processes that were started in a folder, as written there. */
export async function processesOf(dir: string): Promise<ProcessId[]> {
  const text = await readFile(path.join(dir, "pids"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((line) => {
    const [pid, startTime, name] = line.split(" ");
    return pid && startTime && name ? [{ pid: Number(pid), startTime, name }] : [];
  });
}

/**
 * A shell that does nothing until we die, by whatever signal, and then kills what we started in `dir`.
 * `removeDir`: and removes the folder. Disposing of it sends it away.
 */
export function guard(dir: string, removeDir: boolean): Disposable {
  const script = `read _ && exit 0
while read -r pid start name; do
  [ "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2>/dev/null)" = "$start" ] && kill -9 "$pid"
done < "$1/pids"
[ "$2" = remove ] && rm -rf "$1"`;
  const child = spawn("/bin/sh", ["-c", script, "control-plane-guard", dir, removeDir ? "remove" : "keep"], { cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.unref();
  (child.stdin as unknown as { unref?(): void }).unref?.();
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  return { [Symbol.dispose]: () => child.stdin.end("done\n") };
}

async function endOf(child: ChildProcess, name: string, logFile: string): Promise<string> {
  const how = await new Promise<string>((resolve) => child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`)));
  const log = await readFile(logFile, "utf8").catch(() => "");
  return `${name} ended with ${how}; ${logFile} ends with:\n${log.trimEnd().split("\n").slice(-8).join("\n")}`;
}

function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command may contain spaces and parentheses; what follows its last parenthesis has fixed columns.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}
