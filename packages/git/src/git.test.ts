import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type GitRequestEvent, Git } from "./git.ts";
import { branchesOf, findRef, headOf, tagsAt, tagsOf } from "./refs.ts";
import type { Snapshot } from "./repository.ts";
import { createTestRepository, startTestGitServer, type TestGitServer, type TestRepository } from "./testing/index.ts";
import { diffTrees } from "./tree/diff.ts";
import { lookup, walk } from "./tree/lookup.ts";

let repository: TestRepository;
let server: TestGitServer;
let root: string;
let git: Git;
let events: GitRequestEvent[];

beforeEach(async () => {
  repository = createTestRepository();
  server = await startTestGitServer({ root: repository.root });
  root = mkdtempSync(path.join(tmpdir(), "trireme-git-store-"));
  events = [];
  git = new Git({ root, requestTimeoutMs: 2000, onRequest: (event) => events.push(event) });
});

afterEach(async () => {
  await git[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  repository[Symbol.dispose]();
  rmSync(root, { recursive: true, force: true });
});

const url = (): string => `${server.url}/app.git`;

describe(Git, () => {
  it("lists refs, and afterwards in one request", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    repository.git("tag", "-a", "v1.0.0", "-m", "first");
    repository.git("tag", "light");
    repository.git("push", "-q", "origin", "--tags");
    const opened = git.open({ url: url() });

    const refs = await opened.refs();

    expect({ branches: branchesOf(refs), tags: tagsOf(refs), head: headOf(refs), symref: refs.head, at: tagsAt(refs, sha) }).toEqual({ branches: ["main"], tags: ["light", "v1.0.0"], head: sha, symref: "refs/heads/main", at: ["light", "v1.0.0"] });
    expect(findRef(refs, "v1.0.0")?.peeled).toBe(sha);
    server.requests.length = 0;
    await opened.refs();
    expect(server.requests).toEqual(["POST git-upload-pack:ls-refs"]);
  });

  it("fetches one commit without its history, and then only what is new", async () => {
    const big = randomBytes(100_000).toString("base64");
    const first = repository.commit({ "dir/a.yaml": "a: 1\n", "dir/sub/b.yaml": "b: 1\n", big });
    const second = repository.commit({ "dir/a.yaml": "a: 2\n" }, "second\n\nbody");
    const opened = git.open({ url: url() });

    const one = await opened.snapshot(first);
    expect([...walk(one.store, one.tree)].map((entry) => entry.path)).toEqual(["big", "dir/a.yaml", "dir/sub/b.yaml"]);
    expect(one.store.readBlob(lookup(one.store, one.tree, "dir/a.yaml")!.oid).toString()).toBe("a: 1\n");
    const before = one.store.bytes;

    const two = await opened.snapshot(second);
    expect(two.store.bytes - before).toBeLessThan(1000);
    // A delta against a file of the first commit, which the new pack does not hold.
    const third = await opened.snapshot(repository.commit({ big: `${big.slice(0, 50_000)}changed${big.slice(50_000)}` }));
    expect(third.store.readBlob(lookup(third.store, third.tree, "big")!.oid).toString()).toContain("changed");
    expect([...diffTrees(two.store, one.tree, two.tree)].map((change) => change.path)).toEqual(["dir/a.yaml"]);
    const commit = two.store.readCommit(second);
    expect({ message: commit.message, author: commit.author.email, parents: commit.parents }).toEqual({ message: "second\n\nbody\n", author: "dev@example.test", parents: [first] });

    server.requests.length = 0;
    await opened.snapshot(first);
    expect(server.requests).toEqual([]);
    expect(events.map((event) => event.type)).toEqual(["fetch", "fetch", "fetch"]);
  });

  it("speaks the older protocol too, and fetches it all where single commits are not given", async () => {
    await using old = await startTestGitServer({ root: repository.root, oldProtocol: true, anyCommit: false });
    const first = repository.commit({ "a.txt": "1" });
    const second = repository.commit({ "a.txt": "2" });
    repository.git("tag", "-a", "v1", "-m", "x", first);
    repository.git("push", "-q", "origin", "v1");
    const opened = git.open({ url: `${old.url}/app.git` });

    const refs = await opened.refs();
    expect([headOf(refs), refs.head, findRef(refs, "v1")?.peeled]).toEqual([second, "refs/heads/main", first]);
    expect(contents(await opened.snapshot(second))).toEqual({ "a.txt": "2" });
    expect(contents(await opened.snapshot(first))).toEqual({ "a.txt": "1" });
    const third = repository.commit({ "a.txt": "3" });
    expect(contents(await opened.snapshot(third))).toEqual({ "a.txt": "3" });
    await expect(opened.snapshot("1".repeat(40))).rejects.toMatchObject({ reason: "RevisionNotFound", message: expect.stringContaining("has no commit 1111") });
  });

  it("keeps what it fetched over a restart, asks once who may read it, and sweeps what a crash left", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    await git.open({ url: url() }).snapshot(sha);
    await git[Symbol.asyncDispose]();
    const [folder] = readdirSync(root);
    const packs = path.join(root, folder!, "1", "objects", "pack");
    writeFileSync(path.join(packs, "tmp_pack_dead"), "half");
    writeFileSync(path.join(root, folder!, "1", "complete"), "0123", { flag: "a" });

    git = new Git({ root });
    server.requests.length = 0;
    expect(contents(await git.open({ url: url() }).snapshot(sha))).toEqual({ "a.txt": "1" });
    expect(server.requests).toEqual(["GET info/refs", "POST git-upload-pack:ls-refs"]);
    expect(readdirSync(packs).filter((file) => file.startsWith("tmp_"))).toEqual([]);
  });

  it("starts anew where its folder is broken", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    await git.open({ url: url() }).snapshot(sha);
    await git[Symbol.asyncDispose]();
    const packs = path.join(root, readdirSync(root)[0]!, "1", "objects", "pack");
    for (const file of readdirSync(packs)) if (file.endsWith(".idx")) writeFileSync(path.join(packs, file), "broken");

    git = new Git({ root });
    expect(contents(await git.open({ url: url() }).snapshot(sha))).toEqual({ "a.txt": "1" });
  });

  it("joins its packs when there are many, and reads every commit as before", async () => {
    const commits = Array.from({ length: 40 }, (_, index) => repository.commit({ [`f${index % 5}.txt`]: `${"line\n".repeat(50)}${index}` }));
    const opened = git.open({ url: url() });
    for (const commit of commits) await opened.snapshot(commit);

    const { store } = await opened.snapshot(commits[0]!);
    expect(store.packs.length).toBeLessThan(33);
    for (const [index, commit] of commits.entries()) expect(contents(await opened.snapshot(commit))[`f${index % 5}.txt`]).toBe(`${"line\n".repeat(50)}${index}`);
    // Git itself reads what we wrote.
    const folder = path.join(root, readdirSync(root)[0]!, "1");
    expect(execFileSync("git", ["--git-dir", folder, "cat-file", "-p", `${commits[3]}:f3.txt`], { encoding: "utf8" })).toMatch(/3$/);
    expect(execFileSync("git", ["--git-dir", folder, "cat-file", "--batch-all-objects", "--batch-check"], { encoding: "utf8" }).split("\n").length).toBeGreaterThan(100);
  });

  it("takes a repository that outgrew its limit from the start", async () => {
    const small = new Git({ root: mkdtempSync(path.join(root, "small-")), maxStoreBytes: 5000 });
    const commits = [1, 2, 3].map((n) => repository.commit({ "random.bin": randomBytes(4000), n: String(n) }));
    for (const commit of commits) expect(Object.keys(contents(await small.open({ url: url() }).snapshot(commit)))).toEqual(["n", "random.bin"]);
    await small[Symbol.asyncDispose]();
  });

  it("shares one fetch and one question between callers at the same time", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    const opened = git.open({ url: url() });
    await opened.refs();
    server.requests.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => opened.snapshot(sha)));
    expect(server.requests).toEqual(["POST git-upload-pack:fetch"]);
    server.requests.length = 0;
    await Promise.all(Array.from({ length: 50 }, () => opened.refs()));
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it("lets one caller leave without taking the answer from the others", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    const opened = git.open({ url: url() });
    const leaving = new AbortController();
    const left = opened.snapshot(sha, leaving.signal);
    const staying = opened.snapshot(sha);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect(contents(await staying)).toEqual({ "a.txt": "1" });
  });

  it("reads deltas, tags, executables and links as git does", async () => {
    const text = Array.from({ length: 2000 }, (_, index) => `line ${index}`);
    for (let round = 0; round < 8; round++) repository.commit({ "big.txt": text.map((line, index) => (index === round * 100 ? `${line} changed` : line)).join("\n"), [`d/${round}.txt`]: String(round) });
    repository.git("config", "core.fileMode", "false");
    repository.git("update-index", "--chmod=+x", "d/1.txt");
    const sha = repository.commit({ link: { link: "d/0.txt" } });
    execFileSync("git", ["--git-dir", repository.bare, "repack", "-adfq", "--depth=50"]);
    const { store, tree } = await git.open({ url: url() }).snapshot(sha);

    for (const entry of walk(store, tree)) expect(store.readBlob(entry.oid).toString()).toBe(execFileSync("git", ["--git-dir", repository.bare, "cat-file", "blob", entry.oid], { encoding: "utf8" }));
    expect([lookup(store, tree, "link")?.kind, lookup(store, tree, "d/1.txt")?.kind, lookup(store, tree, "d")?.kind, lookup(store, tree, "absent/x")]).toEqual(["symlink", "executable", "tree", undefined]);
  });

  it("finds commits by the beginning of their id", async () => {
    const first = repository.commit({ "a.txt": "1" });
    repository.commit({ "a.txt": "2" });
    const opened = git.open({ url: url() });
    expect(await opened.commitsStartingWith(first.slice(0, 9))).toEqual([first]);
    expect(contents(await opened.snapshot(first))).toEqual({ "a.txt": "1" });
    server.requests.length = 0;
    expect(await opened.commitsStartingWith("0000000")).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it("gives up on packs that are too large, and says so", async () => {
    const sha = repository.commit({ "random.bin": randomBytes(20_000) });
    const strict = new Git({ root: mkdtempSync(path.join(root, "strict-")), maxPackBytes: 10_000 });
    await expect(strict.open({ url: url() }).snapshot(sha)).rejects.toMatchObject({ reason: "GitTooLarge", message: `${url()}: pack is larger than 10000 bytes` });
    await strict[Symbol.asyncDispose]();
  });

  it("accepts only the certificates that it is told to", async () => {
    const { key, cert } = selfSigned(root);
    await using secure = await startTestGitServer({ root: repository.root, tls: { key, cert } });
    const sha = repository.commit({ "a.txt": "1" });
    const at = `${secure.url}/app.git`;
    await expect(git.open({ url: at }).refs()).rejects.toMatchObject({ reason: "GitServerUnreachable", message: expect.stringMatching(/self-signed certificate/) });
    expect(headOf(await git.open({ url: at, caData: cert }).refs())).toBe(sha);
    expect(headOf(await git.open({ url: at, insecure: true }).refs())).toBe(sha);
  });

  it("goes through a proxy unless the host is excepted", async () => {
    const sha = repository.commit({ "a.txt": "1" });
    const connects: string[] = [];
    const proxy = createServer((request, response) => {
      connects.push(request.url ?? "");
      const { hostname, port, pathname, search } = new URL(request.url ?? "");
      request.pipe(httpRequest({ hostname, port, path: pathname + search, method: request.method, headers: request.headers }, (answer) => answer.pipe(response.writeHead(answer.statusCode!, answer.headers))));
    });
    proxy.on("connect", (request, socket) => {
      connects.push(request.url ?? "");
      const [host, port] = request.url!.split(":");
      const upstream = connect(Number(port), host, () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      upstream.pipe(socket).pipe(upstream);
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const at = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    expect(headOf(await git.open({ url: url(), proxy: at }).refs())).toBe(sha);
    const through = connects.length;
    expect(through).toBeGreaterThan(0);
    expect(headOf(await git.open({ url: url(), proxy: at, noProxy: "example.com,127.0.0.1" }).refs())).toBe(sha);
    expect(connects.length).toBe(through);
    proxy.closeAllConnections();
    proxy.close();
  });

  it("says what it cannot reach", () => {
    expect(() => git.open({ url: "file:///etc" })).toThrow("file:///etc: only http, https and ssh repositories are reached");
    expect(() => git.open({ url: "/srv/repository" })).toThrow(/only http, https and ssh/);
    const none = new Git({ root: path.join(root, "none"), systemGit: false });
    expect(() => none.open({ url: "git@git.test:team/web.git" })).toThrow("git@git.test:team/web.git is reached by ssh, which needs the git program; it is not on this machine");
  });
});

/** Every file of a snapshot with its text. */
function contents({ store, tree }: Snapshot): Record<string, string> {
  return Object.fromEntries([...walk(store, tree)].map((entry) => [entry.path, store.readBlob(entry.oid).toString()]));
}

function selfSigned(folder: string): { key: string; cert: string } {
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path.join(folder, "key.pem"), "-out", path.join(folder, "cert.pem")], { stdio: "ignore" });
  return { key: readFileSync(path.join(folder, "key.pem"), "utf8"), cert: readFileSync(path.join(folder, "cert.pem"), "utf8") };
}
