import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { RepositoryFolder } from "../folder.ts";
import { headOf, tagsAt } from "../refs.ts";
import { indexPack } from "../store/index-pack.ts";
import { ByteLru } from "../store/lru.ts";
import { createTestRepository } from "../testing/index.ts";
import { walk } from "../tree/lookup.ts";
import { findSystemGit, indexWithGit, SystemGitRemote } from "./system-git.ts";

const signal = new AbortController().signal;
const folders: string[] = [];
const folder = (): string => {
  folders.push(mkdtempSync(path.join(tmpdir(), "trireme-system-git-")));
  return folders.at(-1)!;
};

afterEach(() => folders.splice(0).forEach((one) => rmSync(one, { recursive: true, force: true })));

describe(SystemGitRemote, () => {
  it("lists refs and fetches into the same store that our own fetch writes to", async () => {
    using repository = createTestRepository();
    const first = repository.commit({ "a.txt": "1" });
    repository.git("tag", "-a", "v1", "-m", "x");
    repository.git("push", "-q", "origin", "v1");
    const second = repository.commit({ "a.txt": "2", "b/c.txt": "3" });
    const forks: string[] = [];
    const remote = new SystemGitRemote({ url: repository.bare }, findSystemGit()!, { onFork: (command) => forks.push(command) });

    const refs = await remote.refs(["HEAD", "refs/heads/", "refs/tags/"], 0, signal);
    expect([headOf(refs), refs.head, tagsAt(refs, first)]).toEqual([second, "refs/heads/main", ["v1"]]);

    const store = new RepositoryFolder(folder(), new ByteLru(1_000_000));
    await remote.fetch(store, { commits: [second], depth: 1 }, signal);
    await remote.fetch(store, { commits: [first], depth: 1 }, signal);
    const files = (commit: string): string[] => [...walk(store.store, store.store.readCommit(commit).tree)].map((entry) => `${entry.path}=${store.store.readBlob(entry.oid)}`);
    expect([files(first), files(second)]).toEqual([["a.txt=1"], ["a.txt=2", "b/c.txt=3"]]);
    expect(forks).toEqual(["git ls-remote", "git fetch", "git fetch"]);
    store.close();
  });

  it("says what git says, and leaves no key behind", async () => {
    const remote = new SystemGitRemote({ url: "ssh://git@127.0.0.1:1/web.git", sshPrivateKey: "not a key" }, findSystemGit()!, {});
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("trireme-ssh-")).length;
    await expect(remote.refs(["HEAD"], 0, signal)).rejects.toMatchObject({ reason: expect.stringMatching(/Git(ServerError|AuthenticationRequired)/), message: expect.stringMatching(/^ssh:\/\/127\.0\.0\.1:1\/web\.git: /) });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("trireme-ssh-")).length).toBe(before);
  });
});

describe(indexWithGit, () => {
  it("makes the index that we make ourselves", async () => {
    using repository = createTestRepository();
    for (let round = 0; round < 5; round++) repository.commit({ "a.txt": `${"line\n".repeat(200)}${round}` });
    execFileSync("git", ["--git-dir", repository.bare, "repack", "-adq"]);
    const packs = path.join(repository.bare, "objects", "pack");
    const pack = path.join(packs, readdirSync(packs).find((file) => file.endsWith(".pack"))!);

    const [theirs, ours] = [await indexWithGit(findSystemGit()!, pack, signal), await indexPack(readFileSync(pack))];

    expect(theirs).toEqual(ours);
    expect(existsSync(pack)).toBe(true);
  });
});
