import { displayUrl, type RepositoryAccess } from "../access.ts";
import type { RepositoryFolder } from "../folder.ts";
import type { RefSnapshot } from "../refs.ts";
import { type IndexedPack, indexPack } from "../store/index-pack.ts";
import { corrupt } from "../errors.ts";
import { readFileSync } from "node:fs";
import { fetchPack } from "./fetch-pack.ts";
import type { HttpPool } from "./http.ts";
import { type Capabilities, discover, listRefs } from "./smart-http.ts";
import { findSystemGit, indexWithGit } from "./system-git.ts";

/** What to bring: whole commits at a depth, or commits alone. */
export interface Wanted {
  commits: readonly string[];
  depth: number;
  /** Commits without their trees, where the server can leave them out. */
  commitsOnly?: boolean;
}

/** The far side of a repository, by whichever protocol. */
export interface Remote {
  refs(prefixes: readonly string[], now: number, signal: AbortSignal): Promise<RefSnapshot>;
  fetch(folder: RepositoryFolder, wanted: Wanted, signal: AbortSignal): Promise<void>;
}

export interface RemoteOptions {
  maxPackBytes?: number;
  fetchTimeoutMs?: number;
  systemGit?: string | false;
  onFork?: (command: string) => void;
}

/** Packs above this are indexed by `git index-pack` where there is one: it needs no memory of ours. */
const BIG_PACK_BYTES = 64 * 1024 * 1024;
const MOST_HAVES = 16;

export class SmartHttpRemote implements Remote {
  readonly #access: RepositoryAccess;
  readonly #pool: HttpPool;
  readonly #options: RemoteOptions;
  #capabilities: Capabilities | undefined;
  #discovering: ReturnType<typeof discover> | undefined;

  constructor(access: RepositoryAccess, pool: HttpPool, options: RemoteOptions) {
    this.#access = { ...access, url: access.url.trim() };
    this.#pool = pool;
    this.#options = options;
  }

  async refs(prefixes: readonly string[], now: number, signal: AbortSignal): Promise<RefSnapshot> {
    if (this.#capabilities?.version === 2) {
      try {
        return await listRefs(this.#pool, this.#access, this.#capabilities, prefixes, now, signal);
      } catch (error) {
        // What was learnt about the server may have become wrong: the next question starts over.
        this.#capabilities = undefined;
        throw error;
      }
    }
    const { capabilities, refs } = await this.#discover(now, signal);
    return refs ?? listRefs(this.#pool, this.#access, capabilities, prefixes, now, signal);
  }

  async fetch(folder: RepositoryFolder, wanted: Wanted, signal: AbortSignal): Promise<void> {
    const capabilities = this.#capabilities ?? (await (this.#discovering ?? this.#discover(0, signal))).capabilities;
    const haves = wanted.depth > 0 && wanted.commitsOnly !== true ? folder.newestComplete(MOST_HAVES) : [];
    const request = { wants: wanted.commits, haves, shallow: haves, depth: wanted.depth, maxBytes: this.#options.maxPackBytes ?? 1024 ** 3, patienceMs: Math.min(this.#options.fetchTimeoutMs ?? 90_000, 45_000), ...(wanted.commitsOnly === true ? { filter: "tree:0" } : {}) };
    await folder.store.addPack(fetchPack(this.#pool, this.#access, capabilities, request, signal), (file, bytes) => this.#index(folder, file, bytes, haves.length > 0, signal));
  }

  /** A fetch that comes while the server is being asked what it can do waits for that answer. */
  #discover(now: number, signal: AbortSignal): ReturnType<typeof discover> {
    const asked = discover(this.#pool, this.#access, now, signal).then((answer) => {
      this.#capabilities = answer.capabilities;
      return answer;
    });
    this.#discovering = asked;
    const done = (): void => {
      if (this.#discovering === asked) this.#discovering = undefined;
    };
    asked.then(done, done);
    return asked;
  }

  async #index(folder: RepositoryFolder, file: string, bytes: number, thin: boolean, signal: AbortSignal): Promise<IndexedPack> {
    const binary = this.#options.systemGit === false ? undefined : (this.#options.systemGit ?? findSystemGit());
    if (bytes > BIG_PACK_BYTES && binary !== undefined && !thin) {
      this.#options.onFork?.("git index-pack");
      return indexWithGit(binary, file, signal);
    }
    try {
      return await indexPack(readFileSync(file), { signal, findBase: (oid) => folder.store.find(oid) });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw corrupt(`pack from ${displayUrl(this.#access.url)}`, (error as Error).message);
    }
  }
}
