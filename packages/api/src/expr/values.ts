import type { Json } from "../index.ts";
import { formatDuration } from "../duration.ts";
import { ExprError } from "./errors.ts";
import { DEEPEST_VALUE } from "./limits.ts";

/** Go's values: whole numbers are bigint, floats are number, nil is null. */
export type Value = null | boolean | bigint | number | string | Int64 | Slice | GoMap | Time | Duration | ExprFunction;

/** What `asInt` gives: a whole number that Go's deep equality holds apart from others. */
export class Int64 {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }
}

/** A Go slice; what its elements are declared as decides whether two are equal. */
export class Slice {
  readonly of: "any" | "float" | "int" | "string";
  readonly items: readonly Value[];

  constructor(of: Slice["of"], items: readonly Value[]) {
    this.of = of;
    this.items = items;
  }
}

/** A Go map; its keys are strings, but for that of groupBy. */
export class GoMap {
  readonly keys: "string" | "any";
  readonly entries: ReadonlyMap<Value, Value>;

  constructor(entries: ReadonlyMap<Value, Value>, keys: "string" | "any" = "string") {
    this.entries = entries;
    this.keys = keys;
  }
}

export class Time {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

export class Duration {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

export type ExprFunction = (args: readonly Value[]) => Value;

/** Without the distinction that only deep equality makes. */
export function plain(value: Value): Exclude<Value, Int64> {
  return value instanceof Int64 ? value.value : value;
}

/** JSON as Go's decoder reads it into an interface: every number a float. */
export function fromJson(json: Json | undefined, depth = 0): Value {
  if (depth > DEEPEST_VALUE) throw new ExprError(`value is nested more than ${DEEPEST_VALUE} deep`);
  if (json === null || json === undefined) return null;
  if (typeof json !== "object") return json;
  if (Array.isArray(json)) return new Slice("any", json.map((item) => fromJson(item, depth + 1)));
  return new GoMap(new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value, depth + 1)])));
}

/** Go's `%T`. */
export function goTypeOf(value: Value): string {
  if (value === null) return "<nil>";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    case "string":
      return "string";
    case "function":
      return "func";
    default:
      if (value instanceof Slice) return { any: "[]interface {}", float: "[]float64", int: "[]int", string: "[]string" }[value.of];
      if (value instanceof GoMap) return value.keys === "string" ? "map[string]interface {}" : "map[interface {}][]interface {}";
      if (value instanceof Int64) return "int64";
      return value instanceof Time ? "time.Time" : "time.Duration";
  }
}

/** Go's `%v`. */
export function goText(value: Value): string {
  if (value === null) return "<nil>";
  if (typeof value === "number") return floatText(value);
  if (typeof value === "function") return "func";
  if (typeof value !== "object") return String(value);
  if (value instanceof Int64) return String(value.value);
  if (value instanceof Slice) return `[${value.items.map(goText).join(" ")}]`;
  if (value instanceof GoMap) {
    const entries = [...value.entries].sort(([a], [b]) => compareText(goText(a), goText(b)));
    return `map[${entries.map(([key, entry]) => `${goText(key)}:${goText(entry)}`).join(" ")}]`;
  }
  return value instanceof Time ? new Date(value.ms).toISOString() : formatDuration(value.ms);
}

/** Shortest text that reads back the same, with an exponent where Go's `%v` has one. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 21) return Math.abs(value) < 1e-6 || Math.abs(value) >= 1e21 ? value.toFixed(20) : String(value);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

/** Go orders text by its bytes, that is by code points. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const [a, b] = [[...left], [...right]];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = a[index]!.codePointAt(0)! - b[index]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
