import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./folders.ts";

const run = promisify(execFile);

export interface Program {
  path: string;
  /** Where its shared libraries are, when it was unpacked beside the system. */
  libraries?: string;
}

/**
 * A program from PATH, else unpacked from its Debian package into the user's cache folder (nothing of the system is
 * changed), else a failure that says what to install. Packages that it depends on come along where it needs libraries.
 */
export async function ensureProgram(wanted: { name: string; package: string; alone?: boolean; folder: string }, log: (line: string) => void): Promise<Program> {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const candidate = path.join(folder, wanted.name);
    if (folder !== "" && existsSync(candidate)) return { path: candidate };
  }
  const home = path.join(cacheFolder(), wanted.folder);
  const unpacked = path.join(home, "usr", "bin", wanted.name);
  if (!existsSync(unpacked)) {
    log(`unpacking ${wanted.name} from its Debian package`);
    await unpack(wanted, home);
  }
  return { path: unpacked, libraries: await libraryFolder(home) };
}

async function unpack(wanted: { name: string; package: string; alone?: boolean }, home: string): Promise<void> {
  await mkdir(path.dirname(home), { recursive: true });
  const work = await mkdtemp(`${home}-`);
  const needed = async () => (wanted.alone === true ? packagesNeeded(wanted.package, (name) => name === wanted.package) : packagesNeeded(wanted.package, () => true));
  try {
    if ((await needed()).length === 0 && process.getuid?.() === 0) await run("apt-get", ["update", "-qq"], { timeout: 120_000 });
    const packages = await needed();
    if (packages.length === 0) throw new Error(`apt-get does not know the package ${wanted.package} (is its list up to date? apt-get update)`);
    await run("apt-get", ["download", "-qq", "-o", "APT::Sandbox::User=root", ...packages], { cwd: work, timeout: 120_000 });
    const root = path.join(work, "root");
    for (const file of await readdir(work)) if (file.endsWith(".deb")) await run("dpkg-deb", ["-x", path.join(work, file), root]);
    await rename(root, home).catch(async (error: NodeJS.ErrnoException) => {
      // Another start may have been faster; its copy is as good.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw new Error(`${wanted.name} is not on PATH and could not be unpacked (${(cause as Error).message.split("\n")[0]}); install the package ${wanted.package} and start again`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The package and what of its dependencies this system lacks; empty where apt knows no such package. */
async function packagesNeeded(name: string, takes: (name: string) => boolean): Promise<string[]> {
  try {
    const { stdout } = await run("apt-get", ["install", "--print-uris", "-y", "-qq", "--no-install-recommends", name], { timeout: 60_000, maxBuffer: 16 << 20 });
    return [...stdout.matchAll(/^'[^']*' ([^_\s]+)_\S+\.deb /gm)].map((match) => match[1]!).filter(takes);
  } catch {
    return [];
  }
}

async function libraryFolder(home: string): Promise<string> {
  const lib = path.join(home, "usr", "lib");
  const triples = existsSync(lib) ? (await readdir(lib)).filter((name) => name.endsWith("-linux-gnu")) : [];
  return [...triples.map((name) => path.join(lib, name)), lib].join(path.delimiter);
}
