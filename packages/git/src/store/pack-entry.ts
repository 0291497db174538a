import { inflateSync, type ZlibOptions } from "node:zlib";
import { OBJECT_TYPES, type ObjectType } from "./objects.ts";

/** The head of one entry in a pack. */
export interface EntryHead {
  /** A whole object's type; undefined for a delta. */
  type?: ObjectType;
  /** Size of the object, or of the delta. */
  size: number;
  /** Offset of the base within the same pack. */
  baseOffset?: number;
  baseOid?: string;
  /** Bytes of the head; the deflated part follows. */
  length: number;
}

/** Largest object that is ever inflated, in bytes. */
export const MAX_OBJECT_BYTES = 512 * 1024 * 1024;

export function readEntryHead(bytes: Buffer, at: number, offset: number): EntryHead {
  let position = at;
  const next = (): number => {
    const byte = bytes[position++];
    if (byte === undefined) throw new Error("pack is cut short");
    return byte;
  };
  let byte = next();
  const type = (byte >> 4) & 7;
  let size = byte & 15;
  for (let shift = 4; byte >= 0x80; shift += 7) {
    if (shift > 46) throw new Error("object size is too large");
    byte = next();
    size += (byte & 0x7f) * 2 ** shift;
  }
  if (size > MAX_OBJECT_BYTES) throw new Error(`object of ${size} bytes is larger than ${MAX_OBJECT_BYTES}`);
  const known = OBJECT_TYPES[type as keyof typeof OBJECT_TYPES];
  if (known !== undefined) return { type: known, size, length: position - at };
  if (type === 6) {
    byte = next();
    let back = byte & 0x7f;
    while (byte >= 0x80) {
      byte = next();
      back = (back + 1) * 128 + (byte & 0x7f);
      if (back > Number.MAX_SAFE_INTEGER / 256) throw new Error("delta base is out of range");
    }
    if (back <= 0 || back > offset) throw new Error("delta base is outside the pack");
    return { size, baseOffset: offset - back, length: position - at };
  }
  if (type === 7) {
    if (position + 20 > bytes.length) throw new Error("pack is cut short");
    const baseOid = bytes.toString("hex", position, position + 20);
    return { size, baseOid, length: position + 20 - at };
  }
  throw new Error(`unknown entry type ${type}`);
}

/** Inflates exactly `size` bytes; `consumed` is how many deflated bytes that took. */
export function inflateEntry(bytes: Buffer, size: number): { data: Buffer; consumed: number } {
  const options: ZlibOptions = { info: true, maxOutputLength: size + 1, chunkSize: Math.max(64, Math.min(size + 16, 1 << 20)) };
  const { buffer, engine } = inflateSync(bytes, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
  if (buffer.length !== size) throw new Error(`object has ${buffer.length} bytes, not ${size}`);
  return { data: buffer, consumed: engine.bytesWritten };
}
