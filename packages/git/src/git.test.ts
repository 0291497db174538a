import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type GitRequestEvent, Git } from "./git.ts";
import { branchesOf, findRef, headOf, tagsAt, tagsOf } from "./refs.ts";
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
    const big = "x\n".repeat(50_000);
    const first = repository.commit({ "dir/a.yaml": "a: 1\n", "dir/sub/b.yaml": "b: 1\n", big });
    const second = repository.commit({ "dir/a.yaml": "a: 2\n" }, "second\n\nbody");
    const opened = git.open({ url: url() });

    const one = await opened.snapshot(first);
    expect([...walk(one.store, one.tree)].map((entry) => entry.path)).toEqual(["big", "dir/a.yaml", "dir/sub/b.yaml"]);
    expect(one.store.readBlob(lookup(one.store, one.tree, "dir/a.yaml")!.oid).toString()).toBe("a: 1\n");
    const before = one.store.bytes;

    const two = await opened.snapshot(second);
    expect(two.store.bytes - before).toBeLessThan(1000);
    expect([...diffTrees(two.store, one.tree, two.tree)].map((change) => change.path)).toEqual(["dir/a.yaml"]);
    const commit = two.store.readCommit(second);
    expect({ message: commit.message, author: commit.author.email, parents: commit.parents }).toEqual({ message: "second\n\nbody\n", author: "dev@example.test", parents: [first] });

    server.requests.length = 0;
    await opened.snapshot(first);
    expect(server.requests).toEqual([]);
    expect(events.map((event) => event.type)).toEqual(["fetch", "fetch"]);
  });
});
