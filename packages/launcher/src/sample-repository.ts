import fs from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import git from "isomorphic-git";

const SAMPLE = path.resolve(import.meta.dirname, "../sample");

/** Nothing of the user's Git settings decides what a `git` that is run here does. */
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
  // Made beside its place and moved there whole: a start that is killed here leaves no half repository.
  const gitdir = `${bare}.new`;
  await rm(gitdir, { recursive: true, force: true });
  await mkdir(gitdir, { recursive: true });
  await git.init({ fs, gitdir, bare: true, defaultBranch: "main" });
  const author = { name: GIT_ENVIRONMENT.GIT_AUTHOR_NAME, email: GIT_ENVIRONMENT.GIT_AUTHOR_EMAIL, timestamp: Math.floor(Date.now() / 1000), timezoneOffset: 0 };
  const commit = await git.writeCommit({ fs, gitdir, commit: { message: "Add the sample applications\n", tree: await writeFolder(gitdir, folder), parent: [], author, committer: author } });
  await git.writeRef({ fs, gitdir, ref: "refs/heads/main", value: commit });
  await git.setConfig({ fs, gitdir, path: "http.receivepack", value: true });
  await rename(gitdir, bare);
  return bare;
}

async function writeFolder(gitdir: string, folder: string): Promise<string> {
  const tree = await Promise.all(
    (await readdir(folder, { withFileTypes: true })).map(async (entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return { mode: "040000", path: entry.name, oid: await writeFolder(gitdir, file), type: "tree" as const };
      const executable = ((await stat(file)).mode & 0o100) !== 0;
      return { mode: executable ? "100755" : "100644", path: entry.name, oid: await git.writeBlob({ fs, gitdir, blob: await readFile(file) }), type: "blob" as const };
    }),
  );
  return git.writeTree({ fs, gitdir, tree });
}
