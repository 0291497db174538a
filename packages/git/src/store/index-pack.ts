import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { applyDelta } from "./delta.ts";
import type { ObjectType } from "./objects.ts";
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

/**
 * Reads a whole pack, checks every object, and makes its index. Works in slices, so that a big pack does
 * not hold up others. Throws where anything in the pack is wrong: nothing unchecked enters a store.
 */
export async function indexPack(pack: Buffer, signal?: AbortSignal): Promise<{ index: Buffer; checksum: string; count: number }> {
  const body = pack.subarray(0, pack.length - 20);
  if (pack.length < 32 || pack.toString("latin1", 0, 4) !== "PACK" || pack.readUInt32BE(4) !== 2) throw new Error("the pack has no head");
  const checksum = pack.subarray(pack.length - 20);
  if (!createHash("sha1").update(body).digest().equals(checksum)) throw new Error("the pack's checksum is wrong");
  const count = pack.readUInt32BE(8);

  const entries: IndexEntry[] = [];
  const roots: { pending: Pending; type: ObjectType; oid: string }[] = [];
  const byOffset = new Map<number, Pending[]>();
  const byOid = new Map<string, Pending[]>();
  const pace = pacer(signal);

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

  for (const root of roots) {
    if (!byOffset.has(root.pending.offset) && !byOid.has(root.oid)) continue;
    // Depth first with a stack of our own: chains can be longer than the call stack.
    const stack = [{ offset: root.pending.offset, oid: root.oid, data: inflateEntry(body.subarray(root.pending.data), root.pending.size).data }];
    for (let base = stack.pop(); base !== undefined; base = stack.pop()) {
      for (const child of [...take(byOffset, base.offset), ...take(byOid, base.oid)]) {
        const data = applyDelta(base.data, inflateEntry(body.subarray(child.data), child.size).data);
        const oid = oidOf(root.type, data);
        entries.push({ oid, offset: child.offset, crc: child.crc });
        if (byOffset.has(child.offset) || byOid.has(oid)) stack.push({ offset: child.offset, oid, data });
        await pace();
      }
    }
  }
  if (entries.length !== count) throw new Error(`${count - entries.length} objects of the pack lean on a base that is not in it`);
  return { index: writePackIndex(entries, checksum), checksum: checksum.toString("hex"), count };
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
