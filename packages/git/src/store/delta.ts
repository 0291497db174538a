/** Applies a Git delta. Throws where the delta does not fit its base or its own sizes. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const size = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = delta[at++];
      if (byte === undefined || shift > 49) throw new Error("delta is cut short");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  if (size() !== base.length) throw new Error("delta is for another base");
  const result = Buffer.allocUnsafe(size());
  let out = 0;
  while (at < delta.length) {
    const op = delta[at++]!;
    if (op & 0x80) {
      let offset = 0;
      let length = 0;
      for (let bit = 0; bit < 4; bit++) if (op & (1 << bit)) offset += delta[at++]! * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++) if (op & (0x10 << bit)) length += delta[at++]! * 2 ** (8 * bit);
      if (length === 0) length = 0x10000;
      if (!(offset + length <= base.length) || out + length > result.length) throw new Error("delta copies past the end");
      out += base.copy(result, out, offset, offset + length);
    } else if (op > 0) {
      if (at + op > delta.length || out + op > result.length) throw new Error("delta inserts past the end");
      out += delta.copy(result, out, at, at + op);
      at += op;
    } else throw new Error("delta has an unknown instruction");
  }
  if (out !== result.length) throw new Error("delta makes less than it said");
  return result;
}
