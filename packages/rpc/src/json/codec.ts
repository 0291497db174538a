import protobuf, { type Reader, type Writer } from "protobufjs";
import { AppError, Code } from "@trireme/runtime";
import type { FieldPlan, MessagePlan, Scalar } from "./plan.ts";
import { Prepared } from "./prepared.ts";
import { eachField, mismatch, toNumber } from "./wire.ts";

type Json = Record<string, unknown>;

/** Deepest nesting of messages that is read. */
const MAX_DEPTH = 100;

/** JSON in Argo's shape -> protobuf bytes. Fields that the message does not have are left out. */
export function encode(plan: MessagePlan, json: unknown): Buffer {
  if (json instanceof Prepared) return json.as(plan).bytes;
  const writer = protobuf.Writer.create();
  encodeMessage(plan, objectOf(json, plan.short), writer);
  return writer.finish() as Buffer;
}

/** Protobuf bytes -> JSON in Argo's shape. @throws AppError MalformedMessage. */
export function decode(plan: MessagePlan, bytes: Uint8Array): Json {
  const reader = protobuf.Reader.create(bytes);
  try {
    return decodeMessage(plan, reader, reader.len, 0);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(`${plan.name} cannot be read: ${(cause as Error).message}`, { reason: "MalformedMessage", code: Code.InvalidArgument, retry: "never", cause });
  }
}

/**
 * Any JSON of the message -> exactly what Argo CD would show: known fields only, zeros and nulls
 * where it keeps them, times and raw values normalised.
 * @param lenient also takes names in other letter case, as Argo CD does for what clients send.
 * @throws AppError InvalidJson naming the field.
 */
export function shape(plan: MessagePlan, json: unknown, { lenient = false, path = plan.short }: { lenient?: boolean; path?: string } = {}): Json {
  if (json instanceof Prepared) return json.as(plan).object;
  const source = lenient ? withKnownNames(plan, objectOf(json, path)) : objectOf(json, path);
  const found: Json = {};
  for (const field of plan.fields) {
    if (field.inlined) {
      found[field.json] = shape((field.of as { message: MessagePlan }).message, source, { lenient, path });
      continue;
    }
    const value = source[field.json];
    if (value === undefined || value === null) continue;
    found[field.json] = shapeField(field, value, `${path}.${field.json}`, lenient);
  }
  return finish(plan, found);
}

function shapeField(field: FieldPlan, value: unknown, path: string, lenient: boolean): unknown {
  if (field.shape === "repeated") {
    if (!Array.isArray(value)) throw mismatch(path, value, "[]" + goType(field));
    return value.map((item) => shapeOne(field, item, path, lenient));
  }
  if (field.shape === "map") {
    const shaped: Json = {};
    for (const [key, item] of Object.entries(objectOf(value, path))) define(shaped, key, shapeOne(field, item, path, lenient));
    return shaped;
  }
  return shapeOne(field, value, path, lenient);
}

function shapeOne({ of }: FieldPlan, value: unknown, path: string, lenient: boolean): unknown {
  if ("special" in of) return of.special.shape(value, path);
  if ("message" in of) return value instanceof Prepared ? value.as(of.message) : shape(of.message, value ?? {}, { lenient, path });
  if (value === null || value === undefined) return ZERO[of.scalar];
  if (typeof value === SCALAR_TYPES[of.scalar] && (typeof value !== "number" || of.scalar === "double" || of.scalar === "float" || Number.isInteger(value))) return value;
  if (of.scalar === "bytes" && value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  throw mismatch(path, value, GO_TYPES[of.scalar]);
}

/** Decides for each field whether it is shown, and as what when it is not set. */
function finish(plan: MessagePlan, found: Json): Json {
  const shown: Json = {};
  for (const field of plan.fields) {
    const value = found[field.json];
    if (field.inlined) Object.assign(shown, value ?? zeroOf(field));
    else if (isEmpty(field, value)) {
      const empty = emptyOf(field, value);
      if (empty !== undefined) shown[field.json] = empty;
    } else shown[field.json] = value;
  }
  return shown;
}

function isEmpty(field: FieldPlan, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (field.shape === "repeated") return (value as unknown[]).length === 0;
  if (field.shape === "map") return Object.keys(value).length === 0;
  if (!("scalar" in field.of)) return field.omittedAtZero && Object.keys(value).length === 0 && typeof value === "object";
  return !field.pointer && value === ZERO[field.of.scalar];
}

function emptyOf(field: FieldPlan, value: unknown): unknown {
  if (field.omittedAtZero) return undefined;
  if (field.shape !== "single") return field.kept ? null : undefined;
  if (field.pointer) return field.kept ? null : undefined;
  if (!("scalar" in field.of)) return zeroOf(field);
  if (!field.kept) return undefined;
  return field.of.scalar === "bytes" ? null : (value ?? ZERO[field.of.scalar]);
}

function zeroOf({ of }: FieldPlan): unknown {
  return "special" in of ? of.special.zero : finish((of as { message: MessagePlan }).message, {});
}

function encodeMessage(plan: MessagePlan, source: Json, writer: Writer): void {
  for (const field of plan.fields) {
    const value = field.inlined ? source : source[field.json];
    if (value === undefined || value === null) {
      if (field.required) encodeZero(field, writer);
      continue;
    }
    const path = `${plan.short}.${field.json}`;
    if (field.shape === "repeated") encodeRepeated(field, value, writer, path);
    else if (field.shape === "map") encodeMap(field, objectOf(value, path), writer);
    else if (field.pointer || field.required || !("scalar" in field.of) || value !== ZERO[field.of.scalar]) encodeOne(field, value, writer, path);
  }
}

/** What a proto2 reader insists on, although nobody set it. */
function encodeZero(field: FieldPlan, writer: Writer): void {
  if ("scalar" in field.of) encodeOne(field, ZERO[field.of.scalar], writer);
  else writer.uint32((field.number << 3) | 2).uint32(0);
}

function encodeRepeated(field: FieldPlan, value: unknown, writer: Writer, path: string): void {
  if (!Array.isArray(value)) throw mismatch(path, value, "[]" + goType(field));
  if (field.packed && "scalar" in field.of) {
    if (value.length === 0) return;
    writer.uint32((field.number << 3) | 2).fork();
    for (const item of value) WRITE[field.of.scalar](writer, checked(field.of.scalar, item, path));
    writer.ldelim();
    return;
  }
  for (const item of value) encodeOne(field, item ?? {}, writer, path);
}

function encodeMap(field: FieldPlan, value: Json, writer: Writer): void {
  for (const key of Object.keys(value).sort()) {
    writer.uint32((field.number << 3) | 2).fork().uint32(10).string(key);
    encodeOne({ ...field, number: 2 }, value[key], writer, `${field.json}.${key}`);
    writer.ldelim();
  }
}

function encodeOne(field: FieldPlan, value: unknown, writer: Writer, path: string = field.json): void {
  const { of, number } = field;
  if ("scalar" in of) {
    WRITE[of.scalar](writer.uint32((number << 3) | WIRE[of.scalar]), checked(of.scalar, value, path));
    return;
  }
  writer.uint32((number << 3) | 2);
  if ("message" in of && value instanceof Prepared) {
    writer.bytes(value.as(of.message).bytes);
    return;
  }
  writer.fork();
  if ("special" in of) of.special.encode(value, writer);
  else encodeMessage(of.message, objectOf(value ?? {}, path), writer);
  writer.ldelim();
}

function decodeMessage(plan: MessagePlan, reader: Reader, end: number, depth: number): Json {
  if (depth > MAX_DEPTH) throw new Error(`nested deeper than ${MAX_DEPTH} messages`);
  if (end > reader.len) throw new RangeError(`a message of ${plan.short} ends after its frame`);
  const found: Json = {};
  eachField(reader, end, (number, wireType) => {
    const field = plan.byNumber.get(number);
    if (!field) return false;
    if (field.shape === "map") {
      const map = (found[field.json] ??= {}) as Json;
      const [key, value] = decodeEntry(field, reader, depth);
      define(map, key, value);
    } else if (field.shape === "repeated") {
      const list = (found[field.json] ??= []) as unknown[];
      if ("scalar" in field.of && wireType === 2 && WIRE[field.of.scalar] !== 2) {
        const until = reader.uint32() + reader.pos;
        while (reader.pos < until) list.push(READ[field.of.scalar](reader));
      } else list.push(decodeOne(field, reader, depth));
    } else found[field.json] = decodeOne(field, reader, depth);
    return true;
  });
  return finish(plan, found);
}

function decodeEntry(field: FieldPlan, reader: Reader, depth: number): [string, unknown] {
  let key = "";
  let value: unknown;
  eachField(reader, reader.uint32() + reader.pos, (number) => {
    if (number === 1) key = reader.string();
    else if (number === 2) value = decodeOne(field, reader, depth);
    else return false;
    return true;
  });
  return [key, value ?? ("scalar" in field.of ? ZERO[field.of.scalar] : zeroOf(field))];
}

function decodeOne({ of }: FieldPlan, reader: Reader, depth: number): unknown {
  if ("scalar" in of) return READ[of.scalar](reader);
  const end = reader.uint32() + reader.pos;
  return "special" in of ? of.special.decode(reader, end) : decodeMessage(of.message, reader, end, depth + 1);
}

function objectOf(json: unknown, path: string): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw mismatch(path, json, "object");
  return json as Json;
}

function withKnownNames(plan: MessagePlan, json: Json): Json {
  if (Object.keys(json).every((key) => plan.byJson.has(key))) return json;
  const known: Json = {};
  for (const [key, value] of Object.entries(json)) {
    const name = plan.byJson.has(key) ? key : plan.fields.find((field) => field.json.toLowerCase() === key.toLowerCase())?.json;
    define(known, name ?? key, value);
  }
  return known;
}

/** A key from outside is only ever an own property. */
function define(target: Json, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

function checked(scalar: Scalar, value: unknown, path: string): never {
  if (typeof value === SCALAR_TYPES[scalar] || (scalar === "bytes" && value instanceof Uint8Array)) return value as never;
  throw mismatch(path, value, GO_TYPES[scalar]);
}

function goType({ of }: FieldPlan): string {
  return "scalar" in of ? GO_TYPES[of.scalar] : "message" in of ? of.message.short : "object";
}

const ZERO: Record<Scalar, unknown> = { string: "", bool: false, int32: 0, int64: 0, uint32: 0, uint64: 0, double: 0, float: 0, bytes: "" };
const WIRE: Record<Scalar, number> = { string: 2, bytes: 2, bool: 0, int32: 0, int64: 0, uint32: 0, uint64: 0, double: 1, float: 5 };
const SCALAR_TYPES: Record<Scalar, string> = { string: "string", bytes: "string", bool: "boolean", int32: "number", int64: "number", uint32: "number", uint64: "number", double: "number", float: "number" };
const GO_TYPES: Record<Scalar, string> = { string: "string", bytes: "[]uint8", bool: "bool", int32: "int32", int64: "int64", uint32: "uint32", uint64: "uint64", double: "float64", float: "float32" };

const WRITE: Record<Scalar, (writer: Writer, value: never) => void> = {
  string: (writer, value) => void writer.string(value),
  bool: (writer, value) => void writer.bool(value),
  int32: (writer, value) => void writer.int32(value),
  int64: (writer, value) => void writer.int64(value),
  uint32: (writer, value) => void writer.uint32(value),
  uint64: (writer, value) => void writer.uint64(value),
  double: (writer, value) => void writer.double(value),
  float: (writer, value) => void writer.float(value),
  bytes: (writer, value) => void writer.bytes(typeof value === "string" ? Buffer.from(value, "base64") : value),
};

const READ: Record<Scalar, (reader: Reader) => unknown> = {
  string: (reader) => reader.string(),
  bool: (reader) => reader.bool(),
  int32: (reader) => reader.int32(),
  int64: (reader) => toNumber(reader.int64()),
  uint32: (reader) => reader.uint32(),
  uint64: (reader) => toNumber(reader.uint64()),
  double: (reader) => reader.double(),
  float: (reader) => reader.float(),
  bytes: (reader) => Buffer.from(reader.bytes()).toString("base64"),
};
