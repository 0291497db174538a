/** One field of a protobuf message as it lies on the wire. */
export interface WireField {
  readonly number: number;
  bytes(): Buffer;
  text(): string;
  int(): number;
  double(): number;
}

/** Reads protobuf's wire format. Throws RangeError where the bytes end too early or make no sense. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  *fields(): Generator<WireField> {
    while (this.#at < this.#bytes.length) {
      const tag = Number(this.#varint());
      yield field(tag >>> 3, this.#value(tag & 7));
    }
  }

  #value(wire: number): bigint | Buffer {
    switch (wire) {
      case 0:
        return this.#varint();
      case 1:
        return this.#take(8);
      case 2:
        return this.#take(Number(this.#varint()));
      case 5:
        return this.#take(4);
      default:
        throw new RangeError(`wire type ${wire}`);
    }
  }

  #take(length: number): Buffer {
    if (length < 0 || this.#at + length > this.#bytes.length) throw new RangeError("unexpected end");
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  #varint(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError("unexpected end");
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, result);
    }
    throw new RangeError("varint too long");
  }
}

function field(number: number, value: bigint | Buffer): WireField {
  const bytes = (): Buffer => {
    if (typeof value === "bigint") throw new RangeError("expected bytes");
    return value;
  };
  return {
    number,
    bytes,
    text: () => bytes().toString("utf8"),
    int: () => (typeof value === "bigint" ? Number(value) : 0),
    double: () => (bytes().length === 8 ? bytes().readDoubleLE(0) : bytes().readFloatLE(0)),
  };
}

/** `Time` and `MicroTime` messages: seconds and nanoseconds; nothing for the zero time. */
export function timestampOf(bytes: Buffer, micro: boolean): string | undefined {
  let seconds = 0;
  let nanos = 0;
  let present = false;
  for (const one of new WireReader(bytes).fields()) {
    present = true;
    if (one.number === 1) seconds = one.int();
    else if (one.number === 2) nanos = one.int();
  }
  if (!present || seconds <= -62135596800) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${text}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z` : `${text}Z`;
}
