import type { Json } from "@trireme/api";
import { RE2JS } from "re2js";

/** Undefined: a key that a map does not have. */
export type Value = Json | undefined;
type Fn = (...args: readonly Value[]) => Value;

const text = (value: Value): string => (value === undefined || value === null ? "" : printed(value));
const whole = (value: Value): number => {
  const number = Math.trunc(Number(text(value)));
  return Number.isSafeInteger(number) ? number : 0;
};
const list = (value: Value): readonly Json[] => {
  if (Array.isArray(value)) return value;
  throw new Error(`${printed(value)} is no list`);
};
const map = (value: Value): Record<string, Json> => {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  throw new Error(`${printed(value)} is no map`);
};

/** What text/template has built in, and what settings use of sprig. Arguments stand as in a template: what is piped is the last. */
export const FUNCTIONS: Readonly<Record<string, Fn>> = {
  not: (value) => !isTrue(value),
  eq: (first, ...others) => others.some((other) => compare(first, other) === 0),
  ne: (a, b) => compare(a, b) !== 0,
  lt: (a, b) => ordered(a, b) < 0,
  le: (a, b) => ordered(a, b) <= 0,
  gt: (a, b) => ordered(a, b) > 0,
  ge: (a, b) => ordered(a, b) >= 0,
  len: (value) => (typeof value === "string" ? Buffer.byteLength(value) : Array.isArray(value) ? value.length : Object.keys(map(value)).length),
  index: (value, ...keys) => keys.reduce<Value>((at, key) => indexed(at, key), value),
  slice: (value, from = 0, to) => (typeof value === "string" ? value.slice(whole(from), to === undefined ? undefined : whole(to)) : list(value).slice(whole(from), to === undefined ? undefined : whole(to)) as Json),
  print: (...args) => args.map(printed).join(""),
  println: (...args) => `${args.map(printed).join(" ")}\n`,
  printf: (format, ...args) => formatted(text(format), args),
  urlquery: (...args) => encodeURIComponent(args.map(text).join("")).replaceAll("%20", "+").replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),

  default: (fallback, value) => (isTrue(value) ? value : fallback),
  empty: (value) => !isTrue(value),
  coalesce: (...values) => values.find(isTrue) ?? null,
  ternary: (yes, no, condition) => (isTrue(condition) ? yes : no),
  toString: (value: Value) => text(value),
  lower: (value) => text(value).toLowerCase(),
  upper: (value) => text(value).toUpperCase(),
  title: (value) => text(value).replaceAll(/(^|\s)\S/g, (start) => start.toUpperCase()),
  trim: (value) => text(value).trim(),
  trimAll: (cut, value) => trimmed(text(value), text(cut)),
  trimPrefix: (prefix, value) => (text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value)),
  trimSuffix: (suffix, value) => (text(suffix) !== "" && text(value).endsWith(text(suffix)) ? text(value).slice(0, -text(suffix).length) : text(value)),
  trunc: (count, value) => (whole(count) < 0 ? text(value).slice(whole(count)) : text(value).slice(0, whole(count))),
  substr: (from, to, value) => text(value).slice(Math.max(0, whole(from)), whole(to) < 0 ? undefined : whole(to)),
  replace: (from, to, value) => text(value).replaceAll(text(from), () => text(to)),
  nospace: (value) => text(value).replaceAll(/\s/g, ""),
  quote: (...values) => values.filter((one) => one !== undefined && one !== null).map((one) => JSON.stringify(text(one))).join(" "),
  squote: (...values) => values.filter((one) => one !== undefined && one !== null).map((one) => `'${text(one)}'`).join(" "),
  cat: (...values) => values.filter((one) => one !== undefined && one !== null).map(text).join(" "),
  contains: (part, value) => text(value).includes(text(part)),
  hasPrefix: (prefix, value) => text(value).startsWith(text(prefix)),
  hasSuffix: (suffix, value) => text(value).endsWith(text(suffix)),
  splitList: (separator, value) => text(value).split(text(separator)),
  split: (separator, value) => Object.fromEntries(text(value).split(text(separator)).map((part, index) => [`_${index}`, part])),
  join: (separator, value) => (Array.isArray(value) ? value.map(text).join(text(separator)) : text(value)),
  list: (...values) => values.map((one) => one ?? null),
  first: (value) => list(value)[0] ?? null,
  last: (value) => list(value).at(-1) ?? null,
  has: (item, value) => list(value).some((one) => JSON.stringify(one) === JSON.stringify(item)),
  dict: (...pairs) => Object.fromEntries(pairs.flatMap((key, at) => (at % 2 === 0 ? [[text(key), pairs[at + 1] ?? ""]] : []))),
  get: (value, key) => (Object.hasOwn(map(value), text(key)) ? map(value)[text(key)] : ""),
  hasKey: (value, key) => Object.hasOwn(map(value), text(key)),
  dig: (...args) => dug(args),
  int: (value) => whole(value),
  int64: (value) => whole(value),
  atoi: (value) => whole(value),
  add: (...values) => values.reduce<number>((sum, one) => sum + whole(one), 0),
  sub: (a, b) => whole(a) - whole(b),
  b64enc: (value) => Buffer.from(text(value)).toString("base64"),
  b64dec: (value) => Buffer.from(text(value), "base64").toString(),
  toJson: (value) => JSON.stringify(value ?? null),
  regexMatch: (pattern, value) => RE2JS.compile(text(pattern)).matcher(text(value)).find(),
  regexFind: (pattern, value) => {
    const matcher = RE2JS.compile(text(pattern)).matcher(text(value));
    return matcher.find() ? (matcher.group() ?? "") : "";
  },
  regexReplaceAll: (pattern, value, replacement) => RE2JS.compile(text(pattern)).matcher(text(value)).replaceAll(text(replacement).replaceAll(/\$\{(\w+)\}/g, "$$$1")),
};

/** Nothing, zero and what is empty are false. */
export function isTrue(value: Value): boolean {
  if (typeof value === "object" && value !== null) return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
  return Boolean(value);
}

/** Go's `%v`. */
export function printed(value: Value): string {
  if (value === undefined || value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(printed).join(" ")}]`;
  if (typeof value === "object") return `map[${Object.keys(value).sort().map((key) => `${key}:${printed(value[key])}`).join(" ")}]`;
  return String(value);
}

function indexed(value: Value, key: Value): Value {
  if (value === undefined || value === null) throw new Error("index of nil");
  if (!Array.isArray(value)) return Object.hasOwn(map(value), text(key)) ? map(value)[text(key)] : undefined;
  if (typeof key !== "number" || key < 0 || key >= value.length) throw new Error(`index out of range: ${printed(key)}`);
  return value[key];
}

/** The keys, what stands in for it, and the map. */
function dug(args: readonly Value[]): Value {
  let at = args.at(-1);
  for (const key of args.slice(0, -2)) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, text(key))) return args.at(-2);
    at = at[text(key)];
  }
  return at;
}

/** 0 where both are the same. Throws where Go would not compare them. */
function compare(a: Value, b: Value): number {
  if (a === undefined || a === null || b === undefined || b === null) return (a ?? null) === (b ?? null) ? 0 : 1;
  if (typeof a !== typeof b) throw new Error("incompatible types for comparison");
  if (typeof a === "object") throw new Error("uncomparable type");
  return a === b ? 0 : a < b! ? -1 : 1;
}

function ordered(a: Value, b: Value): number {
  if (!["string", "number"].includes(typeof a)) throw new Error("invalid type for comparison");
  return compare(a, b);
}

function trimmed(value: string, cut: string): string {
  let [from, to] = [0, value.length];
  while (from < to && cut.includes(value[from]!)) from += 1;
  while (to > from && cut.includes(value[to - 1]!)) to -= 1;
  return value.slice(from, to);
}

function formatted(format: string, args: readonly Value[]): string {
  let next = 0;
  return format.replaceAll(/%(?:%|([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z]))/g, (whole_, flags: string | undefined, width: string, precision: string | undefined, verb: string | undefined) => {
    if (verb === undefined) return "%";
    if (next >= args.length) return `%!${verb}(MISSING)`;
    const value = args[next++];
    const plain = verb === "q" ? JSON.stringify(text(value)) : verb === "d" ? String(whole(value)) : verb === "x" ? (typeof value === "number" ? value.toString(16) : Buffer.from(text(value)).toString("hex")) : verb === "f" ? Number(text(value)).toFixed(Number(precision ?? 6)) : verb === "s" || verb === "v" || verb === "t" ? printed(value) : `%!${verb}(${printed(value)})`;
    const size = Math.min(Number(width || 0), 1000);
    return flags!.includes("-") ? plain.padEnd(size) : plain.padStart(size, flags!.includes("0") ? "0" : " ");
  });
}
