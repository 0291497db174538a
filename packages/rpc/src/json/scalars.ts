import type { Reader, Writer } from "protobufjs";
import { AppError, Code } from "@trireme/runtime";
import type { FieldPlan, Scalar } from "./plan.ts";
import { mismatch, toNumber } from "./wire.ts";

/** What a scalar is when nobody set it; bytes stand in JSON as base64 text. */
export const ZERO: Record<Scalar, unknown> = { string: "", bool: false, int32: 0, int64: 0, uint32: 0, uint64: 0, double: 0, float: 0, bytes: "", json: null };
/** Wire types. */
export const WIRE: Record<Scalar, number> = { string: 2, bytes: 2, json: 2, bool: 0, int32: 0, int64: 0, uint32: 0, uint64: 0, double: 1, float: 5 };
/** `typeof` of the JSON value; whatever it is, where that is open. */
export const SCALAR_TYPES: Record<Scalar, string | undefined> = { json: undefined, string: "string", bytes: "string", bool: "boolean", int32: "number", int64: "number", uint32: "number", uint64: "number", double: "number", float: "number" };
/** As messages to people name them. */
export const GO_TYPES: Record<Scalar, string> = { string: "string", bytes: "[]uint8", bool: "bool", int32: "int32", int64: "int64", uint32: "uint32", uint64: "uint64", double: "float64", float: "float32", json: "json.RawMessage" };

export const WRITE: Record<Scalar, (writer: Writer, value: never) => void> = {
  string: (writer, value) => void writer.string(value),
  bool: (writer, value) => void writer.bool(value),
  int32: (writer, value) => void writer.int32(value),
  int64: (writer, value) => void writer.int64(value),
  uint32: (writer, value) => void writer.uint32(value),
  uint64: (writer, value) => void writer.uint64(value),
  double: (writer, value) => void writer.double(value),
  float: (writer, value) => void writer.float(value),
  bytes: (writer, value) => void writer.bytes(typeof value === "string" ? Buffer.from(value, "base64") : value),
  json: (writer, value) => void writer.bytes(Buffer.from(JSON.stringify(value))),
};

export const READ: Record<Scalar, (reader: Reader) => unknown> = {
  string: (reader) => reader.string(),
  bool: (reader) => reader.bool(),
  int32: (reader) => reader.int32(),
  int64: (reader) => toNumber(reader.int64()),
  uint32: (reader) => reader.uint32(),
  uint64: (reader) => toNumber(reader.uint64()),
  double: (reader) => reader.double(),
  float: (reader) => reader.float(),
  bytes: (reader) => Buffer.from(reader.bytes()).toString("base64"),
  json: (reader) => jsonOf(Buffer.from(reader.bytes()).toString("utf8")),
};

/** A field's type as Go says it, for messages. */
export function goType({ of }: FieldPlan): string {
  return "scalar" in of ? GO_TYPES[of.scalar] : "message" in of ? of.message.short : "object";
}

/** @throws AppError InvalidJson naming the path. */
export function checked(scalar: Scalar, value: unknown, path: string): never {
  if (scalar === "json" || typeof value === SCALAR_TYPES[scalar] || (scalar === "bytes" && value instanceof Uint8Array)) return value as never;
  throw mismatch(path, value, GO_TYPES[scalar]);
}

/** @throws AppError InvalidJson. */
export function jsonOf(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError(`a raw JSON field does not hold JSON: ${(cause as Error).message}`, { reason: "InvalidJson", code: Code.InvalidArgument, retry: "never", cause });
  }
}
