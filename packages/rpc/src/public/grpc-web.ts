import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, Code } from "@trireme/runtime";
import { drained } from "@trireme/runtime/waited";
import { unimplemented, within, type Around } from "../grpc/serve-methods.ts";
import { publicError } from "../grpc/status.ts";
import type { ServerStream, Services, Unary } from "../handlers.ts";
import { decode } from "../json/decode.ts";
import { encode } from "../json/encode.ts";
import { publicContract } from "./contract.ts";
import { httpCall, readBody, type HttpCall } from "./http-call.ts";

export interface GrpcWebOptions {
  services: Services;
  around?: Around;
  bodyLimit: number;
  closing: AbortSignal;
}

const PROTO = "application/grpc-web+proto";
const TEXT = "application/grpc-web-text+proto";
const HEADER_BYTES = 5;
const TRAILERS_FLAG = 0x80;

export function isGrpcWeb(request: IncomingMessage): boolean {
  const type = request.headers["content-type"]?.split(";")[0]?.trim();
  return type === PROTO || type === TEXT || type === "application/grpc-web" || type === "application/grpc-web-text";
}

/**
 * gRPC over HTTP/1: one framed message in, framed messages and a frame of trailers out. What
 * fails before its first message is told by headers alone: official clients look nowhere else.
 */
export async function answerGrpcWeb(request: IncomingMessage, response: ServerResponse, options: GrpcWebOptions): Promise<void> {
  const text = request.headers["content-type"]!.includes("grpc-web-text");
  const writer = new FrameWriter(response, text);
  const path = new URL(request.url ?? "/", "http://host").pathname.split("/").slice(-2).join("/");
  const method = publicContract().byPath.get(path);
  if (!method) return writer.fail(new AppError(`unknown service or method ${path}`, { reason: "Unimplemented", code: Code.Unimplemented, retry: "never" }));
  const call = httpCall(request, response, method, "grpc-web", options.closing);
  try {
    const messages = framesOf(await readBody(request, options.bodyLimit), text).map((frame) => decode(method.request, frame));
    const handler = options.services[method.service]?.[method.name];
    if (!handler) throw unimplemented(path);
    const message = messages[0] ?? decode(method.request, new Uint8Array());
    await within(options.around, call, message, async () => {
      if (method.responseStream) {
        for await (const item of (handler as ServerStream)(message, call)) {
          if (call.signal.aborted) break;
          await writer.message(encode(method.response, item), call);
        }
      } else {
        const answer = await (handler as Unary)(method.requestStream ? (each(messages) as never) : message, call);
        await writer.message(encode(method.response, answer ?? {}), call);
      }
    });
    writer.end(call);
  } catch (thrown) {
    writer.fail(thrown, call);
  }
}

class FrameWriter {
  private readonly response: ServerResponse;
  private readonly text: boolean;

  constructor(response: ServerResponse, text: boolean) {
    this.response = response;
    this.text = text;
  }

  async message(bytes: Buffer, call: HttpCall): Promise<void> {
    if (this.response.destroyed) return;
    this.start(call.headers);
    if (!this.response.write(this.coded(frame(0, bytes)))) await drained(this.response);
  }

  end(call: HttpCall): void {
    this.start(call.headers);
    this.response.end(this.coded(frame(TRAILERS_FLAG, Buffer.from("grpc-status: 0\r\ngrpc-message: \r\n"))));
  }

  fail(thrown: unknown, call?: HttpCall): void {
    if (this.response.destroyed) return;
    const { code, message } = publicError(thrown);
    if (this.response.headersSent) {
      this.response.end(this.coded(frame(TRAILERS_FLAG, Buffer.from(`grpc-status: ${code}\r\ngrpc-message: ${percentEncoded(message)}\r\n`))));
      return;
    }
    this.response.writeHead(200, { ...this.contentType(), ...call?.headers, "grpc-status": String(code), "grpc-message": percentEncoded(message), "content-length": 0 });
    this.response.end();
  }

  private start(headers: Record<string, string>): void {
    if (!this.response.headersSent) this.response.writeHead(200, { ...this.contentType(), ...headers });
  }

  private contentType(): { "content-type": string } {
    return { "content-type": this.text ? TEXT : PROTO };
  }

  private coded(bytes: Buffer): Buffer | string {
    return this.text ? bytes.toString("base64") : bytes;
  }
}

function frame(flag: number, bytes: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(HEADER_BYTES + bytes.length);
  framed[0] = flag;
  framed.writeUInt32BE(bytes.length, 1);
  bytes.copy(framed, HEADER_BYTES);
  return framed;
}

/** @throws AppError MalformedFrame saying what is wrong with which frame. */
function framesOf(body: Buffer, text: boolean): Buffer[] {
  const bytes = text ? Buffer.from(body.toString("latin1"), "base64") : body;
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const malformed = (what: string): AppError => new AppError(`gRPC-Web frame ${frames.length}: ${what}`, { reason: "MalformedFrame", code: Code.InvalidArgument, retry: "never" });
    if (bytes.length - at < HEADER_BYTES) throw malformed(`its header has ${bytes.length - at} of ${HEADER_BYTES} bytes`);
    const length = bytes.readUInt32BE(at + 1);
    if (bytes[at] !== 0) throw malformed(bytes[at] === 1 ? "compressed messages are not taken" : `its first byte is ${bytes[at]}, not 0`);
    if (bytes.length - at - HEADER_BYTES < length) throw malformed(`it announces ${length} bytes and has ${bytes.length - at - HEADER_BYTES}`);
    frames.push(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
    at += HEADER_BYTES + length;
  }
  return frames;
}

async function* each(messages: unknown[]): AsyncIterable<unknown> {
  yield* messages;
}

/** As gRPC writes status messages: printable ASCII stays. */
function percentEncoded(message: string): string {
  return [...Buffer.from(message, "utf8")].map((byte) => (byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)).join("");
}
