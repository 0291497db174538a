import { PassThrough, type Duplex } from "node:stream";
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from "node:zlib";
import { spdyDictionary } from "./spdy-dictionary.ts";

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const FIN = 1;
const MAX_DATA = 1 << 20;

/** One stream that the client opened. */
export interface SpdyStream {
  headers: ReadonlyMap<string, string>;
  /** What the client sends, up to its end. */
  incoming: PassThrough;
  write(data: string | Buffer): void;
  end(): void;
}

/**
 * The server's side of SPDY/3.1 on a connection that was upgraded to it, as far as Kubernetes uses it for exec: the
 * client opens streams, both ends write and finish them, pings are answered. There is no flow control, as in the
 * implementation that kubectl and the API server bring.
 */
export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #opened: (stream: SpdyStream) => void;
  readonly #streams = new Map<number, PassThrough>();
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary() });
  readonly #deflate: Deflate = createDeflate({ dictionary: spdyDictionary() });
  #pending: Buffer = Buffer.alloc(0);
  #last = 0;

  constructor(socket: Duplex, opened: (stream: SpdyStream) => void) {
    this.#socket = socket;
    this.#opened = opened;
    void this.#read().catch(() => socket.destroy()).finally(() => this.#over());
  }

  /** Says that nothing more is coming and closes the connection. */
  close(): void {
    this.#control(GOAWAY, 0, [this.#last, 0]);
    this.#socket.end();
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#socket as AsyncIterable<Buffer>) {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      while (this.#pending.length >= 8) {
        const length = this.#pending.readUIntBE(5, 3);
        if (this.#pending.length < 8 + length) break;
        const head = this.#pending.readUInt32BE(0);
        const flags = this.#pending[4]!;
        const body = this.#pending.subarray(8, 8 + length);
        this.#pending = this.#pending.subarray(8 + length);
        if (head >>> 31 === 1) await this.#controlled(head & 0xffff, flags, body);
        else this.#data(head, flags, body);
      }
    }
  }

  async #controlled(type: number, flags: number, body: Buffer): Promise<void> {
    switch (type) {
      case SYN_STREAM: {
        const id = body.readUInt32BE(0) & 0x7fff_ffff;
        const headers = await this.#headers(body.subarray(10));
        const incoming = new PassThrough();
        this.#streams.set(id, incoming);
        this.#last = Math.max(this.#last, id);
        if (flags & FIN) incoming.end();
        await this.#reply(id);
        this.#opened({ headers, incoming, write: (data) => this.#write(id, Buffer.from(data), 0), end: () => this.#write(id, Buffer.alloc(0), FIN) });
        return;
      }
      case RST_STREAM:
        this.#streams.get(body.readUInt32BE(0) & 0x7fff_ffff)?.end();
        return;
      case PING:
        this.#control(PING, 0, [body.readUInt32BE(0)]);
    }
  }

  #data(id: number, flags: number, body: Buffer): void {
    const stream = this.#streams.get(id);
    if (!stream || stream.writableEnded) return;
    if (body.length > 0) stream.write(Buffer.from(body));
    if (flags & FIN) stream.end();
  }

  #write(id: number, data: Buffer, flags: number): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    for (let at = 0; at === 0 || at < data.length; at += MAX_DATA) {
      const part = data.subarray(at, at + MAX_DATA);
      const head = Buffer.alloc(8);
      head.writeUInt32BE(id, 0);
      head.writeUInt32BE(part.length, 4);
      head[4] = flags;
      this.#socket.write(Buffer.concat([head, part]));
    }
  }

  #control(type: number, flags: number, words: readonly number[], rest: Buffer = Buffer.alloc(0)): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    const frame = Buffer.alloc(8 + words.length * 4);
    frame.writeUInt32BE(0x8003_0000 + type, 0);
    frame.writeUInt32BE(words.length * 4 + rest.length, 4);
    frame[4] = flags;
    words.forEach((word, index) => frame.writeUInt32BE(word, 8 + index * 4));
    this.#socket.write(Buffer.concat([frame, rest]));
  }

  async #reply(id: number): Promise<void> {
    const none = Buffer.alloc(4);
    const { promise, resolve } = Promise.withResolvers<void>();
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): void => void chunks.push(chunk);
    this.#deflate.on("data", collect);
    this.#deflate.write(none);
    this.#deflate.flush(constants.Z_SYNC_FLUSH, () => resolve());
    await promise;
    this.#deflate.off("data", collect);
    this.#control(SYN_REPLY, 0, [id], Buffer.concat(chunks));
  }

  /** Names and values of a block; blocks of one connection continue one compressed text. */
  async #headers(block: Buffer): Promise<Map<string, string>> {
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): void => void chunks.push(chunk);
    this.#inflate.on("data", collect);
    await new Promise<void>((resolve, reject) => this.#inflate.write(Buffer.from(block), (error) => (error ? reject(error) : resolve())));
    this.#inflate.off("data", collect);
    const text = Buffer.concat(chunks);
    const headers = new Map<string, string>();
    let at = 4;
    const next = (): string => {
      const length = text.readUInt32BE(at);
      at += 4 + length;
      return text.toString("utf8", at - length, at);
    };
    for (let left = text.readUInt32BE(0); left > 0; left--) {
      const name = next();
      headers.set(name.toLowerCase(), next());
    }
    return headers;
  }

  #over(): void {
    for (const stream of this.#streams.values()) if (!stream.writableEnded) stream.end();
    this.#inflate.close();
    this.#deflate.close();
  }
}
