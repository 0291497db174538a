import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AppError, Code } from "@trireme/runtime";
import { displayUrl, type RepositoryAccess } from "../access.ts";
import { corrupt } from "../errors.ts";
import type { RepositoryFolder } from "../folder.ts";
import type { Ref, RefSnapshot } from "../refs.ts";
import type { Remote, RemoteOptions, Wanted } from "./remote.ts";

const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;

/** The `git` program on PATH, or undefined. */
export function findSystemGit(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return (env["PATH"] ?? "")
    .split(path.delimiter)
    .map((folder) => path.join(folder, "git"))
    .find((file) => existsSync(file));
}

/** Repositories by ssh, through the machine's own git and ssh. Keys live in a private folder for one call. */
export class SystemGitRemote implements Remote {
  readonly #access: RepositoryAccess;
  readonly #binary: string;
  readonly #options: RemoteOptions;

  constructor(access: RepositoryAccess, binary: string, options: RemoteOptions) {
    this.#access = access;
    this.#binary = binary;
    this.#options = options;
  }

  async refs(prefixes: readonly string[], now: number, signal: AbortSignal): Promise<RefSnapshot> {
    const text = await this.#git(["ls-remote", "--symref", "--", this.#access.url.trim()], tmpdir(), signal);
    const refs = new Map<string, Ref>();
    let head: string | undefined;
    for (const line of text.split("\n")) {
      const [left = "", name = ""] = line.split("\t");
      if (left.startsWith("ref: ") && name === "HEAD") head = left.slice(5);
      else if (name.endsWith("^{}")) {
        const ref = refs.get(name.slice(0, -3));
        if (ref !== undefined) ref.peeled = left;
      } else if (/^[0-9a-f]{40}$/.test(left) && prefixes.some((prefix) => name.startsWith(prefix))) refs.set(name, { name, oid: left });
    }
    return { refs: [...refs.values()], ...(head === undefined ? {} : { head }), askedAt: now };
  }

  async fetch(folder: RepositoryFolder, wanted: Wanted, signal: AbortSignal): Promise<void> {
    const specs = wanted.commits.map((commit) => `+${commit}:refs/trireme/${commit}`);
    const depth = wanted.depth > 0 ? [`--depth=${wanted.depth}`] : existsSync(path.join(folder.path, "shallow")) ? ["--unshallow"] : [];
    await this.#git(["-c", "fetch.unpackLimit=1", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "--git-dir=.", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ...depth, "--", this.#access.url.trim(), ...specs], folder.path, signal);
    folder.store.rescan();
  }

  async #git(args: readonly string[], cwd: string, signal: AbortSignal): Promise<string> {
    const home = await mkdtemp(path.join(tmpdir(), "trireme-ssh-"));
    try {
      const ssh = ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=15"];
      if (this.#access.sshPrivateKey) {
        const key = path.join(home, "key");
        await writeFile(key, `${this.#access.sshPrivateKey.trimEnd()}\n`, { mode: 0o600 });
        ssh.push("-i", key, "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none");
      }
      const hosts = path.join(home, "known_hosts");
      await writeFile(hosts, this.#access.sshKnownHosts ?? "", { mode: 0o600 });
      const anyKey = this.#access.insecureIgnoreHostKey === true || this.#access.insecure === true;
      ssh.push("-o", `StrictHostKeyChecking=${anyKey ? "no" : "yes"}`, "-o", `UserKnownHostsFile=${anyKey ? "/dev/null" : hosts}`, "-o", "GlobalKnownHostsFile=/dev/null");
      this.#options.onFork?.(`git ${args.find((arg) => arg === "fetch" || arg === "ls-remote")}`);
      return await this.#run(args, cwd, { GIT_SSH_COMMAND: ssh.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" "), HOME: home }, signal);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }

  #run(args: readonly string[], cwd: string, env: Record<string, string>, signal: AbortSignal): Promise<string> {
    const where = displayUrl(this.#access.url);
    return new Promise((resolve, reject) => {
      execFile(this.#binary, args, { cwd, env: cleanEnvironment(env), signal, maxBuffer: MAX_OUTPUT_BYTES, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        if (signal.aborted) return reject(signal.reason as Error);
        const said = stderr.trim().slice(0, 2000) || error.message;
        const missing = /not our ref|couldn't find remote ref|no such remote ref/i.test(said);
        const denied = /permission denied|authentication failed|host key verification failed|could not read username/i.test(said);
        reject(
          new AppError(`${where}: ${said}`, {
            reason: missing ? "RevisionNotFound" : denied ? "GitAuthenticationRequired" : "GitServerError",
            code: missing ? Code.NotFound : denied ? Code.Unauthenticated : Code.Unavailable,
            retry: missing || denied ? "never" : "later",
            details: { repository: where },
          }),
        );
      });
    });
  }
}

/** Makes a pack's index with `git index-pack`, outside this process' memory. */
export function indexWithGit(binary: string, file: string, signal: AbortSignal): Promise<{ index: Buffer; checksum: string; count: number }> {
  // index-pack insists on a name that ends in .pack for its input and writes where it is told.
  const output = `${file}.${randomBytes(4).toString("hex")}.idx`;
  return new Promise((resolve, reject) => {
    execFile(binary, ["index-pack", "--index-version=2", "-o", output, file], { env: cleanEnvironment({}), signal, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      const read = async (): Promise<{ index: Buffer; checksum: string; count: number }> => {
        try {
          if (error !== null) throw signal.aborted ? signal.reason : corrupt("received pack", stderr.trim().slice(0, 500) || error.message);
          const index = await readFile(output);
          return { index, checksum: index.toString("hex", index.length - 40, index.length - 20), count: index.readUInt32BE(8 + 255 * 4) };
        } finally {
          await rm(output, { force: true });
        }
      };
      read().then(resolve, reject);
    });
  });
}

/** Only what git needs: nothing of the server's own environment, no user's settings, no questions. */
function cleanEnvironment(extra: Record<string, string>): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_LFS_SKIP_SMUDGE: "1",
    LC_ALL: "C",
    ...extra,
  };
}
