import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type GitServer, startGitServer } from "./git-server.ts";
import type { PushedRef } from "./pushed-refs.ts";

const run = promisify(execFile);
const ENVIRONMENT = { PATH: process.env["PATH"], HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b.c", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b.c" };

let root: string;
let server: GitServer;
const git = async (...args: string[]): Promise<string> => (await run("git", args, { env: ENVIRONMENT, cwd: root })).stdout.trim();
const failure = (work: Promise<unknown>): Promise<string> => work.then(() => "it worked", (error: { stderr?: string }) => error.stderr ?? String(error));
const urlFor = (user: string, name = "web.git"): string => server.url.replace("http://", `http://${user}@`) + `/${name}`;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "trireme-git-server-"));
  await git("init", "-q", "--bare", "-b", "main", "web.git");
  server = await startGitServer({ root, port: 0, users: [{ name: "dev", token: "t0ken" }, { name: "reader", token: "r", push: false }] });
});

afterEach(async () => {
  await server.stop();
  await rm(root, { recursive: true, force: true });
});

describe(startGitServer, () => {
  it("lets a user push and others who may clone it", async () => {
    await git("clone", "-q", urlFor("dev:t0ken"), "work");
    await writeFile(path.join(root, "work", "a.txt"), "x".repeat(3_000_000));
    await git("-C", "work", "add", "-A");
    await git("-C", "work", "commit", "-q", "-m", "first");
    await git("-C", "work", "push", "-q", "origin", "HEAD:main");
    await git("clone", "-q", urlFor("reader:r"), "copy");
    expect(await git("-C", "copy", "log", "--format=%s")).toBe("first");
    expect(await failure(git("-C", "copy", "push", urlFor("reader:r"), "HEAD:other"))).toMatch(/403/);
  });

  it("tells of each ref that a push has made, moved or deleted, and of none that it was refused", async () => {
    const told: PushedRef[] = [];
    await server.stop();
    server = await startGitServer({ root, port: 0, users: [{ name: "dev", token: "t0ken" }], onPush: (pushed) => void told.push(pushed) });
    const nowhere = "0".repeat(40);
    const heard = async (...args: string[]): Promise<object[]> => {
      await git("-C", "work", ...args);
      for (const until = Date.now() + 10_000; told.length === 0 && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 10));
      return told.splice(0).sort((a, b) => a.ref.localeCompare(b.ref));
    };
    const commit = async (message: string): Promise<string> => {
      await git("-C", "work", "commit", "-q", "--allow-empty", "-m", message);
      return git("-C", "work", "rev-parse", "HEAD");
    };
    const of = { repository: `${server.url}/web`, defaultBranch: "main" };
    await git("clone", "-q", urlFor("dev:t0ken"), "work");
    const first = await commit("first");
    expect(await heard("push", "-q", "origin", "HEAD:main", "HEAD:other")).toEqual([{ ...of, ref: "refs/heads/main", before: nowhere, after: first }, { ...of, ref: "refs/heads/other", before: nowhere, after: first }]);
    const second = await commit("second");
    expect(await heard("push", "-q", "origin", "HEAD:main")).toEqual([{ ...of, ref: "refs/heads/main", before: first, after: second }]);
    await git("-C", "work", "reset", "-q", "--hard", first);
    const third = await commit("third");
    expect(await failure(git("-C", "work", "push", "-q", "origin", "HEAD:main"))).toMatch(/non-fast-forward|fetch first/);
    expect(await heard("push", "-q", "origin", "HEAD:refs/tags/v1", ":other")).toEqual([{ ...of, ref: "refs/heads/other", before: first, after: nowhere }, { ...of, ref: "refs/tags/v1", before: nowhere, after: third }]);
  });

  it("refuses strangers and wrong tokens with its reason", async () => {
    const ask = (user?: string): Promise<Response> => fetch(`${server.url}/web.git/info/refs?service=git-upload-pack`, user === undefined ? {} : { headers: { authorization: `Basic ${Buffer.from(user).toString("base64")}` } });
    const [nobody, wrong, right] = await Promise.all([ask(), ask("dev:wrong"), ask("dev:t0ken")]);
    expect([nobody.status, await nobody.text()]).toEqual([401, "web.git needs a user name and a token\n"]);
    expect([wrong.status, await wrong.text()]).toEqual([401, "wrong user name or token for web.git\n"]);
    expect(right.status).toBe(200);
    await right.text();
  });

  it("serves repositories over the smart protocol and nothing else", async () => {
    await mkdir(path.join(root, "plain"));
    await writeFile(path.join(root, "plain", "secret"), "s");
    const headers = { authorization: `Basic ${Buffer.from("dev:t0ken").toString("base64")}` };
    const status = async (at: string): Promise<number> => (await fetch(server.url + at, { headers })).status;
    expect(await status("/web.git/HEAD")).toBe(404);
    expect(await status("/web.git/config")).toBe(404);
    expect(await status("/plain/secret")).toBe(404);
    expect(await status("/%2e%2e/web.git/info/refs?service=git-upload-pack")).toBe(200);
    expect(await status("/absent.git/info/refs?service=git-upload-pack")).toBe(404);
    expect(await status("/web/info/refs?service=git-upload-pack")).toBe(200);
    expect(await (await fetch(`${server.url}/healthz`)).text()).toBe("ok\n");
  });

  it("names a port that is taken", async () => {
    const port = Number(new URL(server.url).port);
    await expect(startGitServer({ root, port, users: [] })).rejects.toThrow(`Git server: cannot listen on 127.0.0.1:${port}`);
  });
});
