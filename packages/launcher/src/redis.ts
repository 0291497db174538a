import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./folders.ts";

const run = promisify(execFile);

export interface RedisBinary {
  path: string;
  /** Where its shared libraries are, when it was unpacked beside the system. */
  libraries?: string;
}

/**
 * redis-server from PATH, else unpacked from its Debian packages into the user's cache folder (nothing of the
 * system is changed), else a failure that says what to install. There is no in-memory stand-in.
 */
export async function ensureRedis(log: (line: string) => void): Promise<RedisBinary> {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const candidate = path.join(folder, "redis-server");
    if (folder !== "" && existsSync(candidate)) return { path: candidate };
  }
  const home = path.join(cacheFolder(), "redis");
  const unpacked = path.join(home, "usr", "bin", "redis-server");
  if (!existsSync(unpacked)) {
    log("installing Redis from its Debian packages");
    await unpack(home);
  }
  return { path: unpacked, libraries: await libraryFolder(home) };
}

async function unpack(home: string): Promise<void> {
  await mkdir(path.dirname(home), { recursive: true });
  const work = await mkdtemp(`${home}-`);
  try {
    if ((await packagesNeeded()).length === 0 && process.getuid?.() === 0) await run("apt-get", ["update", "-qq"], { timeout: 120_000 });
    const packages = await packagesNeeded();
    if (packages.length === 0) throw new Error("apt-get does not know the package redis-server (is its list up to date? apt-get update)");
    await run("apt-get", ["download", "-qq", "-o", "APT::Sandbox::User=root", ...packages], { cwd: work, timeout: 120_000 });
    const root = path.join(work, "root");
    for (const file of await readdir(work)) if (file.endsWith(".deb")) await run("dpkg-deb", ["-x", path.join(work, file), root]);
    await rename(root, home).catch(async (error: NodeJS.ErrnoException) => {
      // Another start may have been faster; its copy is as good.
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
    });
  } catch (cause) {
    throw new Error(`redis-server is not on PATH and could not be unpacked (${(cause as Error).message.split("\n")[0]}); install the package redis-server and start again`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** redis-server and what of its dependencies this system lacks; empty where apt knows no such package. */
async function packagesNeeded(): Promise<string[]> {
  try {
    const { stdout } = await run("apt-get", ["install", "--print-uris", "-y", "-qq", "--no-install-recommends", "redis-server"], { timeout: 60_000 });
    return [...stdout.matchAll(/^'[^']*' ([^_\s]+)_\S+\.deb /gm)].map((match) => match[1]!);
  } catch {
    return [];
  }
}

async function libraryFolder(home: string): Promise<string> {
  const lib = path.join(home, "usr", "lib");
  const triples = existsSync(lib) ? (await readdir(lib)).filter((name) => name.endsWith("-linux-gnu")) : [];
  return [...triples.map((name) => path.join(lib, name)), lib].join(path.delimiter);
}

/** Arguments and environment of a Redis that keeps nothing on disk: whatever it loses is found again. */
export function redisCommand(binary: RedisBinary, options: { port: number; passwordFile: string; dir: string }): { command: string; args: string[]; env: Record<string, string> } {
  return {
    command: binary.path,
    args: [options.passwordFile, "--port", String(options.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", options.dir, "--daemonize", "no"],
    env: binary.libraries === undefined ? {} : { LD_LIBRARY_PATH: binary.libraries },
  };
}

