/** Longest line (one event) that a watch may send; etcd's own limit is 1.5 MB an object. */
export const MAX_LINE_BYTES = 32 << 20;

const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines. A chunk that holds whole lines is never copied; only an event that
 * spans chunks is put together. Throws RangeError for a line over `maxBytes`.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const bytes of chunks) {
    const chunk = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const part = chunk.subarray(start, end);
      start = end + 1;
      if (restBytes > 0) {
        yield Buffer.concat([...rest, part]);
        rest = [];
        restBytes = 0;
      } else if (part.length > 0) yield part;
    }
    if (start < chunk.length) {
      const part = chunk.subarray(start);
      restBytes += part.length;
      if (restBytes > maxBytes) throw new RangeError(`a line of more than ${maxBytes} bytes`);
      rest.push(part);
    }
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}
