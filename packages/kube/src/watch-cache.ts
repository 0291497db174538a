import type { KubeObject, KubeStatus } from "@trireme/api";
import { AppError, Code, asAppError } from "@trireme/runtime/errors";
import { pause, waited } from "@trireme/runtime/waited";
import { Backoff, type BackoffOptions } from "./backoff.ts";
import type { CacheEvent, KubeClient, WatchCache, WatchEvent } from "./client.ts";
import { isGone, KindNotServedError, KubeError } from "./errors.ts";
import { listAll, PAGE_SIZE } from "./list-all.ts";
import { ObjectStore } from "./object-store.ts";
import type { CacheWatch } from "./rest-client.ts";

export interface WatchCacheOptions<T extends KubeObject> {
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  metadataOnly?: boolean;
  pageSize?: number;
  /** Every object goes through here before it is kept: redaction, leaving out managedFields. Must keep the metadata that identifies it. */
  transform?: (object: T) => T;
  backoff?: BackoffOptions;
  /** After every change of `synced` or `failure`. */
  onState?: (cache: WatchCache<T>) => void;
}

/** Default time to wait for the first list. */
const SYNC_MS = 60_000;
/** A watch that lasted this long was a working one. */
const WORKED_MS = 5_000;
const AWAY_MS = 5_000;
/** A watch that the server accepted and that has been open for so long follows the cluster, heard or not. */
const STAYED_MS = 1_000;
const REFUSALS: ReadonlySet<string> = new Set(["Forbidden", "Unauthorized", "NotFound", "KindNotServed", "MethodNotAllowed", "ClusterCredentials"]);

/** Starts listing and watching at once; `waitForSync` tells when the content is known. Dispose to stop. */
export function watchCache<T extends KubeObject = KubeObject>(client: KubeClient, gvk: { group: string; version?: string; kind: string }, options: WatchCacheOptions<T> = {}): WatchCache<T> {
  return new Reflector(client, gvk, options);
}

/** A `transform` for readers that never ask who wrote what: managedFields are a third of most objects. */
export function withoutManagedFields<T extends KubeObject>(object: T): T {
  delete object.metadata.managedFields;
  return object;
}

class Reflector<T extends KubeObject> implements WatchCache<T> {
  readonly #client: KubeClient;
  readonly #gvk: { group: string; version?: string; kind: string };
  readonly #options: WatchCacheOptions<T>;
  readonly #store: ObjectStore<T>;
  readonly #listeners = new Set<(event: CacheEvent<T>) => void>();
  readonly #stop = new AbortController();
  readonly #firstList = Promise.withResolvers<void>();
  readonly #backoff: Backoff;
  readonly #running: Promise<void>;
  #synced = false;
  #failure: WatchCache["failure"];

  constructor(client: KubeClient, gvk: { group: string; version?: string; kind: string }, options: WatchCacheOptions<T>) {
    this.#client = client;
    this.#gvk = gvk;
    this.#options = options;
    this.#backoff = new Backoff(options.backoff);
    this.#store = new ObjectStore<T>((event) => this.#tell(event));
    this.#firstList.promise.catch(() => {});
    this.#running = this.#run(this.#stop.signal);
  }

  get synced(): boolean {
    return this.#synced;
  }

  get failure(): WatchCache["failure"] {
    return this.#failure;
  }

  async waitForSync(signal: AbortSignal = AbortSignal.timeout(SYNC_MS)): Promise<void> {
    if (this.#synced) return;
    try {
      await waited(this.#firstList.promise, signal);
    } catch (cause) {
      if (!signal.aborted) throw cause;
      const why = this.#failure ? `: ${this.#failure.message}` : "";
      throw new AppError(`the first list of ${this.#what} did not arrive in time${why}`, { reason: "CacheNotSynced", code: Code.DeadlineExceeded, retry: "later", cause });
    }
  }

  get(namespace: string, name: string): T | undefined {
    return this.#store.get(namespace, name);
  }

  list(): T[] {
    return this.#store.list();
  }

  on(listener: (event: CacheEvent<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  observe(object: T): void {
    this.#store.observe(this.#entry(object));
  }

  observeDeleted(object: T): void {
    this.#store.observeDeleted(object);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#listeners.clear();
  }

  get #what(): string {
    const { group, kind } = this.#gvk;
    return `${group === "" ? kind : `${kind}.${group}`}${this.#options.namespace ? ` in ${this.#options.namespace}` : ""} on ${this.#client.cluster}`;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let position: string | undefined;
    while (!signal.aborted) {
      try {
        position ??= await this.#list(signal);
        position = await this.#watch(position, signal);
      } catch (thrown) {
        if (signal.aborted) break;
        position = undefined;
        if (await this.#isWithdrawn(thrown)) {
          this.#store.clear();
          this.#current();
        } else this.#failed(thrown);
        await this.#pauseAfter(thrown, signal);
      }
    }
    this.#firstList.reject(new AppError(`the cache of ${this.#what} was closed`, { reason: "CacheClosed", code: Code.Canceled }));
  }

  async #pauseAfter(thrown: unknown, signal: AbortSignal): Promise<void> {
    const { reason } = asAppError(thrown);
    try {
      // A server that is away comes back any moment; one that refuses does so until somebody changes something.
      await pause(Math.max(wishOf(thrown), Math.min(this.#backoff.next(), REFUSALS.has(reason) ? Infinity : AWAY_MS)), signal);
      // What it serves has changed, or could not be learnt.
      if (reason === "KindUnknown" || reason === "NotFound") await this.#client.discovery({ refresh: true, signal });
    } catch {
      // Closed, or still not reachable: the next round says so.
    }
  }

  /**
   * The kind went with its CRD, and all its objects with it: that is known, not unknown. A kind that is served in another
   * version still has its objects.
   */
  async #isWithdrawn(thrown: unknown): Promise<boolean> {
    if (!this.#synced || !(thrown instanceof KindNotServedError) || thrown.reason !== "KindNotServed") return false;
    const { group, kind } = this.#gvk;
    try {
      return (await this.#client.discovery()).find({ group, kind }) === undefined;
    } catch {
      return false;
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { pageSize = PAGE_SIZE, namespace, labelSelector, fieldSelector, metadataOnly } = this.#options;
    const { items, resourceVersion } = await listAll<T>(this.#client, this.#gvk, {
      ...selected({ namespace, labelSelector, fieldSelector, metadataOnly }),
      limit: pageSize,
      signal,
      entry: (object) => this.#entry(object),
    });
    this.#store.replace(items, resourceVersion);
    this.#current();
    return resourceVersion;
  }

  /** Watches until the server ends it; the answer is where to go on, `undefined` for a new list. */
  async #watch(from: string, signal: AbortSignal): Promise<string | undefined> {
    const { namespace, labelSelector, fieldSelector, metadataOnly } = this.#options;
    const started = performance.now();
    let opened: NodeJS.Timeout | undefined;
    const watch: AsyncIterable<WatchEvent<T>> = this.#client.watch<T>(this.#gvk, {
      ...selected({ namespace, labelSelector, fieldSelector, metadataOnly }),
      resourceVersion: from,
      allowWatchBookmarks: true,
      // Spread, so that the watches of many caches do not all end together.
      timeoutSeconds: 300 + Math.floor(Math.random() * 300),
      signal,
      skip: (line: Buffer) => this.#store.isEcho(line),
      // Quiet kinds send nothing, not even bookmarks: a watch that is open and stays so is a working one.
      onOpen: () => (opened = setTimeout(() => this.#current(), STAYED_MS)),
    } as Parameters<KubeClient["watch"]>[1] & CacheWatch);
    let heard = false;
    try {
      for await (const event of watch) {
        if (event.type === "ERROR") {
          const error = statusError(event.object, this.#client.cluster, this.#what);
          if (!mustListAnew(error)) throw error;
          await this.#slowDown(heard, started, signal);
          return undefined;
        }
        heard = true;
        this.#current();
        if (event.type === "BOOKMARK") this.#store.reached(event.object.metadata.resourceVersion);
        else if (event.type === "DELETED") this.#store.deleted(this.#entry(event.object));
        else this.#store.changed(this.#entry(event.object));
      }
    } catch (thrown) {
      if (mustListAnew(thrown)) {
        await this.#slowDown(heard, started, signal);
        return undefined;
      }
      if (performance.now() - started > WORKED_MS) this.#backoff.reset();
      // A watch of what is not there any more starts over with a list, which tells why.
      if (thrown instanceof KindNotServedError || (thrown instanceof KubeError && thrown.reason === "NotFound")) throw thrown;
      // What was read stays read: the next watch goes on from there.
      this.#failed(thrown);
      await pause(Math.max(wishOf(thrown), Math.min(this.#backoff.next(), AWAY_MS)), signal);
      return this.#store.position ?? from;
    } finally {
      clearTimeout(opened);
    }
    await this.#slowDown(heard, started, signal);
    return this.#store.position ?? from;
  }

  /** A server that ends watches as soon as they start must not be asked in a circle. */
  async #slowDown(heard: boolean, started: number, signal: AbortSignal): Promise<void> {
    if (heard || performance.now() - started > WORKED_MS) this.#backoff.reset();
    else await pause(this.#backoff.next(), signal);
  }

  #entry(object: T): T {
    return this.#options.transform ? this.#options.transform(object) : object;
  }

  #tell(event: CacheEvent<T>): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (thrown) {
        // One listener's mistake is not the others'; it surfaces as what it is.
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }

  #current(): void {
    if (this.#synced && !this.#failure) return;
    this.#failure = undefined;
    this.#synced = true;
    this.#backoff.reset();
    this.#firstList.resolve();
    this.#options.onState?.(this);
  }

  #failed(thrown: unknown): void {
    const { message, reason } = asAppError(thrown);
    if (this.#failure?.message === message) return;
    this.#failure = { message, reason, since: this.#failure?.since ?? Date.now() };
    this.#options.onState?.(this);
  }
}

/** How long the server wants to be left alone, in milliseconds. */
function wishOf(thrown: unknown): number {
  return (thrown instanceof KubeError ? thrown.retryAfterMs : undefined) ?? 0;
}

/** The server has forgotten this position, or has never been there: it was set back to an earlier state. */
function mustListAnew(thrown: unknown): boolean {
  return isGone(thrown) || (thrown instanceof KubeError && (thrown.status.details?.causes ?? []).some(({ reason }) => reason === "ResourceVersionTooLarge"));
}

function statusError(status: KubeStatus, cluster: string, what: string): KubeError {
  return new KubeError(status, { cluster, method: "GET", path: `watch of ${what}` });
}

function selected<O extends Record<string, unknown>>(options: O): { [K in keyof O]?: Exclude<O[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as { [K in keyof O]?: Exclude<O[K], undefined> };
}

