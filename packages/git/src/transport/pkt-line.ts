import { AppError, Code } from "@trireme/runtime";

/** One packet: its bytes, or one of the protocol's marks. `end` is the end of the body. */
export type Packet = Buffer | "flush" | "delim" | "response-end" | "end";

export function packet(line: string | Buffer): Buffer {
  const body = typeof line === "string" ? Buffer.from(line) : line;
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, "0")), body]);
}

export const FLUSH = Buffer.from("0000");
export const DELIM = Buffer.from("0001");

/** Reads packets from a body that arrives in pieces of any size. */
export class PacketReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#chunks = body[Symbol.asyncIterator]();
  }

  async next(): Promise<Packet> {
    if (!(await this.#fill(4))) {
      if (this.#held.length === 0) return "end";
      throw malformed(`ended after ${this.#held.length} bytes of a packet's length`);
    }
    const header = this.#held.toString("latin1", 0, 4);
    const length = /^[0-9a-fA-F]{4}$/.test(header) ? parseInt(header, 16) : -1;
    if (length === -1 || length === 3) throw malformed(`${JSON.stringify(header)} is not a packet's length`);
    if (length < 4) {
      this.#held = this.#held.subarray(4);
      return length === 0 ? "flush" : length === 1 ? "delim" : "response-end";
    }
    if (!(await this.#fill(length))) throw malformed("ended in the middle of a packet");
    const body = this.#held.subarray(4, length);
    this.#held = this.#held.subarray(length);
    return body;
  }

  /** What was read but not yet taken: for messages about a body that is no packet at all. */
  get pending(): string {
    return this.#held.toString("utf8", 0, 300);
  }

  async #fill(bytes: number): Promise<boolean> {
    if (this.#held.length >= bytes) return true;
    const parts = [this.#held];
    let have = this.#held.length;
    while (have < bytes) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      have += value.byteLength;
    }
    this.#held = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    return have >= bytes;
  }
}

/** A packet's text without its line feed. */
export function textOf(body: Buffer): string {
  const text = body.toString("utf8");
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

function malformed(what: string): AppError {
  return new AppError(`the answer is not Git's protocol: ${what}`, { reason: "GitProtocolError", code: Code.Unavailable, retry: "later" });
}
