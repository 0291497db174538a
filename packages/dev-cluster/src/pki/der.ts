/** Just enough of ASN.1's distinguished encoding (X.690) to write certificates. */
type Part = Buffer;

export const sequence = (...parts: readonly Part[]): Part => tagged(0x30, ...parts);
export const set = (...parts: readonly Part[]): Part => tagged(0x31, ...parts);
export const utf8 = (text: string): Part => tagged(0x0c, Buffer.from(text));
export const octets = (bytes: Buffer): Part => tagged(0x04, bytes);
export const yes = (): Part => tagged(0x01, Buffer.from([0xff]));

/** A positive integer of at least one byte, the highest first. */
export function integer(bytes: Buffer): Part {
  return tagged(0x02, bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** `unused`: bits at the end that do not count. */
export function bits(bytes: Buffer, unused = 0): Part {
  return tagged(0x03, Buffer.from([unused]), bytes);
}

/** `1.2.840.10045.4.3.2` */
export function identifier(dotted: string): Part {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(sevenBits)]));
}

/** Two digits for the year, as certificates write it until 2049. */
export function time(at: Date): Part {
  const text = at.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return at.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(text.slice(2))) : tagged(0x18, Buffer.from(text));
}

/** A part under a context's own number; `constructed` where it holds other parts. */
export function numbered(number: number, constructed: boolean, ...parts: readonly Part[]): Part {
  return tagged((constructed ? 0xa0 : 0x80) | number, ...parts);
}

function tagged(tag: number, ...parts: readonly Part[]): Part {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

function length(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function sevenBits(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest % 128));
  return bytes;
}
