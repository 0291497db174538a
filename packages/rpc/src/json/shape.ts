import { define, objectOf, type Json } from "./members.ts";
import type { FieldPlan, MessagePlan } from "./plan.ts";
import { Prepared } from "./prepared.ts";
import { finish } from "./presence.ts";
import { GO_TYPES, goType, SCALAR_TYPES, ZERO } from "./scalars.ts";
import { mismatch } from "./wire.ts";

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
  if (of.scalar === "json") return value;
  if (typeof value === SCALAR_TYPES[of.scalar] && (typeof value !== "number" || of.scalar === "double" || of.scalar === "float" || Number.isInteger(value))) return value;
  if (of.scalar === "bytes" && value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  throw mismatch(path, value, GO_TYPES[of.scalar]);
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
