import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");
const ui = path.join(root, "packages/ui");
/** What the page is made of: its own files, what it imports from the repository, and the versions of everything else. */
const INPUTS = ["packages/ui", "packages/api/src", "packages/gitops/src", "packages/rollouts/src", "pnpm-lock.yaml"];
const KEPT_MS = 24 * 3600_000;

/**
 * The folder of the built page; built first where its inputs have changed. Undefined, with the reason said, where it
 * cannot be built: the product works without it.
 */
export async function ensurePage(say: (line: string) => void): Promise<string | undefined> {
  const builds = path.join(ui, "dist");
  const folder = path.join(builds, await fingerprint());
  if (existsSync(path.join(folder, "index.html"))) return folder;
  const begin = Date.now();
  const unfinished = path.join(builds, `.${process.pid}`);
  try {
    await mkdir(builds, { recursive: true });
    await buildPage(unfinished);
    await removeOld(builds);
    // Whoever was quicker has built the same.
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(path.join(folder, "index.html"))) throw error;
    });
    say(`built the page (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    return folder;
  } catch (error) {
    say(`the page could not be built, a plain one is served: ${(error as Error).message}`);
    return undefined;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash("sha256");
  for (const input of INPUTS) for (const file of await filesBelow(path.join(root, input))) hash.update(path.relative(root, file)).update("\0").update(await readFile(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}

async function filesBelow(start: string): Promise<string[]> {
  if ((await stat(start)).isFile()) return [start];
  const entries = await readdir(start, { withFileTypes: true });
  const nested = await Promise.all(entries.filter(({ name }) => name !== "node_modules" && name !== "dist").map((entry) => filesBelow(path.join(start, entry.name))));
  return nested.flat().sort();
}

function buildPage(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ui, "build.mjs"), folder], { stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
    child.on("error", reject).on("close", (code) => (code === 0 ? resolve() : reject(new Error(complaint.trim() || `the build ended with ${code}`))));
  });
}

/** Others may still be served by a process that runs. */
async function removeOld(builds: string): Promise<void> {
  for (const name of await readdir(builds)) {
    const old = path.join(builds, name);
    const { mtimeMs } = await stat(old);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(old, { recursive: true, force: true });
  }
}
