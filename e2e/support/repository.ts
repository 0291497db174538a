import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { ensureRepository, GIT_ENVIRONMENT } from "@trireme/launcher";
import { Api } from "./api.ts";
import type { Stack } from "./stack.ts";
import { senders } from "./webhooks.ts";

const run = promisify(execFile);

/** A clone as a developer or a pipeline has it; pushes over HTTP with the user's token. */
export class Repository implements AsyncDisposable {
  readonly url: string;
  readonly dir: string;
  readonly #stack: Pick<Stack, "git">;

  private constructor(stack: Pick<Stack, "git">, url: string, dir: string) {
    this.#stack = stack;
    this.url = url;
    this.dir = dir;
  }

  /** Creates `<name>.git` on the Git server from files (or the sample) and clones it. */
  static async create(stack: Pick<Stack, "git">, name: string, files?: Record<string, string>): Promise<Repository> {
    const source = await mkdtemp(path.join(os.tmpdir(), "trireme-files-"));
    try {
      if (files !== undefined) await writeFiles(source, files);
      await ensureRepository(stack.git.root, name, ...(files === undefined ? [] : [source]));
    } finally {
      await rm(source, { recursive: true, force: true });
    }
    return Repository.clone(stack, `${stack.git.url}/${name}.git`);
  }

  static async clone(stack: Pick<Stack, "git">, url: string): Promise<Repository> {
    const dir = await mkdtemp(path.join(os.tmpdir(), "trireme-clone-"));
    const repository = new Repository(stack, url, dir);
    await repository.git("clone", "-q", repository.#withToken(), ".");
    return repository;
  }

  /** Writes files (null removes one), commits and pushes. Returns the commit. */
  async push(message: string, files: Record<string, string | null>): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      if (content === null) await rm(path.join(this.dir, name), { recursive: true });
      else await writeFiles(this.dir, { [name]: content });
    }
    await this.git("add", "-A");
    await this.git("commit", "-q", "-m", message);
    await this.git("push", "-q", "origin", "HEAD");
    return this.head();
  }

  /** Pushes, and tells the product of it as GitHub does. */
  async pushAndTell(stack: Pick<Stack, "url">, message: string, files: Record<string, string | null>): Promise<string> {
    const commit = await this.push(message, files);
    await this.tell(stack, commit);
    return commit;
  }

  async tell(stack: Pick<Stack, "url">, commit: string): Promise<void> {
    const { headers, body } = senders.github({ repository: this.url.replace(/\.git$/, ""), branch: "main", after: commit });
    await new Api(stack.url).must("POST", "/api/webhook", body, headers);
  }

  /** Changes one file's text, commits and pushes. */
  async edit(name: string, change: (text: string) => string, message = `Change ${name}`): Promise<string> {
    const before = await readFile(path.join(this.dir, name), "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${name} changed nothing`);
    return this.push(message, { [name]: after });
  }

  async head(): Promise<string> {
    return (await this.git("rev-parse", "HEAD")).trim();
  }

  async git(...args: string[]): Promise<string> {
    const { stdout } = await run("git", args, { cwd: this.dir, env: { ...process.env, ...GIT_ENVIRONMENT, GIT_TERMINAL_PROMPT: "0" } });
    return stdout;
  }

  #withToken(): string {
    const { user, token } = this.#stack.git;
    return this.url.replace("http://", `http://${user}:${token}@`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

async function writeFiles(dir: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
}
