import { AppError, Code, withDeadline } from "@trireme/runtime";
import { displayUrl, type RepositoryAccess } from "./access.ts";
import { timedOut } from "./errors.ts";
import type { RepositoryFolder } from "./folder.ts";
import type { GitOptions } from "./git.ts";
import { unlessAborted } from "./mutex.ts";
import { commitOf, type RefSnapshot } from "./refs.ts";
import { consolidatePacks } from "./store/consolidate.ts";
import type { ObjectStore } from "./store/object-store.ts";
import type { Remote, Wanted } from "./transport/remote.ts";

/** One commit and the store that holds it whole: stays readable whatever is fetched meanwhile. */
export interface Snapshot {
  store: ObjectStore;
  commit: string;
  /** Id of the commit's root tree. */
  tree: string;
}

export interface RefsOptions {
  /** An answer at most this old will do; 0: ask the server now. */
  maxAgeMs?: number;
  signal?: AbortSignal;
}

const ALL_PREFIXES = ["HEAD", "refs/heads/", "refs/tags/"];
const MOST_PACKS = 32;

/** A repository seen through one door: with one set of credentials. */
export class Repository {
  readonly url: string;
  readonly #access: RepositoryAccess;
  readonly #folder: RepositoryFolder;
  readonly #remote: Remote;
  readonly #options: GitOptions;
  #known: RefSnapshot | undefined;
  #asking: Promise<RefSnapshot> | undefined;
  #askingNext: Promise<RefSnapshot> | undefined;
  readonly #fetching = new Map<string, Promise<void>>();
  /** The tips whose whole history was fetched: what is not in it need not be looked for again until they move. */
  #history: string | undefined;
  /** Once the server has let these credentials in, what is on disk is theirs to read. */
  #admitted = false;

  constructor(access: RepositoryAccess, folder: RepositoryFolder, remote: Remote, options: GitOptions) {
    this.url = displayUrl(access.url.trim());
    this.#access = access;
    this.#folder = folder;
    this.#remote = remote;
    this.#options = options;
  }

  /** What the server last said its refs are, without asking. */
  get knownRefs(): RefSnapshot | undefined {
    return this.#known;
  }

  /**
   * The server's branches, tags and HEAD. Callers that come while a question is on its way share the next one:
   * an answer is never older than the call that it is given to.
   */
  async refs(options: RefsOptions = {}): Promise<RefSnapshot> {
    const { maxAgeMs = 0, signal } = options;
    if (this.#known !== undefined && maxAgeMs > 0 && this.#now() - this.#known.askedAt <= maxAgeMs) return this.#known;
    if (this.#asking === undefined || maxAgeMs > 0) {
      this.#asking ??= this.#ask();
      return unlessAborted(this.#asking, signal);
    }
    this.#askingNext ??= this.#asking.then(ignore, ignore).then(() => {
      this.#askingNext = undefined;
      return (this.#asking = this.#ask());
    });
    return unlessAborted(this.#askingNext, signal);
  }

  /** Refs outside branches and tags, by full name. */
  async refsUnder(prefix: string, signal?: AbortSignal): Promise<RefSnapshot> {
    return unlessAborted(this.#counted("ls-remote", this.#requestMs(), (deadline) => this.#remote.refs([prefix], this.#now(), deadline)), signal);
  }

  /** The commit with its whole tree, fetched if need be. `RevisionNotFound` where the server has no such commit. */
  async snapshot(commit: string, signal?: AbortSignal): Promise<Snapshot> {
    for (let attempt = 1; ; attempt++) {
      await this.ensure([commit], signal);
      const { store } = this.#folder;
      // The folder may have been left for a new one since; what is held of the old one stays readable.
      if (this.#folder.isComplete(commit) || attempt === 3) return { store, commit, tree: this.#readable(() => store.readCommit(commit)).tree };
    }
  }

  /** Makes sure that the commits are here with their trees: at most one fetch for all that are missing. */
  async ensure(commits: readonly string[], signal?: AbortSignal): Promise<void> {
    const missing = [...new Set(commits)].filter((commit) => !this.#folder.isComplete(commit));
    if (missing.length === 0) {
      if (!this.#admitted) await this.refs(signal === undefined ? {} : { signal });
      return;
    }
    const fresh = missing.filter((commit) => !this.#fetching.has(commit));
    if (fresh.length > 0) {
      const work = this.#folder.mutex.run(() => this.#fetchCommits(fresh)).finally(() => fresh.forEach((commit) => this.#fetching.delete(commit)));
      fresh.forEach((commit) => this.#fetching.set(commit, work));
    }
    await unlessAborted(Promise.all(missing.map((commit) => this.#fetching.get(commit) ?? Promise.resolve())), signal);
  }

  /** Whole ids of commits that begin with the digits; the history is fetched where nothing here fits. */
  async commitsStartingWith(prefix: string, signal?: AbortSignal): Promise<string[]> {
    const refs = await this.refs({ maxAgeMs: 60_000, ...(signal && { signal }) });
    const tips = [...new Set(refs.refs.map(commitOf))];
    const found = new Set([...tips.filter((oid) => oid.startsWith(prefix)), ...this.#folder.store.commitsStartingWith(prefix)]);
    const history = tips.join();
    if (found.size > 0 || tips.length === 0 || this.#history === history) return [...found];
    await unlessAborted(this.#folder.mutex.run(() => this.#fetch({ commits: tips, depth: 0, commitsOnly: true })), signal);
    this.#history = history;
    return this.#folder.store.commitsStartingWith(prefix);
  }

  /** Throws away what is on disk: for a store that proved to be broken. */
  startAnew(): void {
    this.#folder.startAnew();
  }

  async #ask(): Promise<RefSnapshot> {
    try {
      const snapshot = await this.#counted("ls-remote", this.#requestMs(), (signal) => this.#remote.refs(ALL_PREFIXES, this.#now(), signal));
      this.#known = snapshot;
      this.#admitted = true;
      return snapshot;
    } finally {
      this.#asking = undefined;
    }
  }

  async #fetchCommits(commits: readonly string[]): Promise<void> {
    const missing = commits.filter((commit) => !this.#folder.isComplete(commit));
    if (missing.length === 0) return;
    if (this.#folder.store.bytes > (this.#options.maxStoreBytes ?? 2 * 1024 ** 3)) this.#folder.startAnew();
    try {
      await this.#fetch({ commits: missing, depth: 1 });
    } catch (error) {
      if (!(error instanceof AppError) || error.reason !== "RevisionNotFound") throw error;
      await this.#fetchEverything(missing, error);
    }
    this.#folder.markComplete(missing);
    if (this.#folder.store.packs.length > MOST_PACKS) await consolidatePacks(this.#folder.store);
  }

  /** For servers that give only what their refs name: everything, then look. */
  async #fetchEverything(missing: readonly string[], refusal: AppError): Promise<void> {
    const refs = await this.refs({ maxAgeMs: 10_000 });
    const tips = [...new Set(refs.refs.map(commitOf))];
    if (tips.length > 0 && !missing.every((commit) => tips.includes(commit))) await this.#fetch({ commits: tips, depth: 0 });
    const lost = missing.find((commit) => !this.#folder.store.has(commit));
    if (lost !== undefined) throw new AppError(`${this.url} has no commit ${lost}`, { reason: "RevisionNotFound", code: Code.NotFound, retry: "never", cause: refusal, details: { repository: this.url, revision: lost } });
  }

  async #fetch(wanted: Wanted): Promise<void> {
    await this.#counted("fetch", this.#options.fetchTimeoutMs ?? 90_000, (signal) => this.#remote.fetch(this.#folder, wanted, signal));
    this.#admitted = true;
  }

  /** A store that proves to be broken is left at once: the next call fetches anew. */
  #readable<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof AppError && error.retry === "now") this.#folder.startAnew();
      throw error;
    }
  }

  async #counted<T>(type: "ls-remote" | "fetch", limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const started = performance.now();
    let failure: unknown;
    try {
      return await withDeadline(`${type} of ${this.url}`, limitMs, work);
    } catch (error) {
      failure = error instanceof AppError && error.reason === "DeadlineExceeded" ? timedOut(this.#access.url, type, limitMs) : error;
      throw failure;
    } finally {
      this.#options.onRequest?.({ type, repository: this.url, ms: performance.now() - started, ...(failure === undefined ? {} : { error: failure }) });
    }
  }

  #requestMs(): number {
    return 2 * (this.#options.requestTimeoutMs ?? 15_000);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

function ignore(): void {}
