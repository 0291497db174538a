import { createHash } from "node:crypto";

const MAGIC = 0xff744f63;
const FANOUT = 8;
const OIDS = FANOUT + 1024;

export interface IndexEntry {
  /** 40 hex digits. */
  oid: string;
  offset: number;
  crc: number;
}

/** Writes Git's pack index, version 2. */
export function writePackIndex(entries: readonly IndexEntry[], packChecksum: Buffer): Buffer {
  const sorted = [...entries].sort((a, b) => (a.oid < b.oid ? -1 : a.oid > b.oid ? 1 : 0));
  const count = sorted.length;
  const far = sorted.filter((entry) => entry.offset >= 2 ** 31).length;
  const out = Buffer.alloc(OIDS + count * 28 + far * 8 + 40);
  out.writeUInt32BE(MAGIC, 0);
  out.writeUInt32BE(2, 4);
  const perByte = new Uint32Array(256);
  let farIndex = 0;
  sorted.forEach((entry, index) => {
    out.write(entry.oid, OIDS + index * 20, "hex");
    perByte[out[OIDS + index * 20]!]!++;
    out.writeUInt32BE(entry.crc, OIDS + count * 20 + index * 4);
    const slot = OIDS + count * 24 + index * 4;
    if (entry.offset < 2 ** 31) out.writeUInt32BE(entry.offset, slot);
    else {
      out.writeUInt32BE(0x80000000 + farIndex, slot);
      out.writeBigUInt64BE(BigInt(entry.offset), OIDS + count * 28 + farIndex++ * 8);
    }
  });
  let sum = 0;
  perByte.forEach((value, byte) => {
    sum += value;
    out.writeUInt32BE(sum, FANOUT + byte * 4);
  });
  packChecksum.copy(out, out.length - 40);
  createHash("sha1").update(out.subarray(0, out.length - 20)).digest().copy(out, out.length - 20);
  return out;
}

/** Looks objects up in a version 2 index that is held in memory. */
export class PackIndex {
  readonly #bytes: Buffer;
  readonly count: number;

  constructor(bytes: Buffer, where: string) {
    if (bytes.length < OIDS + 40 || bytes.readUInt32BE(0) !== MAGIC || bytes.readUInt32BE(4) !== 2) throw new Error(`${where} is not a version 2 pack index`);
    this.#bytes = bytes;
    this.count = bytes.readUInt32BE(FANOUT + 255 * 4);
    if (bytes.length < OIDS + this.count * 28 + 40) throw new Error(`${where} is cut short`);
    if (!createHash("sha1").update(bytes.subarray(0, bytes.length - 20)).digest().equals(bytes.subarray(bytes.length - 20))) throw new Error(`${where} has a wrong checksum`);
  }

  /** The entry's offset in the pack, or -1. */
  find(oid: Buffer): number {
    const first = oid[0]!;
    let low = first === 0 ? 0 : this.#bytes.readUInt32BE(FANOUT + (first - 1) * 4);
    let high = this.#bytes.readUInt32BE(FANOUT + first * 4) - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const start = OIDS + middle * 20;
      const order = this.#bytes.compare(oid, 0, 20, start, start + 20);
      if (order === 0) return this.offsetAt(middle);
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  oidAt(index: number): string {
    return this.#bytes.toString("hex", OIDS + index * 20, OIDS + index * 20 + 20);
  }

  crcAt(index: number): number {
    return this.#bytes.readUInt32BE(OIDS + this.count * 20 + index * 4);
  }

  offsetAt(index: number): number {
    const near = this.#bytes.readUInt32BE(OIDS + this.count * 24 + index * 4);
    if (near < 0x80000000) return near;
    return Number(this.#bytes.readBigUInt64BE(OIDS + this.count * 28 + (near - 0x80000000) * 8));
  }

  /** Ids that begin with the hex digits, at most `limit`. */
  startingWith(prefix: string, limit: number): string[] {
    const found: string[] = [];
    const low = Buffer.from(prefix.padEnd(40, "0"), "hex");
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#bytes.compare(low, 0, 20, OIDS + middle * 20, OIDS + middle * 20 + 20) < 0) from = middle + 1;
      else to = middle;
    }
    for (; from < this.count && found.length < limit; from++) {
      const oid = this.oidAt(from);
      if (!oid.startsWith(prefix)) break;
      found.push(oid);
    }
    return found;
  }
}
