import type { KubeObject } from "@trireme/api";
import type { Journal } from "./journal.ts";
import { Recent, Version, type Stored } from "./version.ts";

export type { Stored };

/** Objects at hand beside their texts. */
const RECENT = 1_000;

export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  /** For DELETED: the last state, carrying the revision of the deletion. */
  readonly stored: Stored;
  readonly previous?: Stored;
}

interface Bucket {
  readonly entries: Map<string, Stored>;
  /** Keys in order; `undefined` after a key came or went. */
  sorted: string[] | undefined;
  readonly history: Change[];
  /** Changes at or before this revision are forgotten. */
  compacted: number;
  readonly listeners: Set<(change: Change) => void>;
  /** Hear of a change as soon as it is in memory. */
  readonly writers: Set<(change: Change) => void>;
}

export interface StoreOptions {
  /** Changes remembered for each resource; a watch from before them is answered 410. */
  history?: number;
  journal?: Journal;
}

/**
 * All objects in memory under one global revision, as etcd keeps them: buckets (one per resource, whatever its
 * version) of keys (`namespace/name`). A write is seen at once by the next write; watchers and clients hear of it
 * when the journal has it on disk.
 */
export class Store {
  readonly #buckets = new Map<string, Bucket>();
  readonly #limit: number;
  readonly #journal: Journal | undefined;
  readonly #recent = new Recent(RECENT);
  #revision = 1;
  #announced: Promise<void> = Promise.resolve();
  #unannounced: { bucket: Bucket; change: Change }[] = [];

  constructor(options: StoreOptions = {}) {
    this.#limit = options.history ?? 5_000;
    this.#journal = options.journal;
    if (this.#journal) {
      this.#revision = this.#journal.load((bucket, key, json, revision) => {
        const to = this.#bucket(bucket);
        if (json === undefined) to.entries.delete(key);
        else to.entries.set(key, new Version(this.#recent, key, json, revision));
      });
      for (const bucket of this.#buckets.values()) bucket.compacted = this.#revision;
    }
  }

  get revision(): number {
    return this.#revision;
  }

  get(bucket: string, key: string): Stored | undefined {
    return this.#buckets.get(bucket)?.entries.get(key);
  }

  /** Everything under the namespace ("" for all), in the order of the keys. */
  list(bucket: string, namespace = ""): Stored[] {
    const from = this.#buckets.get(bucket);
    if (!from) return [];
    from.sorted ??= [...from.entries.keys()].sort(byteOrder);
    if (namespace === "") return from.sorted.map((key) => from.entries.get(key)!);
    const prefix = `${namespace}/`;
    let at = lowerBound(from.sorted, prefix);
    const found: Stored[] = [];
    for (; at < from.sorted.length && from.sorted[at]!.startsWith(prefix); at++) found.push(from.entries.get(from.sorted[at]!)!);
    return found;
  }

  /** The state at an earlier revision; `undefined` where its changes are forgotten. */
  listAt(bucket: string, namespace: string, revision: number): Stored[] | undefined {
    const from = this.#buckets.get(bucket);
    if (!from) return [];
    if (revision < from.compacted) return undefined;
    if (from.history.length === 0 || from.history.at(-1)!.revision <= revision) return this.list(bucket, namespace);
    const entries = new Map(from.entries);
    for (let at = from.history.length - 1; at >= 0 && from.history[at]!.revision > revision; at--) {
      const change = from.history[at]!;
      if (change.previous) entries.set(change.stored.key, change.previous);
      else entries.delete(change.stored.key);
    }
    const prefix = namespace === "" ? "" : `${namespace}/`;
    return [...entries.values()].filter(({ key }) => key.startsWith(prefix)).sort((a, b) => byteOrder(a.key, b.key));
  }

  /** The oldest revision that a watch of the bucket can start from. */
  oldest(bucket: string): number {
    return this.#buckets.get(bucket)?.compacted ?? 0;
  }

  /** Stores the object under a new revision, written into its metadata. The caller's object is not kept. */
  put(bucket: string, key: string, object: KubeObject): Stored {
    const to = this.#bucket(bucket);
    const revision = ++this.#revision;
    const versioned = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    const stored = new Version(this.#recent, key, JSON.stringify(versioned), revision, versioned);
    const previous = to.entries.get(key);
    to.entries.set(key, stored);
    if (!previous) to.sorted = undefined;
    this.#record(bucket, to, { type: previous ? "MODIFIED" : "ADDED", revision, stored, ...(previous && { previous }) });
    return stored;
  }

  /** Removes the object; answers its last state under the revision of the removal. */
  remove(bucket: string, key: string): Stored | undefined {
    const from = this.#bucket(bucket);
    const previous = from.entries.get(key);
    if (!previous) return undefined;
    const revision = ++this.#revision;
    const object = { ...previous.object, metadata: { ...previous.object.metadata, resourceVersion: String(revision) } };
    const stored = new Version(this.#recent, key, JSON.stringify(object), revision, object);
    from.entries.delete(key);
    from.sorted = undefined;
    this.#record(bucket, from, { type: "DELETED", revision, stored, previous });
    return stored;
  }

  /**
   * Hears every change after `revision`: those remembered at once, then those to come, in order.
   * The caller has checked `oldest`. Answers the way to stop.
   */
  subscribe(bucket: string, revision: number, listener: (change: Change) => void): () => void {
    const from = this.#bucket(bucket);
    const pending = new Set(this.#unannounced.map(({ change }) => change));
    let at = from.history.length;
    while (at > 0 && from.history[at - 1]!.revision > revision) at--;
    for (; at < from.history.length; at++) if (!pending.has(from.history[at]!)) listener(from.history[at]!);
    from.listeners.add(listener);
    return () => void from.listeners.delete(listener);
  }

  /** Hears of every change of the bucket at once, before it is durable; for what the server itself derives from objects. */
  onWrite(bucket: string, listener: (change: Change) => void): () => void {
    const { writers } = this.#bucket(bucket);
    writers.add(listener);
    return () => void writers.delete(listener);
  }

  /** Resolves when everything written so far is durable and announced. Rejects when the disk refuses. */
  settled(): Promise<void> {
    return this.#unannounced.length === 0 ? Promise.resolve() : this.#announced;
  }

  /** Forgets every change so far, as a compaction does: what lies before is answered 410. */
  compact(): void {
    for (const bucket of this.#buckets.values()) {
      bucket.history.length = 0;
      bucket.compacted = this.#revision;
    }
  }

  get buckets(): string[] {
    return [...this.#buckets.keys()];
  }

  async close(): Promise<void> {
    await this.settled().catch(() => undefined);
    await this.#journal?.close();
  }

  #record(name: string, bucket: Bucket, change: Change): void {
    bucket.history.push(change);
    for (const listener of [...bucket.writers]) listener(change);
    if (bucket.history.length > this.#limit + (this.#limit >> 2)) {
      const dropped = bucket.history.splice(0, bucket.history.length - this.#limit);
      bucket.compacted = dropped.at(-1)!.revision;
    }
    if (!this.#journal) {
      announce(bucket, change);
      return;
    }
    this.#unannounced.push({ bucket, change });
    const line = change.type === "DELETED" ? `{"r":${change.revision},"b":${JSON.stringify(name)},"k":${JSON.stringify(change.stored.key)},"o":null}\n` : `{"r":${change.revision},"b":${JSON.stringify(name)},"k":${JSON.stringify(change.stored.key)},"o":${change.stored.json}}\n`;
    this.#announced = this.#journal.append(line, () => this.#everything()).then(() => this.#announceUpTo(change.revision));
    this.#announced.catch(() => undefined);
  }

  #announceUpTo(revision: number): void {
    let count = 0;
    while (count < this.#unannounced.length && this.#unannounced[count]!.change.revision <= revision) count++;
    for (const { bucket, change } of this.#unannounced.splice(0, count)) announce(bucket, change);
  }

  /** Lines of a journal that holds just the present state. */
  *#everything(): Generator<string> {
    for (const [name, bucket] of this.#buckets) {
      for (const { key, json, revision } of bucket.entries.values()) yield `{"r":${revision},"b":${JSON.stringify(name)},"k":${JSON.stringify(key)},"o":${json}}\n`;
    }
    yield `{"r":${this.#revision}}\n`;
  }

  #bucket(name: string): Bucket {
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      bucket = { entries: new Map(), sorted: undefined, history: [], compacted: this.#journal ? this.#revision : 0, listeners: new Set(), writers: new Set() };
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }
}

function announce(bucket: Bucket, change: Change): void {
  for (const listener of [...bucket.listeners]) listener(change);
}

function byteOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function lowerBound(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
