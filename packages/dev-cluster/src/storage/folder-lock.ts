import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AppError, Code } from "@trireme/runtime/errors";

const NAME = "in-use-by";

/**
 * Claims a data folder for this process: two writers of one journal would destroy it. A claim whose process is gone
 * (killed) is taken over. Answers the way to give it back. Throws AppError `DataFolderInUse`.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, NAME);
  for (let attempt = 0; ; attempt++) {
    try {
      const fd = openSync(path, "wx", 0o600);
      writeSync(fd, String(process.pid));
      closeSync(fd);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(readFileSync(path, "utf8"));
      if (attempt > 0 || isAlive(owner)) throw new AppError(`the data folder ${folder} is in use by process ${owner}`, { reason: "DataFolderInUse", code: Code.FailedPrecondition, retry: "later", details: { folder, pid: owner }, cause: error });
      rmSync(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
