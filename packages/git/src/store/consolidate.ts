import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { unlink } from "node:fs/promises";
import path from "node:path";
import type { ObjectStore } from "./object-store.ts";
import { type IndexEntry, writePackIndex } from "./pack-index.ts";

/** Packs above this stay as they are. */
const SMALL_BYTES = 16 * 1024 * 1024;

/**
 * Joins the small packs into one. Bodies are copied as they are: a delta leans on its base by distance within
 * its pack or by id, and both stay right when whole bodies follow one another. Nothing is inflated.
 */
export async function consolidatePacks(store: ObjectStore): Promise<void> {
  const small = store.packs.filter((pack) => pack.bytes <= SMALL_BYTES);
  if (small.length < 2) return;
  const folder = path.join(store.objects, "pack");
  const bodies: Buffer[] = [];
  const entries = new Map<string, IndexEntry>();
  let at = 12;
  for (const pack of small) {
    const bytes = readFileSync(path.join(folder, `${pack.name}.pack`));
    bodies.push(bytes.subarray(12, bytes.length - 20));
    for (let index = 0; index < pack.index.count; index++) {
      const oid = pack.index.oidAt(index);
      entries.set(oid, { oid, offset: pack.index.offsetAt(index) - 12 + at, crc: pack.index.crcAt(index) });
    }
    at += bytes.length - 32;
  }
  const head = Buffer.alloc(12);
  head.write("PACK");
  head.writeUInt32BE(2, 4);
  // An object that was in two packs is counted and indexed once; its other copy is never read.
  head.writeUInt32BE(entries.size, 8);
  const hash = createHash("sha1").update(head);
  for (const body of bodies) hash.update(body);
  const checksum = hash.digest();
  const made = { index: writePackIndex([...entries.values()], checksum), checksum: checksum.toString("hex"), count: entries.size };
  const pieces = (async function* () {
    yield head;
    yield* bodies;
    yield checksum;
  })();
  const { name } = await store.addPack(pieces, () => Promise.resolve(made));
  for (const pack of small) {
    if (pack.name === name) continue;
    await unlink(path.join(folder, `${pack.name}.idx`)).catch(() => undefined);
    await unlink(path.join(folder, `${pack.name}.pack`)).catch(() => undefined);
  }
  store.rescan();
}
