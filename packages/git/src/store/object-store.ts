import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { open, rename, unlink } from "node:fs/promises";
import path from "node:path";
import { unzipSync } from "node:zlib";
import { corrupt, objectMissing } from "../errors.ts";
import type { IndexedPack } from "./index-pack.ts";
import { ByteLru } from "./lru.ts";
import { type Commit, type GitObject, OBJECT_TYPES, type ObjectType, parseCommit, parseTag, parseTree, type Tag, type TreeEntry } from "./objects.ts";
import { type ObjectCache, Pack } from "./pack.ts";
import { MAX_OBJECT_BYTES } from "./pack-entry.ts";

const TREE_CACHE_BYTES = 16 * 1024 * 1024;

/** One bare object database in Git's own layout: packs with their indexes, and loose objects where `git` wrote some. */
export class ObjectStore {
  readonly objects: string;
  readonly #packs = new Map<string, Pack>();
  readonly #cache: ObjectCache;
  readonly #trees = new ByteLru<string, ReadonlyMap<string, TreeEntry>>(TREE_CACHE_BYTES);

  constructor(folder: string, cache: ObjectCache) {
    this.objects = path.join(folder, "objects");
    this.#cache = cache;
    mkdirSync(path.join(this.objects, "pack"), { recursive: true, mode: 0o700 });
    this.rescan();
  }

  /** Takes in packs that appeared, lets go of those that went. A pack without an index is not there yet. */
  rescan(): void {
    const folder = path.join(this.objects, "pack");
    const names = new Set(readdirSync(folder).filter((file) => file.endsWith(".idx")).map((file) => file.slice(0, -4)));
    for (const [name, pack] of this.#packs) {
      if (names.has(name)) continue;
      pack.close();
      this.#packs.delete(name);
    }
    for (const name of names) if (!this.#packs.has(name) && existsSync(path.join(folder, `${name}.pack`))) this.#packs.set(name, new Pack(folder, name, this.#cache));
  }

  get packs(): readonly Pack[] {
    return [...this.#packs.values()];
  }

  get bytes(): number {
    return this.packs.reduce((sum, pack) => sum + pack.bytes, 0);
  }

  has(oid: string): boolean {
    const id = Buffer.from(oid, "hex");
    for (const pack of this.#packs.values()) if (pack.has(id)) return true;
    return existsSync(this.#loosePath(oid));
  }

  read(oid: string): GitObject {
    const id = Buffer.from(oid, "hex");
    for (const pack of this.#packs.values()) {
      const object = pack.read(id);
      if (object !== undefined) return object;
    }
    const loose = this.#readLoose(oid);
    if (loose === undefined) throw objectMissing(oid);
    return loose;
  }

  /** As `read`, but undefined where it is not here. */
  find(oid: string): GitObject | undefined {
    return this.has(oid) ? this.read(oid) : undefined;
  }

  readCommit(oid: string): Commit {
    return parseCommit(oid, this.#typed(oid, "commit"));
  }

  readTree(oid: string): TreeEntry[] {
    return parseTree(this.#typed(oid, "tree"));
  }

  /** A tree's entries by name, in Git's order. Kept parsed, shared between callers. */
  treeEntries(oid: string): ReadonlyMap<string, TreeEntry> {
    let entries = this.#trees.get(oid);
    if (entries === undefined) {
      entries = new Map(this.readTree(oid).map((entry) => [entry.name, entry]));
      this.#trees.set(oid, entries, entries.size * 160 + 100);
    }
    return entries;
  }

  readBlob(oid: string): Buffer {
    return this.#typed(oid, "blob");
  }

  readTag(oid: string): Tag {
    return parseTag(this.#typed(oid, "tag"));
  }

  /** The commit that a tag object, or a chain of them, stands for; a commit stands for itself. */
  peel(oid: string): string {
    let at = oid;
    for (let depth = 0; depth < 16; depth++) {
      const object = this.read(at);
      if (object.type === "commit") return at;
      if (object.type !== "tag") break;
      at = parseTag(object.data).object;
    }
    throw corrupt(oid, "does not lead to a commit");
  }

  /** Commits whose id begins with the hex digits. */
  commitsStartingWith(prefix: string): string[] {
    const found = new Set<string>();
    for (const pack of this.#packs.values()) for (const oid of pack.index.startingWith(prefix, 16)) if (pack.read(Buffer.from(oid, "hex"))?.type === "commit") found.add(oid);
    return [...found];
  }

  /**
   * Takes in a pack as it streams: to a temporary file, checked, then renamed, the index last. A crash leaves
   * either the whole pack or a temporary file that is swept at the next start.
   */
  async addPack(stream: AsyncIterable<Buffer>, index: (packFile: string, bytes: number) => Promise<IndexedPack>): Promise<{ name?: string; objects: number; bytes: number }> {
    const folder = path.join(this.objects, "pack");
    const temporary = path.join(folder, `tmp_pack_${randomBytes(8).toString("hex")}`);
    const handle = await open(temporary, "wx", 0o600);
    let bytes = 0;
    try {
      try {
        for await (const piece of stream) {
          await handle.appendFile(piece);
          bytes += piece.length;
        }
        await handle.datasync();
      } finally {
        await handle.close();
      }
      if (bytes === 0) throw corrupt("pack", "is empty");
      const made = await index(temporary, bytes);
      if (made.count === 0) return { objects: 0, bytes };
      if (made.completed !== undefined) await writeDurably(temporary, made.completed, "w");
      const name = `pack-${made.checksum}`;
      const indexTemporary = `${temporary}.idx.tmp`;
      await writeDurably(indexTemporary, made.index);
      await rename(temporary, path.join(folder, `${name}.pack`));
      await rename(indexTemporary, path.join(folder, `${name}.idx`));
      this.rescan();
      return { name, objects: made.count, bytes };
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  }

  close(): void {
    for (const pack of this.#packs.values()) pack.close();
    this.#packs.clear();
  }

  #typed(oid: string, type: ObjectType): Buffer {
    const object = this.read(oid);
    if (object.type !== type) throw corrupt(oid, `is a ${object.type}, not a ${type}`);
    return object.data;
  }

  #loosePath(oid: string): string {
    return path.join(this.objects, oid.slice(0, 2), oid.slice(2));
  }

  #readLoose(oid: string): GitObject | undefined {
    const file = this.#loosePath(oid);
    if (!existsSync(file)) return undefined;
    const bytes = unzipSync(readFileSync(file), { maxOutputLength: MAX_OBJECT_BYTES });
    const zero = bytes.indexOf(0);
    const type = bytes.toString("latin1", 0, bytes.indexOf(0x20));
    if (zero === -1 || !Object.values(OBJECT_TYPES).includes(type as ObjectType)) throw corrupt(oid, "is not a Git object");
    return { type: type as ObjectType, data: bytes.subarray(zero + 1) };
  }
}

async function writeDurably(file: string, content: Buffer, flags: "w" | "wx" = "wx"): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
