import type { Json } from "../index.ts";
import { durationProblem, parseDuration } from "../duration.ts";
import { ExprError } from "./errors.ts";
import { fetch, wholeNumber, type Environment } from "./evaluate.ts";
import type { Budget } from "./limits.ts";
import { compare, isNumeric } from "./operators.ts";
import { compareText, Duration, floatText, fromJson, GoMap, goText, goTypeOf, Int64, plain, Slice, Time, type Value } from "./values.ts";

/** A builtin without a closure, on arguments that were checked as far as their types were known. */
export function callBuiltin(name: string, args: readonly Value[], env: Environment, budget: Budget): Value {
  const builtin = BUILTINS[name];
  if (builtin === undefined) throw new ExprError(`unknown builtin ${name}`);
  const answer = builtin(args.map(plain), { env, budget });
  if (typeof answer === "string") budget.characters(answer.length);
  else if (answer instanceof Slice) budget.elements(answer.items.length);
  return answer;
}

type Builtin = (args: readonly Value[], given: { env: Environment; budget: Budget }) => Value;

const BUILTINS: Readonly<Record<string, Builtin | undefined>> = Object.assign(Object.create(null) as Record<string, Builtin>, {
  len: ([value]) => BigInt(lengthOf(value!)),
  type: ([value]) => typeNameOf(value!),
  abs: ([value]) => {
    if (typeof value === "bigint") return value < 0n ? -value : value;
    if (typeof value === "number") return Math.abs(value);
    throw new ExprError(`invalid argument for abs (type ${goTypeOf(value!)})`);
  },
  ceil: ([value]) => Math.ceil(numeric("ceil", value!)),
  floor: ([value]) => Math.floor(numeric("floor", value!)),
  round: ([value]) => awayFromZero(numeric("round", value!)),
  int: ([value]) => int(value!),
  float: ([value]) => float(value!),
  string: ([value]) => goText(value!),
  trim: ([value, cut]) => trim(textOf(value!), cut === undefined ? undefined : textOf(cut)),
  trimPrefix: ([value, prefix]) => withoutPrefix(textOf(value!), prefix === undefined ? " " : textOf(prefix)),
  trimSuffix: ([value, suffix]) => withoutSuffix(textOf(value!), suffix === undefined ? " " : textOf(suffix)),
  upper: ([value]) => textOf(value!).toUpperCase(),
  lower: ([value]) => textOf(value!).toLowerCase(),
  split: ([value, separator, count], { budget }) => split(textOf(value!), textOf(separator!), count, false, budget),
  splitAfter: ([value, separator, count], { budget }) => split(textOf(value!), textOf(separator!), count, true, budget),
  replace: ([value, from, to, count], { budget }) => replace(textOf(value!), textOf(from!), textOf(to!), count === undefined ? -1 : wholeNumber(count), budget),
  repeat: ([value, count], { budget }) => {
    const times = wholeNumber(count!);
    if (times > 1e6) throw new ExprError("memory budget exceeded");
    if (times < 0) throw new ExprError("strings: negative Repeat count");
    budget.characters(textOf(value!).length * times);
    return textOf(value!).repeat(times);
  },
  join: ([list, glue], { budget }) => {
    if (!(list instanceof Slice) || (list.of !== "any" && list.of !== "string")) throw new ExprError(`invalid argument for join (type ${goTypeOf(list!)})`);
    const parts = list.items.map(textOf);
    const between = glue === undefined ? "" : textOf(glue);
    budget.characters(between.length * parts.length);
    return parts.join(between);
  },
  indexOf: ([value, part]) => byteIndex(textOf(value!), textOf(value!).indexOf(textOf(part!))),
  lastIndexOf: ([value, part]) => byteIndex(textOf(value!), textOf(value!).lastIndexOf(textOf(part!))),
  hasPrefix: ([value, part]) => textOf(value!).startsWith(textOf(part!)),
  hasSuffix: ([value, part]) => textOf(value!).endsWith(textOf(part!)),
  max: (args) => args.reduce((most, value) => (most === null || compare("<", most, value) ? value : most), null),
  min: (args) => args.reduce((least, value) => (least === null || compare(">", least, value) ? value : least), null),
  sum: ([list]) => {
    const numbers = numbersOf("sum", list!);
    if (numbers.every((value) => typeof value === "bigint")) return BigInt.asIntN(64, numbers.reduce((total, value) => total + value, 0n));
    return numbers.reduce<number>((total, value) => total + Number(value), 0);
  },
  mean: ([list]) => {
    const numbers = numbersOf("mean", list!).map(Number);
    return numbers.length === 0 ? 0 : numbers.reduce((total, value) => total + value, 0) / numbers.length;
  },
  median: ([list]) => {
    const numbers = numbersOf("median", list!).map(Number).sort(nanFirst);
    const middle = Math.floor(numbers.length / 2);
    if (numbers.length === 0) return 0;
    return numbers.length % 2 === 0 ? (numbers[middle - 1]! + numbers[middle]!) / 2 : numbers[middle]!;
  },
  toJSON: ([value]) => JSON.stringify(toJson(value!), null, 2).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  fromJSON: ([value]) => {
    try {
      return fromJson(JSON.parse(textOf(value!)) as Json);
    } catch (error) {
      throw error instanceof ExprError ? error : new ExprError(`invalid JSON: ${(error as Error).message}`);
    }
  },
  toBase64: ([value]) => btoa(String.fromCharCode(...new TextEncoder().encode(textOf(value!)))),
  fromBase64: ([value]) => fromBase64(textOf(value!)),
  now: (_args, { env }) => new Time(env.now),
  duration: ([value]) => {
    const ms = parseDuration(textOf(value!));
    if (ms === undefined) throw new ExprError(durationProblem(textOf(value!)));
    return new Duration(ms);
  },
  date: (args) => date(args.map(textOf)),
  first: ([list]) => fetchOrNil(list!, 0n),
  last: ([list]) => fetchOrNil(list!, -1n),
  get: ([base, property]) => fetchOrNil(base!, property!),
  take: ([list, count]) => {
    if (!(list instanceof Slice)) throw new ExprError(`cannot take from ${kindOf(list!)}`);
    if (typeof count !== "bigint") throw new ExprError(`cannot take ${kindOf(count!)} elements`);
    if (count < 0n) throw new ExprError("reflect.Value.Slice: slice index out of bounds");
    return count > list.items.length ? list : new Slice(list.of, list.items.slice(0, Number(count)));
  },
  keys: ([map]) => new Slice("any", [...mapOf("cannot get keys from ", map!).entries.keys()]),
  values: ([map]) => new Slice("any", [...mapOf("cannot get values from ", map!).entries.values()]),
  toPairs: ([map]) => new Slice("any", [...mapOf("cannot transform ", map!, " to pairs").entries].map((pair) => new Slice("any", pair))),
  fromPairs: ([list]) => {
    if (!(list instanceof Slice)) throw new ExprError(`cannot transform ${goText(list!)} from pairs`);
    return new GoMap(new Map(list.items.map(pairOf)), "any");
  },
  sort: ([list, order]) => sorted(list!, undefined, order),
  sortBy: ([list, field, order]) => {
    if (typeof field !== "string") throw new ExprError(`invalid argument for sort (expected string, got ${goTypeOf(field!)})`);
    return sorted(list!, field, order);
  },
} satisfies Record<string, Builtin>);

function lengthOf(value: Value): number {
  if (typeof value === "string") return new TextEncoder().encode(value).length;
  if (value instanceof Slice) return value.items.length;
  if (value instanceof GoMap) return value.entries.size;
  throw new ExprError(`invalid argument for len (type ${goTypeOf(value)})`);
}

function typeNameOf(value: Value): string {
  if (value === null) return "nil";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "string";
    case "function":
      return "func";
    default:
      return value instanceof Slice ? "array" : value instanceof GoMap ? "map" : value instanceof Time ? "time.Time" : "time.Duration";
  }
}

/** Go's reflect kind. */
function kindOf(value: Value): string {
  if (value === null) return "invalid";
  if (value instanceof Slice) return "slice";
  if (value instanceof GoMap) return "map";
  if (value instanceof Time) return "struct";
  return value instanceof Duration ? "int64" : goTypeOf(value);
}

function numeric(name: string, value: Value): number {
  if (!isNumeric(value)) throw new ExprError(`invalid argument for ${name} (type ${goTypeOf(value)})`);
  return Number(value);
}

function awayFromZero(value: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 52) return value;
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

/** Floats beyond what a whole number holds become what x86 makes of them. */
export function floatToInt(value: number): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) return -(2n ** 63n);
  return BigInt(Math.trunc(value));
}

function int(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return floatToInt(value);
  if (typeof value !== "string") throw new ExprError(`invalid operation: int(${goTypeOf(value)})`);
  const parsed = parseInt64(value);
  if (parsed === undefined) throw new ExprError(`invalid operation: int(${value})`);
  return parsed;
}

function float(value: Value): number {
  if (isNumeric(value)) return Number(value);
  if (typeof value !== "string") throw new ExprError(`invalid operation: float(${goTypeOf(value)})`);
  const parsed = parseFloat64(value);
  if (parsed === undefined) throw new ExprError(`invalid operation: float(${value})`);
  return parsed;
}

/** Base 10 within 64 bits, as Go's ParseInt. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]{1,30}$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** As Go's ParseFloat, which also knows infinities, NaN and hexadecimal exponents; overflow is none. */
export function parseFloat64(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function textOf(value: Value): string {
  if (typeof value !== "string") throw new ExprError(`interface conversion: interface {} is ${value === null ? "nil" : goTypeOf(value)}, not string`);
  return value;
}

function trim(value: string, cut: string | undefined): string {
  if (cut === undefined) return value.trim();
  const chars = [...value];
  let [from, to] = [0, chars.length];
  while (from < to && cut.includes(chars[from]!)) from++;
  while (to > from && cut.includes(chars[to - 1]!)) to--;
  return chars.slice(from, to).join("");
}

function withoutPrefix(value: string, prefix: string): string {
  return value.startsWith(prefix) ? value.slice(prefix.length) : value;
}

function withoutSuffix(value: string, suffix: string): string {
  return suffix !== "" && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value;
}

function split(value: string, separator: string, count: Value | undefined, keep: boolean, budget: Budget): Value {
  const most = count === undefined ? -1 : wholeNumber(count);
  if (most === 0) return new Slice("string", []);
  budget.elements(separator === "" ? value.length : 1);
  const all = separator === "" ? [...value] : value.split(separator);
  const parts = most > 0 && all.length > most ? [...all.slice(0, most - 1), all.slice(most - 1).join(separator)] : all;
  return new Slice("string", keep ? parts.map((part, index) => (index < parts.length - 1 ? part + separator : part)) : parts);
}

function replace(value: string, from: string, to: string, count: number, budget: Budget): string {
  const pieces = from === "" ? ["", ...value] : value.split(from);
  const gaps = from === "" ? pieces.length : pieces.length - 1;
  const replaced = count < 0 ? gaps : Math.min(count, gaps);
  budget.characters(replaced * to.length);
  if (from === "") return [...value, ""].map((char, index) => (index < replaced ? to : "") + char).join("");
  return pieces.map((piece, index) => piece + (index === pieces.length - 1 ? "" : index < replaced ? to : from)).join("");
}

function byteIndex(value: string, index: number): bigint {
  return index < 0 ? -1n : BigInt(lengthOf(value.slice(0, index)));
}

function numbersOf(verb: string, list: Value): (bigint | number)[] {
  if (!(list instanceof Slice)) throw new ExprError(`cannot ${verb} ${kindOf(list)}`);
  return list.items.map((element) => {
    const item = plain(element);
    if (!isNumeric(item)) throw new ExprError(`cannot ${verb} ${item === null ? "interface" : kindOf(item)}`);
    return item;
  });
}

function nanFirst(left: number, right: number): number {
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  return Number.isNaN(right) ? 1 : left - right;
}

function toJson(value: Value): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Int64) return Number(value.value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new ExprError(`json: unsupported value: ${floatText(value)}`);
    return value;
  }
  if (value instanceof Slice) return value.items.map(toJson);
  if (value instanceof GoMap && value.keys === "string") return Object.fromEntries([...value.entries].sort(([a], [b]) => compareText(a as string, b as string)).map(([key, entry]) => [key as string, toJson(entry)]));
  if (value instanceof Time) return new Date(value.ms).toISOString();
  if (value instanceof Duration) return Math.round(value.ms * 1e6);
  throw new ExprError(`json: unsupported type: ${goTypeOf(value)}`);
}

function fromBase64(value: string): string {
  const packed = value.replace(/[\r\n]/g, "");
  const bad = /[^A-Za-z0-9+/=]/.exec(packed)?.index ?? (packed.length % 4 === 0 && /^[^=]*={0,2}$/.test(packed) ? -1 : packed.length);
  if (bad >= 0) throw new ExprError(`illegal base64 data at input byte ${bad}`);
  return new TextDecoder().decode(Uint8Array.from(atob(packed), (char) => char.charCodeAt(0)));
}

const DATES: readonly RegExp[] = [/^\d{4}-\d{2}-\d{2}$/, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/];

/** Days, days with times, and RFC3339; other layouts are not offered. */
function date(args: readonly string[]): Time {
  const [value, layout] = args as [string, string | undefined];
  if (layout !== undefined) throw new ExprError("date() with a layout is not supported");
  const known = DATES.find((pattern) => pattern.test(value));
  const ms = known === undefined ? NaN : Date.parse(known === DATES[2] ? value : `${value.replace(" ", "T")}${known === DATES[0] ? "T00:00:00" : ""}Z`);
  if (Number.isNaN(ms)) throw new ExprError(`invalid date ${value}`);
  return new Time(ms);
}

function fetchOrNil(base: Value, property: Value): Value {
  try {
    return fetch(base, property);
  } catch {
    return null;
  }
}

function mapOf(before: string, value: Value, after = ""): GoMap {
  if (!(value instanceof GoMap)) throw new ExprError(`${before}${kindOf(value)}${after}`);
  return value;
}

function pairOf(pair: Value): [Value, Value] {
  if (!(pair instanceof Slice)) throw new ExprError(`invalid pair ${goText(pair)}`);
  if (pair.items.length !== 2) throw new ExprError(`invalid pair length ${goText(pair)}`);
  return [pair.items[0]!, pair.items[1]!];
}

function sorted(list: Value, field: string | undefined, order: Value | undefined): Value {
  if (!(list instanceof Slice)) throw new ExprError(`cannot sort ${kindOf(list)}`);
  if (order !== undefined && typeof order !== "string") throw new ExprError(`invalid argument for sort (expected string, got ${goTypeOf(order)})`);
  if (order !== undefined && order !== "asc" && order !== "desc") throw new ExprError(`invalid argument for sort (expected "asc" or "desc", got ${JSON.stringify(order)})`);
  const keyed = list.items.map((item) => ({ item, key: item instanceof GoMap ? (item.entries.get(field ?? "") ?? null) : item }));
  const first = keyed[0]?.key;
  for (const { key } of keyed) {
    if (key === null || goTypeOf(key) !== goTypeOf(first!)) throw new ExprError(`cannot sort array of different types (${goTypeOf(key)} and ${goTypeOf(first!)})`);
    if (keyed.length > 1 && !isNumeric(plain(key)) && typeof key !== "string") throw new ExprError(`sort: unsupported type ${kindOf(key)}`);
  }
  const direction = order === "desc" ? -1 : 1;
  return new Slice("any", keyed.sort((a, b) => direction * (compare("<", a.key, b.key) ? -1 : compare(">", a.key, b.key) ? 1 : 0)).map(({ item }) => item));
}
