import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { corrupt } from "../errors.ts";
import { applyDelta } from "./delta.ts";
import type { ByteLru } from "./lru.ts";
import type { GitObject } from "./objects.ts";
import { type EntryHead, inflateEntry, readEntryHead } from "./pack-entry.ts";
import { PackIndex } from "./pack-index.ts";

/** Objects by `<pack>:<offset>`; shared by all packs of a process. */
export type ObjectCache = ByteLru<string, GitObject>;

/** Files that may be open at once, all repositories together; those read longest ago are closed, and opened again when needed. */
const MOST_OPEN = 256;
const open = new Map<Pack, number>();

/** One pack on disk, read where it is needed. Reading is synchronous: pages come from the system's cache. */
export class Pack {
  readonly name: string;
  readonly index: PackIndex;
  readonly bytes: number;
  readonly #file: string;
  readonly #cache: ObjectCache;
  #offsets: Float64Array | undefined;

  constructor(folder: string, name: string, cache: ObjectCache) {
    this.name = name;
    this.#cache = cache;
    this.index = new PackIndex(readFileSync(`${folder}/${name}.idx`), `${name}.idx`);
    this.#file = `${folder}/${name}.pack`;
    this.bytes = statSync(this.#file).size;
  }

  has(oid: Buffer): boolean {
    return this.index.find(oid) !== -1;
  }

  read(oid: Buffer): GitObject | undefined {
    const offset = this.index.find(oid);
    return offset === -1 ? undefined : this.#at(offset);
  }

  /** Follows the chain down to a whole object, then builds it up again. */
  #at(offset: number): GitObject {
    const deltas: { offset: number; data: Buffer }[] = [];
    let object: GitObject | undefined;
    for (let at = offset; object === undefined; ) {
      const cached = this.#cache.get(`${this.name}:${at}`);
      if (cached !== undefined) {
        object = cached;
        break;
      }
      const { head, data } = this.#entry(at);
      if (head.type !== undefined) {
        object = { type: head.type, data };
        this.#cache.set(`${this.name}:${at}`, object, data.length + 200);
        break;
      }
      deltas.push({ offset: at, data });
      if (deltas.length > 10_000) throw corrupt(this.name, "has a delta chain without end");
      const base = head.baseOffset ?? this.index.find(Buffer.from(head.baseOid!, "hex"));
      if (base === -1) throw corrupt(this.name, `lacks the base ${head.baseOid} of a delta`);
      at = base;
    }
    for (const delta of deltas.reverse()) {
      object = { type: object.type, data: applyDelta(object.data, delta.data) };
      this.#cache.set(`${this.name}:${delta.offset}`, object, object.data.length + 200);
    }
    return object;
  }

  #entry(offset: number): { head: EntryHead; data: Buffer } {
    const length = this.#end(offset) - offset;
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(this.#descriptor(), bytes, 0, length, offset) !== length) throw corrupt(this.name, "is shorter than its index says");
    try {
      const head = readEntryHead(bytes, 0, offset);
      return { head, data: inflateEntry(bytes.subarray(head.length), head.size).data };
    } catch (error) {
      throw corrupt(this.name, `${(error as Error).message} at ${offset}`);
    }
  }

  /** Where the entry ends: at the next one, or before the checksum. */
  #end(offset: number): number {
    if (this.#offsets === undefined) {
      this.#offsets = new Float64Array(this.index.count);
      for (let index = 0; index < this.index.count; index++) this.#offsets[index] = this.index.offsetAt(index);
      this.#offsets.sort();
    }
    let low = 0;
    let high = this.#offsets.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#offsets[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return low < this.#offsets.length ? this.#offsets[low]! : this.bytes - 20;
  }

  #descriptor(): number {
    let fd = open.get(this);
    if (fd === undefined) {
      fd = openSync(this.#file, "r");
      for (const oldest of open.keys()) {
        if (open.size < MOST_OPEN) break;
        oldest.close();
      }
    } else open.delete(this);
    open.set(this, fd);
    return fd;
  }

  /** Lets go of the file; reading opens it again while it is there. */
  close(): void {
    const fd = open.get(this);
    open.delete(this);
    if (fd !== undefined) closeSync(fd);
  }
}
