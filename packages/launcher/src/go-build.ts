import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { AppError, Code } from "@trireme/runtime";

const run = promisify(execFile);
const BUILD_DEADLINE_MS = 45 * 60_000;

/** A program of a published Go module, with every version that goes into it. */
export interface GoProgram {
  /** Folder whose go.mod and go.sum name the versions. */
  module: string;
  /** Go's path of the main package. */
  package: string;
  /** `-ldflags`. */
  linkerFlags: string;
  /** Where the binary lies; beside it a note of what it was made of. */
  file: string;
}

/** The command of a Go that can build; older ones fetch the toolchain that go.mod names by themselves. */
export async function findGo(): Promise<string | undefined> {
  return run("go", ["version"], { timeout: 30_000 }).then(() => "go", () => undefined);
}

/** False too where it was made of something else than would be taken today. */
export async function isBuilt(program: GoProgram): Promise<boolean> {
  return existsSync(program.file) && (await readFile(recipeFile(program), "utf8").catch(() => "")) === (await recipeOf(program));
}

/**
 * Builds the program where it is not there; one build at a time for each folder, whoever comes second waits. It takes
 * minutes and every processor that nobody else wants. Fails with the compiler's last words, leaving nothing behind.
 */
export async function buildWithGo(go: string, program: GoProgram, log: (line: string) => void): Promise<void> {
  if (await isBuilt(program)) return;
  const folder = path.dirname(program.file);
  await mkdir(folder, { recursive: true });
  await using _lock = await onlyOne(path.join(folder, "building.pid"), log);
  if (await isBuilt(program)) return;
  log(`building ${path.basename(program.file)} with Go into ${folder} (a few minutes, once)`);
  const partial = `${program.file}.partial`;
  try {
    await goBuild(go, program, partial);
    // Between the two it is a program of unknown make, which is built again.
    await rm(recipeFile(program), { force: true });
    await rename(partial, program.file);
    await writeFile(recipeFile(program), await recipeOf(program));
  } finally {
    await rm(partial, { force: true });
  }
}

async function goBuild(go: string, program: GoProgram, output: string): Promise<void> {
  const args = ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", program.linkerFlags, "-o", output, program.package];
  const child = spawn(go, args, { cwd: program.module, env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "", GOWORK: "off" }, stdio: ["ignore", "ignore", "pipe"], timeout: BUILD_DEADLINE_MS });
  if (child.pid !== undefined) os.setPriority(child.pid, Math.max(10, os.getPriority()));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-4_000)));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...how) => resolve(how));
  });
  if (code !== 0) throw new Error(`go build ${program.package} ended with ${signal ?? `code ${code}`}: ${said.trim()}`);
}

function recipeFile({ file }: GoProgram): string {
  return `${file}.recipe`;
}

/** Changes when what is built or how it is built does. */
async function recipeOf({ module, linkerFlags }: GoProgram): Promise<string> {
  const hash = createHash("sha256").update(linkerFlags);
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(path.join(module, file)));
  return hash.digest("hex");
}

/** Whoever holds the lock must be alive. */
async function onlyOne(lockFile: string, log: (line: string) => void): Promise<AsyncDisposable> {
  const deadline = Date.now() + BUILD_DEADLINE_MS;
  for (let told = false; ; told = true) {
    try {
      const handle = await open(lockFile, "wx");
      await handle.writeFile(String(process.pid));
      await handle.close();
      return { [Symbol.asyncDispose]: () => rm(lockFile, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(await readFile(lockFile, "utf8").catch(() => "0"));
    if (owner > 0 && !existsSync(`/proc/${owner}`)) await rm(lockFile, { force: true });
    else if (Date.now() > deadline) throw new AppError(`process ${owner} has held ${lockFile} for too long`, { reason: "DeadlineExceeded", code: Code.DeadlineExceeded, retry: "later" });
    else {
      if (!told) log(`waiting for process ${owner}, which builds into ${path.dirname(lockFile)}`);
      await pause(500);
    }
  }
}
