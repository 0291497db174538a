import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { corrupt } from "../errors.ts";
import { applyDelta } from "./delta.ts";
import type { ByteLru } from "./lru.ts";
import type { GitObject } from "./objects.ts";
import { type EntryHead, inflateEntry, readEntryHead } from "./pack-entry.ts";
import { PackIndex } from "./pack-index.ts";

/** Objects by `<pack>:<offset>`; shared by all packs of a process. */
export type ObjectCache = ByteLru<string, GitObject>;

/** One pack on disk, read where it is needed. Reading is synchronous: pages come from the system's cache. */
export class Pack {
  readonly name: string;
  readonly index: PackIndex;
  readonly bytes: number;
  readonly #fd: number;
  readonly #cache: ObjectCache;
  #offsets: Float64Array | undefined;
  #closed = false;

  constructor(folder: string, name: string, cache: ObjectCache) {
    this.name = name;
    this.#cache = cache;
    this.index = new PackIndex(readFileSync(`${folder}/${name}.idx`), `${name}.idx`);
    this.#fd = openSync(`${folder}/${name}.pack`, "r");
    this.bytes = fstatSync(this.#fd).size;
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
      object = { type: object!.type, data: applyDelta(object!.data, delta.data) };
      this.#cache.set(`${this.name}:${delta.offset}`, object, object.data.length + 200);
    }
    return object!;
  }

  #entry(offset: number): { head: EntryHead; data: Buffer } {
    if (this.#closed) throw corrupt(this.name, "was closed while it was read");
    const length = this.#end(offset) - offset;
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(this.#fd, bytes, 0, length, offset) !== length) throw corrupt(this.name, "is shorter than its index says");
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

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }
}
