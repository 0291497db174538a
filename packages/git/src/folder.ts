import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Mutex } from "./mutex.ts";
import { ObjectStore } from "./store/object-store.ts";
import type { ObjectCache } from "./store/pack.ts";

/** How long a folder that was replaced stays readable for those who are in it, in milliseconds. */
const LINGER_MS = 300_000;

/**
 * What one repository left on disk: a bare Git folder, and a list of the commits whose whole tree is in it.
 * Nothing here depends on who fetched it. Folders are numbered: a new one replaces one that is broken or too big.
 */
export class RepositoryFolder {
  readonly #root: string;
  readonly #cache: ObjectCache;
  /** Fetches and repacks run one at a time. */
  readonly mutex = new Mutex();
  #store!: ObjectStore;
  /** Oldest first. */
  #complete = new Set<string>();
  #folder!: string;

  constructor(root: string, cache: ObjectCache) {
    this.#root = root;
    this.#cache = cache;
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const numbers = this.#numbers();
    const newest = numbers.at(-1) ?? 1;
    for (const old of numbers) if (old !== newest) rmSync(path.join(root, String(old)), { recursive: true, force: true });
    try {
      this.#enter(newest);
    } catch {
      this.startAnew();
    }
  }

  get store(): ObjectStore {
    return this.#store;
  }

  /** The bare Git folder itself. */
  get path(): string {
    return this.#folder;
  }

  isComplete(commit: string): boolean {
    return this.#complete.has(commit);
  }

  /** Commits that a server may take for granted that we have whole, newest first. */
  newestComplete(limit: number): string[] {
    return [...this.#complete].slice(-limit).reverse();
  }

  /** Only after their objects are durable. */
  markComplete(commits: readonly string[]): void {
    const fresh = commits.filter((commit) => !this.#complete.has(commit));
    if (fresh.length === 0) return;
    appendFileSync(path.join(this.#folder, "complete"), fresh.map((commit) => `${commit}\n`).join(""), { mode: 0o600 });
    for (const commit of fresh) this.#complete.add(commit);
  }

  /** Leaves the present folder for an empty one. Who reads in the old one may finish. */
  startAnew(): void {
    const old = this.#store as ObjectStore | undefined;
    const before = this.#numbers();
    this.#enter((before.at(-1) ?? 0) + 1);
    setTimeout(() => {
      old?.close();
      for (const number of before) rmSync(path.join(this.#root, String(number)), { recursive: true, force: true });
    }, LINGER_MS).unref();
  }

  close(): void {
    this.#store.close();
  }

  #enter(number: number): void {
    const folder = path.join(this.#root, String(number));
    mkdirSync(path.join(folder, "objects", "pack"), { recursive: true, mode: 0o700 });
    mkdirSync(path.join(folder, "refs"), { recursive: true, mode: 0o700 });
    if (!existsSync(path.join(folder, "HEAD"))) writeFileSync(path.join(folder, "HEAD"), "ref: refs/heads/none\n");
    for (const file of readdirSync(path.join(folder, "objects", "pack"))) if (file.startsWith("tmp_pack_")) rmSync(path.join(folder, "objects", "pack", file), { force: true });
    this.#store = new ObjectStore(folder, this.#cache);
    this.#folder = folder;
    const file = path.join(folder, "complete");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    this.#complete = new Set(lines.filter((line) => /^[0-9a-f]{40}$/.test(line)));
  }

  #numbers(): number[] {
    return readdirSync(this.#root)
      .filter((name) => /^\d{1,9}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }
}
