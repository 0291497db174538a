import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { AppError, Code } from "@trireme/runtime";
import { accessFingerprint, displayUrl, isHttpUrl, repositoryKey, type RepositoryAccess } from "./access.ts";
import { RepositoryFolder } from "./folder.ts";
import { Repository } from "./repository.ts";
import { ByteLru } from "./store/lru.ts";
import type { ObjectCache } from "./store/pack.ts";
import { HttpPool } from "./transport/http.ts";
import { SmartHttpRemote } from "./transport/remote.ts";
import { findSystemGit, SystemGitRemote } from "./transport/system-git.ts";

/** One question to a Git server, as Argo's `argocd_git_request_total` counts them. */
export interface GitRequestEvent {
  type: "ls-remote" | "fetch";
  repository: string;
  ms: number;
  error?: unknown;
}

export interface GitOptions {
  /** Folder for all repositories. */
  root: string;
  /** Connect, first byte, and silence within an answer. Default 15 s. */
  requestTimeoutMs?: number;
  /** A whole fetch. Default 90 s. */
  fetchTimeoutMs?: number;
  /** Largest pack that is taken. Default 1 GiB. */
  maxPackBytes?: number;
  /** A repository's folder beyond this is started anew. Default 2 GiB. */
  maxStoreBytes?: number;
  /** Inflated objects kept in memory, all repositories together. Default 64 MiB. */
  cacheBytes?: number;
  now?: () => number;
  onRequest?: (event: GitRequestEvent) => void;
  /** Called for each HTTP request, with its method and path's last part. */
  onHttp?: (what: string) => void;
  /** Called for each process that is started. */
  onFork?: (command: string) => void;
  /** Path of `git` for ssh and very big packs; default from PATH, `false` for never. */
  systemGit?: string | false;
}

/** All repositories of one process. Opening is cheap and asks nobody; see {@link Repository}. */
export class Git implements AsyncDisposable {
  readonly #options: GitOptions;
  readonly #pool: HttpPool;
  readonly #cache: ObjectCache;
  readonly #folders = new Map<string, RepositoryFolder>();
  readonly #repositories = new Map<string, Repository>();

  constructor(options: GitOptions) {
    this.#options = options;
    this.#pool = new HttpPool({ requestTimeoutMs: options.requestTimeoutMs ?? 15_000, ...(options.onHttp && { onHttp: options.onHttp }), ...(options.now && { now: options.now }) });
    this.#cache = new ByteLru(options.cacheBytes ?? 64 * 1024 * 1024);
    mkdirSync(options.root, { recursive: true, mode: 0o700 });
  }

  /** The repository through this door. Objects are shared between doors, what a server said is not. */
  open(access: RepositoryAccess): Repository {
    const key = accessFingerprint(access);
    let repository = this.#repositories.get(key);
    if (repository === undefined) {
      repository = new Repository(access, this.#folder(access.url), this.#remote(access), this.#options);
      if (this.#repositories.size >= 10_000) this.#repositories.delete(this.#repositories.keys().next().value!);
      this.#repositories.set(key, repository);
    }
    return repository;
  }

  /** An access for programs that know no GitHub Apps: with a user and password that stand for it a while. */
  signedIn(access: RepositoryAccess, signal?: AbortSignal): Promise<RepositoryAccess> {
    return this.#pool.signedIn(access, signal);
  }

  #folder(url: string): RepositoryFolder {
    const key = createHash("sha256").update(repositoryKey(url)).digest("hex").slice(0, 32);
    let folder = this.#folders.get(key);
    if (folder === undefined) {
      folder = new RepositoryFolder(path.join(this.#options.root, key), this.#cache);
      this.#folders.set(key, folder);
    }
    return folder;
  }

  #remote(access: RepositoryAccess): SmartHttpRemote | SystemGitRemote {
    if (isHttpUrl(access.url)) {
      if (!URL.canParse(access.url.trim())) throw new AppError(`${displayUrl(access.url)} is not a URL`, { reason: "InvalidRepositoryURL", code: Code.InvalidArgument, retry: "never" });
      return new SmartHttpRemote(access, this.#pool, this.#options);
    }
    const binary = this.#options.systemGit === false ? undefined : (this.#options.systemGit ?? findSystemGit());
    if (!/^ssh:\/\/|^[^/:@\s]+@[^/:\s]+:/.test(access.url.trim())) {
      throw new AppError(`${displayUrl(access.url)}: only http, https and ssh repositories are reached`, { reason: "InvalidRepositoryURL", code: Code.InvalidArgument, retry: "never" });
    }
    if (binary === undefined) throw new AppError(`${displayUrl(access.url)} is reached by ssh, which needs the git program; it is not on this machine`, { reason: "GitBinaryMissing", code: Code.FailedPrecondition, retry: "never" });
    return new SystemGitRemote(access, binary, this.#options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const folder of this.#folders.values()) folder.close();
    await this.#pool.close();
  }
}
