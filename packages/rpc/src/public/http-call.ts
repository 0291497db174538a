import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, Code } from "@trireme/runtime";
import type { CallContext } from "../handlers.ts";
import type { PublicMethod } from "./contract.ts";

export interface HttpCall extends CallContext {
  /** Headers set so far, to be sent with the first byte. */
  headers: Record<string, string>;
}

/** A call that came as an HTTP request. Its signal ends with the connection, and with `closing` for streams. */
export function httpCall(request: IncomingMessage, response: ServerResponse, method: PublicMethod, door: "rest" | "grpc-web", closing: AbortSignal): HttpCall {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new AppError(`${method.service}/${method.name}: the caller went away`, { reason: "Canceled", code: Code.Canceled }));
  });
  const headers: Record<string, string> = {};
  return {
    signal: method.responseStream ? AbortSignal.any([gone.signal, closing]) : gone.signal,
    header(name) {
      // Metadata that REST clients send under grpc-gateway's prefix counts as well.
      const value = request.headers[name.toLowerCase()] ?? request.headers[`grpc-metadata-${name.toLowerCase()}`];
      return Array.isArray(value) ? value[0] : value;
    },
    setHeader(name, value) {
      headers[name.toLowerCase()] = value;
    },
    peer: request.socket.remoteAddress ?? "unknown",
    method: `${method.service}/${method.name}`,
    door,
    headers,
  };
}

/** @throws AppError BodyTooLarge, or Canceled when the sender leaves. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = (): AppError => new AppError(`request body is larger than ${limit} bytes`, { reason: "BodyTooLarge", code: Code.ResourceExhausted, retry: "never", details: { limit } });
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      if (size > limit) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("the request ended before its body did", { reason: "Canceled", code: Code.Canceled, cause });
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
