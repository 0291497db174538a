import protobuf, { type Reader } from "protobufjs";
import { AppError, Code } from "@trireme/runtime";
import { define, type Json } from "./members.ts";
import type { FieldPlan, MessagePlan } from "./plan.ts";
import { finish, zeroOf } from "./presence.ts";
import { READ, WIRE, ZERO } from "./scalars.ts";
import { eachField } from "./wire.ts";

/** Deepest nesting of messages that is read. */
const MAX_DEPTH = 100;

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
