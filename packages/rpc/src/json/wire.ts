import type { Reader, Writer } from "protobufjs";
import { AppError, Code } from "@trireme/runtime";

/** How one message stands in JSON when it is not an object of its fields. */
export interface SpecialType {
  /** What a field held by value shows when unset. */
  zero: unknown;
  /** Checks and normalises JSON. */
  shape(json: unknown, path: string): unknown;
  /** Writes the fields of the message, without its length. */
  encode(json: any, writer: Writer): void;
  decode(reader: Reader, end: number): unknown;
}

/** In Go's words, which clients show to people. */
export function mismatch(path: string, json: unknown, expected: string): AppError {
  const found = Array.isArray(json) ? "array" : json === null ? "null" : typeof json === "boolean" ? "bool" : typeof json;
  return new AppError(`json: cannot unmarshal ${found} into Go struct field ${path} of type ${expected}`, { reason: "InvalidJson", code: Code.InvalidArgument, retry: "never", details: { field: path } });
}

/** Reads the fields of a message up to `end`; what `read` does not take is skipped. */
export function eachField(reader: Reader, end: number, read: (number: number, wireType: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!read(tag >>> 3, tag & 7)) reader.skipType(tag & 7);
  }
}

/** int64 as protobufjs reads it: a number, or a Long where that package is present. */
export function toNumber(value: unknown): number {
  return typeof value === "number" ? value : (value as { toNumber(): number }).toNumber();
}
