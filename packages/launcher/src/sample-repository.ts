import { execFile } from "node:child_process";
import { cp, mkdtemp, rename, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const SAMPLE = path.resolve(import.meta.dirname, "../sample");

/** Nothing of the user's Git settings decides what a repository made here looks like. */
export const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Trireme",
  GIT_AUTHOR_EMAIL: "trireme@localhost",
  GIT_COMMITTER_NAME: "Trireme",
  GIT_COMMITTER_EMAIL: "trireme@localhost",
};

/** Makes `<root>/<name>.git` from a folder, unless it is there: one commit on `main`. */
export async function ensureRepository(root: string, name: string, folder: string = SAMPLE): Promise<string> {
  const bare = path.join(root, `${name}.git`);
  if (await stat(bare).then(() => true, () => false)) return bare;
  const work = await mkdtemp(path.join(os.tmpdir(), "trireme-repository-"));
  try {
    const git = (...args: string[]) => run("git", args, { cwd: work, env: { ...process.env, ...GIT_ENVIRONMENT } });
    await cp(folder, work, { recursive: true });
    await git("init", "-q", "-b", "main");
    await git("add", "-A");
    await git("commit", "-q", "-m", "Add the sample applications");
    const made = `${bare}.new`;
    await rm(made, { recursive: true, force: true });
    await git("clone", "-q", "--bare", ".", made);
    await run("git", ["-C", made, "remote", "remove", "origin"]);
    await run("git", ["-C", made, "config", "http.receivepack", "true"]);
    await rename(made, bare);
    return bare;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
