import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Files by path; `null` removes one, `{ link }` makes a symbolic link. */
export type Files = Record<string, string | Buffer | null | { link: string }>;

/** A bare repository in a folder to serve from, with a work tree that commits and pushes to it. */
export interface TestRepository extends Disposable {
  /** Folder for the server. */
  root: string;
  name: string;
  bare: string;
  /** Commits the changes on the present branch, pushes it, and gives the commit's id. */
  commit(files: Files, message?: string): string;
  git(...args: string[]): string;
}

export function createTestRepository(name = "app.git", root = mkdtempSync(path.join(tmpdir(), "trireme-git-test-"))): TestRepository {
  const work = mkdtempSync(path.join(tmpdir(), "trireme-git-work-"));
  const bare = path.join(root, name);
  const env = {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "dev",
    GIT_AUTHOR_EMAIL: "dev@example.test",
    GIT_COMMITTER_NAME: "dev",
    GIT_COMMITTER_EMAIL: "dev@example.test",
  };
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: work, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  git("init", "-q", "-b", "main");
  execFileSync("git", ["init", "-q", "--bare", "-b", "main", bare], { env });
  git("remote", "add", "origin", bare);
  return {
    root,
    name,
    bare,
    git,
    commit(files, message = "change") {
      for (const [file, content] of Object.entries(files)) {
        const target = path.join(work, file);
        rmSync(target, { recursive: true, force: true });
        if (content === null) continue;
        mkdirSync(path.dirname(target), { recursive: true });
        if (typeof content === "object" && "link" in content) symlinkSync(content.link, target);
        else writeFileSync(target, content);
      }
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      git("push", "-q", "origin", "HEAD");
      return git("rev-parse", "HEAD");
    },
    [Symbol.dispose]() {
      rmSync(work, { recursive: true, force: true });
      rmSync(root, { recursive: true, force: true });
    },
  };
}
