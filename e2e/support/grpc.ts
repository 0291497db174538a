import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";

/** A request's fields by number; what is nested is a message of its own. */
export interface Fields {
  [number: number]: string | Fields;
}

/** What a call came to. */
export interface GrpcAnswer {
  /** 0 for success. */
  code: number;
  message: string;
  /** The messages of the answer, as they came over the wire. */
  messages: Buffer[];
}

export interface GrpcOptions {
  token?: string | undefined;
  signal?: AbortSignal;
  /** Each message as it comes. */
  onMessage?: (message: Buffer) => void;
}

/** A call as official clients make it, stream or not, without generated code. `method` is `application.ApplicationService/List`. */
export async function grpc(url: string, method: string, request: Fields, { token, signal, onMessage }: GrpcOptions = {}): Promise<GrpcAnswer> {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("token", token);
  const messages: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<GrpcAnswer>();
  const call = client.makeServerStreamRequest(`/${method}`, (bytes: Buffer) => bytes, (bytes: Buffer) => bytes, encoded(request), metadata);
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  call.on("data", (message: Buffer) => {
    messages.push(message);
    onMessage?.(message);
  });
  call.on("error", ({ code, details }: ServiceError) => resolve({ code, message: details, messages }));
  call.on("end", () => resolve({ code: 0, message: "", messages }));
  try {
    return await promise;
  } finally {
    signal?.removeEventListener("abort", cancel);
    client.close();
  }
}

/** The same over HTTP/1. */
export async function grpcWeb(url: string, method: string, request: Fields, { token, signal, onMessage }: GrpcOptions = {}): Promise<GrpcAnswer> {
  const response = await fetch(`${url}/${method}`, { method: "POST", headers: { "content-type": "application/grpc-web+proto", ...(token !== undefined && { authorization: `Bearer ${token}` }) }, body: new Uint8Array(framed(encoded(request))), signal: signal ?? null });
  const messages: Buffer[] = [];
  const status = (code: string | undefined, message: string | undefined): GrpcAnswer => ({ code: Number(code ?? NaN), message: decodeURIComponent(message ?? ""), messages });
  // What fails before its first message is told by headers alone.
  if (response.headers.has("grpc-status")) return status(response.headers.get("grpc-status")!, response.headers.get("grpc-message") ?? "");
  let rest = Buffer.alloc(0);
  for await (const chunk of response.body ?? []) {
    rest = Buffer.concat([rest, chunk]);
    for (let length; rest.length >= 5 && rest.length >= 5 + (length = rest.readUInt32BE(1)); rest = rest.subarray(5 + length)) {
      const bytes = Buffer.from(rest.subarray(5, 5 + length));
      if (rest[0] === 0x80) return status(/grpc-status: ?(\d+)/i.exec(bytes.toString())?.[1], /grpc-message: ?([^\r]*)/i.exec(bytes.toString())?.[1]);
      messages.push(bytes);
      onMessage?.(bytes);
    }
  }
  throw new Error(`${method}: the answer ended without a status`);
}

/** The texts at a path of field numbers, through every element of lists. */
export function textsAt(message: Buffer, [field, ...more]: readonly number[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < message.length; ) {
    const [key, afterKey] = varint(message, at);
    const [value, afterValue] = [0, 2].includes(key & 7) ? varint(message, afterKey) : [0, afterKey + ((key & 7) === 1 ? 8 : 4)];
    at = afterValue;
    if ((key & 7) !== 2) continue;
    const content = message.subarray(at, (at += value));
    if (key >> 3 === field) found.push(...(more.length === 0 ? [content.toString()] : textsAt(content, more)));
  }
  return found;
}

function encoded(fields: Fields): Buffer {
  return Buffer.concat(
    Object.entries(fields).flatMap(([number, value]) => {
      const content = typeof value === "string" ? Buffer.from(value) : encoded(value);
      return [Buffer.from([(Number(number) << 3) | 2, ...lengthOf(content)]), content];
    }),
  );
}

function lengthOf({ length }: Buffer): number[] {
  const bytes = [];
  for (let left = length; ; left >>= 7) {
    if (left < 0x80) return [...bytes, left];
    bytes.push((left & 0x7f) | 0x80);
  }
}

function varint(bytes: Buffer, from: number): [value: number, next: number] {
  let value = 0;
  for (let at = from, factor = 1; ; at++, factor *= 128) {
    value += (bytes[at]! & 0x7f) * factor;
    if (bytes[at]! < 0x80) return [value, at + 1];
  }
}

function framed(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}
