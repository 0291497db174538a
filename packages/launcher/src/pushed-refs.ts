import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** Nobody's Git settings decide what a served repository does. */
export const GIT_ALONE = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: "/nonexistent", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };

/** A branch or tag that a push has made, moved or deleted. */
export interface PushedRef {
  /** Where people read the repository, without `.git`. */
  repository: string;
  /** What HEAD names, as `main`. */
  defaultBranch: string;
  /** Whole: `refs/heads/main`. */
  ref: string;
  /** Commits, or forty zeros where it was not there or is gone. */
  before: string;
  after: string;
}

const NOWHERE = "0".repeat(40);

/** What each ref of a bare repository names. */
export async function refsOf(gitdir: string): Promise<Map<string, string>> {
  const { stdout } = await promisify(execFile)("git", ["for-each-ref", "--format=%(refname) %(objectname)"], { cwd: gitdir, env: { ...GIT_ALONE, GIT_DIR: gitdir }, maxBuffer: 64 * 1024 * 1024 });
  return new Map(stdout.split("\n").filter(Boolean).map((line) => line.split(" ") as [string, string]));
}

/** What HEAD of a bare repository names. */
export async function defaultBranchOf(gitdir: string): Promise<string> {
  return (await readFile(path.join(gitdir, "HEAD"), "utf8")).trim().replace("ref: refs/heads/", "");
}

/** Every ref that was made, moved or deleted. */
export function changedRefs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Pick<PushedRef, "ref" | "before" | "after">[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((ref) => ({ ref, before: before.get(ref) ?? NOWHERE, after: after.get(ref) ?? NOWHERE })).filter((one) => one.before !== one.after);
}
