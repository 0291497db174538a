import { compareResourceVersions, type KubeObject } from "@trireme/api";
import type { CacheEvent } from "./client.ts";

/** Own writes whose echo is still to come; more than this many at once are simply parsed. */
const MAX_ECHOES = 1_000;

const RESOURCE_VERSION = Buffer.from('"resourceVersion":"');
const QUOTE = 0x22;
/** Longest uid and resourceVersion with their names, and some room. */
const UID_DISTANCE = 96;

/**
 * The objects of one watch, fed from three sides that may overtake each other: lists, watch events and
 * the answers to our own writes. The newest resourceVersion of the same uid wins, whichever way it came.
 */
export class ObjectStore<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #tell: (event: CacheEvent<T>) => void;
  /** resourceVersion of each own write whose echo is awaited, with the uid of its object. */
  readonly #echoes = new Map<string, string>();
  /** Deleted by ourselves: late events of these uids say nothing new. */
  readonly #deletedUids = new Set<string>();
  #position: string | undefined;

  constructor(tell: (event: CacheEvent<T>) => void) {
    this.#tell = tell;
  }

  /** resourceVersion up to which everything is known: where a watch goes on. */
  get position(): string | undefined {
    return this.#position;
  }

  get(namespace: string, name: string): T | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  /**
   * A complete list: what it does not hold is gone, unless it was written after the list was made. A list that is older
   * than what was seen before comes from a server that was set back: then nothing seen before counts any more.
   */
  replace(items: readonly T[], resourceVersion: string): void {
    if (this.#position !== undefined && compareResourceVersions(resourceVersion, this.#position) < 0) this.#setBack(items);
    this.#position = resourceVersion;
    this.#echoes.clear();
    const listed = new Set<string>();
    for (const object of items) {
      listed.add(keyOf(object));
      this.#put(object);
    }
    for (const [key, object] of this.#objects) {
      if (!listed.has(key) && compareResourceVersions(object.metadata.resourceVersion, resourceVersion) <= 0) this.#remove(key, object);
    }
    this.#deletedUids.clear();
  }

  /** Makes room for older versions of the same objects. */
  #setBack(items: readonly T[]): void {
    const listed = new Map(items.map((object) => [keyOf(object), object]));
    this.#deletedUids.clear();
    for (const [key, held] of this.#objects) {
      const object = listed.get(key);
      if (object === undefined || object.metadata.uid !== held.metadata.uid) {
        this.#remove(key, held);
      } else if (object.metadata.resourceVersion !== held.metadata.resourceVersion) {
        this.#objects.set(key, object);
        this.#tell({ type: "modified", object, old: held });
      }
    }
  }

  /** Nothing of this kind exists any more. */
  clear(): void {
    this.#echoes.clear();
    this.#deletedUids.clear();
    for (const [key, object] of this.#objects) this.#remove(key, object);
  }

  changed(object: T): void {
    this.reached(object.metadata.resourceVersion);
    this.#put(object);
  }

  deleted(object: T): void {
    this.reached(object.metadata.resourceVersion);
    this.#deletedUids.delete(object.metadata.uid ?? "");
    const key = keyOf(object);
    const held = this.#objects.get(key);
    // A namesake that was created since stays.
    if (held && held.metadata.uid === object.metadata.uid) this.#remove(key, held, object);
  }

  reached(resourceVersion: string | undefined): void {
    if (resourceVersion !== undefined) this.#position = resourceVersion;
  }

  /** The answer to an own write. Events are often faster than answers, so it may be old news. */
  observe(object: T): void {
    const { uid, resourceVersion } = object.metadata;
    const held = this.#objects.get(keyOf(object));
    const passed = this.#position !== undefined && compareResourceVersions(resourceVersion, this.#position) <= 0 && resourceVersion !== undefined;
    // The watch went past this write: had it lasted, the object would be here.
    if (passed && held?.metadata.uid !== uid) return;
    const news = this.#put(object);
    if (news && !passed && uid !== undefined && resourceVersion !== undefined && this.#echoes.size < MAX_ECHOES) {
      this.#echoes.set(resourceVersion, uid);
    }
  }

  /** An own deletion that the server confirmed. An object that only got its deletionTimestamp is observed instead. */
  observeDeleted(object: T): void {
    const key = keyOf(object);
    const held = this.#objects.get(key);
    if (!held || (object.metadata.uid !== undefined && held.metadata.uid !== object.metadata.uid)) return;
    if (held.metadata.uid !== undefined && this.#deletedUids.size < MAX_ECHOES) this.#deletedUids.add(held.metadata.uid);
    this.#remove(key, held, object);
  }

  /**
   * Whether this line of the watch is the echo of an own write: found by one search, a tenth of the price of parsing.
   * Go prints the uid just before the resourceVersion in typed objects and just after it in untyped ones; what else is
   * called resourceVersion comes later in the line, or with escaped quotes.
   */
  isEcho(line: Buffer): boolean {
    if (this.#echoes.size === 0 || line.indexOf('"DELETED"') === 8) return false;
    const marker = line.indexOf(RESOURCE_VERSION);
    if (marker === -1) return false;
    const start = marker + RESOURCE_VERSION.length;
    const resourceVersion = line.toString("latin1", start, line.indexOf(QUOTE, start));
    const uid = this.#echoes.get(resourceVersion);
    if (uid === undefined || !line.toString("latin1", Math.max(0, marker - UID_DISTANCE), start + UID_DISTANCE).includes(`"uid":"${uid}"`)) return false;
    this.#echoes.delete(resourceVersion);
    this.reached(resourceVersion);
    return true;
  }

  #put(object: T): boolean {
    if (this.#deletedUids.has(object.metadata.uid ?? "")) return false;
    const key = keyOf(object);
    const held = this.#objects.get(key);
    if (!held) {
      this.#objects.set(key, object);
      this.#tell({ type: "added", object });
      return true;
    }
    if (held.metadata.uid !== object.metadata.uid) {
      this.#remove(key, held);
      this.#objects.set(key, object);
      this.#tell({ type: "added", object });
      return true;
    }
    const { resourceVersion } = object.metadata;
    if (resourceVersion === held.metadata.resourceVersion || compareResourceVersions(resourceVersion, held.metadata.resourceVersion) < 0) return false;
    this.#objects.set(key, object);
    this.#tell({ type: "modified", object, old: held });
    return true;
  }

  #remove(key: string, held: T, last: T = held): void {
    this.#objects.delete(key);
    this.#tell({ type: "deleted", object: last, old: held });
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}`;
}
