import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import { crc32, deflateSync } from "node:zlib";
import { applyDelta } from "./delta.ts";
import { type GitObject, OBJECT_TYPES, type ObjectType } from "./objects.ts";
import { inflateEntry, readEntryHead } from "./pack-entry.ts";
import { type IndexEntry, writePackIndex } from "./pack-index.ts";

interface Pending {
  offset: number;
  /** Where its deflated part begins, and its inflated size. */
  data: number;
  size: number;
  crc: number;
}

/** How long the work may hold the event loop at a stretch, in milliseconds. */
const SLICE_MS = 8;
const HASH_BYTES = 1024 * 1024;

export interface IndexedPack {
  index: Buffer;
  /** SHA-1 of the pack, hex. */
  checksum: string;
  count: number;
  /** The pack made whole, where it leaned on objects outside. */
  completed?: Buffer;
}

/**
 * Reads a whole pack, checks every object, and makes its index. Works in slices, so that a big pack does
 * not hold up others. A thin pack gets the bases that it leans on, which `findBase` knows. Throws where
 * anything in the pack is wrong: nothing unchecked enters a store.
 */
export async function indexPack(pack: Buffer, options: { signal?: AbortSignal; findBase?: (oid: string) => GitObject | undefined } = {}): Promise<IndexedPack> {
  const body = pack.subarray(0, pack.length - 20);
  if (pack.length < 32 || pack.toString("latin1", 0, 4) !== "PACK" || pack.readUInt32BE(4) !== 2) throw new Error("the pack has no head");
  const checksum = pack.subarray(pack.length - 20);
  const pace = pacer(options.signal);
  const whole = createHash("sha1");
  for (let at = 0; at < body.length; at += HASH_BYTES) {
    whole.update(body.subarray(at, at + HASH_BYTES));
    await pace();
  }
  if (!whole.digest().equals(checksum)) throw new Error("the pack's checksum is wrong");
  const count = pack.readUInt32BE(8);

  const entries: IndexEntry[] = [];
  const roots: { pending: Pending; type: ObjectType; oid: string }[] = [];
  const byOffset = new Map<number, Pending[]>();
  const byOid = new Map<string, Pending[]>();

  let at = 12;
  for (let index = 0; index < count; index++) {
    const offset = at;
    const head = readEntryHead(body, at, offset);
    const data = at + head.length;
    const { data: inflated, consumed } = inflateEntry(body.subarray(data), head.size);
    at = data + consumed;
    const pending: Pending = { offset, data, size: head.size, crc: crc32(body.subarray(offset, at)) };
    if (head.type !== undefined) {
      const oid = oidOf(head.type, inflated);
      entries.push({ oid, offset, crc: pending.crc });
      roots.push({ pending, type: head.type, oid });
    } else if (head.baseOffset !== undefined) add(byOffset, head.baseOffset, pending);
    else add(byOid, head.baseOid!, pending);
    await pace();
  }
  if (at !== body.length) throw new Error("the pack has bytes after its last object");

  /** Everything that leans on one object, directly or not. */
  const resolve = async (type: ObjectType, root: { offset: number; oid: string; data: Buffer }): Promise<void> => {
    // Depth first with a stack of our own: chains can be longer than the call stack.
    const stack = [root];
    for (let base = stack.pop(); base !== undefined; base = stack.pop()) {
      for (const child of [...take(byOffset, base.offset), ...take(byOid, base.oid)]) {
        const data = applyDelta(base.data, inflateEntry(body.subarray(child.data), child.size).data);
        const oid = oidOf(type, data);
        entries.push({ oid, offset: child.offset, crc: child.crc });
        if (byOffset.has(child.offset) || byOid.has(oid)) stack.push({ offset: child.offset, oid, data });
        await pace();
      }
    }
  };
  for (const { pending, type, oid } of roots) {
    if (byOffset.has(pending.offset) || byOid.has(oid)) await resolve(type, { offset: pending.offset, oid, data: inflateEntry(body.subarray(pending.data), pending.size).data });
  }
  if (entries.length === count) return { index: writePackIndex(entries, checksum), checksum: checksum.toString("hex"), count };

  const added: Buffer[] = [];
  for (const oid of byOid.keys()) {
    const base = options.findBase?.(oid);
    if (base === undefined || !byOid.has(oid)) continue;
    const bytes = writeEntry(base);
    entries.push({ oid, offset: at, crc: crc32(bytes) });
    await resolve(base.type, { offset: at, oid, data: base.data });
    added.push(bytes);
    at += bytes.length;
  }
  if (entries.length !== count + added.length) throw new Error(`${count + added.length - entries.length} objects of the pack lean on a base that is not there`);
  const completed = Buffer.concat([body, ...added]);
  completed.writeUInt32BE(entries.length, 8);
  const sum = createHash("sha1").update(completed).digest();
  return { index: writePackIndex(entries, sum), checksum: sum.toString("hex"), count: entries.length, completed: Buffer.concat([completed, sum]) };
}

/** One whole object as a pack holds it. */
function writeEntry({ type, data }: GitObject): Buffer {
  const number = Number(Object.entries(OBJECT_TYPES).find(([, name]) => name === type)![0]);
  const head = [(number << 4) | (data.length & 15)];
  for (let rest = Math.floor(data.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    head[head.length - 1]! |= 0x80;
    head.push(rest & 0x7f);
  }
  return Buffer.concat([Buffer.from(head), deflateSync(data, { level: 1 })]);
}

export function oidOf(type: ObjectType, data: Buffer): string {
  return createHash("sha1").update(`${type} ${data.length}\0`).update(data).digest("hex");
}

function add<K>(map: Map<K, Pending[]>, key: K, value: Pending): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function take<K>(map: Map<K, Pending[]>, key: K): Pending[] {
  const list = map.get(key) ?? [];
  map.delete(key);
  return list;
}

function pacer(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    signal?.throwIfAborted();
    return breathe().then(() => {
      since = performance.now();
    });
  };
}
