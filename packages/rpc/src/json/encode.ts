import protobuf, { type Writer } from "protobufjs";
import { objectOf, type Json } from "./members.ts";
import type { FieldPlan, MessagePlan } from "./plan.ts";
import { Prepared } from "./prepared.ts";
import { checked, goType, WIRE, WRITE, ZERO } from "./scalars.ts";
import { mismatch } from "./wire.ts";

/** JSON in Argo's shape -> protobuf bytes. Fields that the message does not have are left out. */
export function encode(plan: MessagePlan, json: unknown): Buffer {
  if (json instanceof Prepared) return json.as(plan).bytes;
  const writer = protobuf.Writer.create();
  encodeMessage(plan, objectOf(json, plan.short), writer);
  return writer.finish() as Buffer;
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
