import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Every process that a start has made, so that the next one can end what was left. */
export const PROCESSES_FILE = "processes.json";

export const LOCK_FILE = "lock";

/** A data folder serves one start at a time; a lock whose process is gone counts for nothing. */
export async function holdFolder(data: string): Promise<() => Promise<void>> {
  const lock = path.join(data, LOCK_FILE);
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = await open(lock, "wx", 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(await readFile(lock, "utf8").catch(() => ""));
      if (attempt > 0 || (holder > 0 && isOurs(holder))) throw new Error(`Trireme runs on ${data} already (process ${holder}); stop it, or choose another folder with --data`);
      await rm(lock, { force: true });
    }
  }
}

/** Ends what a start that was killed has left running on this folder. */
export async function endLeftovers(data: string): Promise<void> {
  const file = path.join(data, PROCESSES_FILE);
  if (!existsSync(file)) return;
  const pids = (JSON.parse(await readFile(file, "utf8")) as number[]).filter((pid) => Number.isInteger(pid) && isOurs(pid, data));
  for (const pid of pids) signal(pid, "SIGTERM");
  for (let waited = 0; pids.some((pid) => isOurs(pid, data)); waited += 50) {
    if (waited > 3000) for (const pid of pids) signal(pid, "SIGKILL");
    await pause(50);
  }
  await rm(file, { force: true });
}

/** Whether a process lives and is one of the launcher's kind; its number may have been given to a stranger since. */
function isOurs(pid: number, data?: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (!/packages\/launcher\/|packages\/dev-cluster\/|services\/|redis-server/.test(command)) return false;
    // Redis writes its title over its arguments and environment; its working directory remains.
    return data === undefined || command.includes(data) || readFileSync(`/proc/${pid}/environ`, "utf8").includes(data) || isInside(readlinkSync(`/proc/${pid}/cwd`), data);
  } catch {
    return false;
  }
}

function isInside(folder: string, data: string): boolean {
  return folder === data || folder.startsWith(data + path.sep);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
