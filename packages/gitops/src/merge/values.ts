import { isMap } from "./types.ts";

/** Order of Go's strings: by bytes of UTF-8, which is by code point. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    // Surrogates stand for code points above all others.
    if (x !== y) return (x >= 0xd800 && x < 0xe000 ? x + 0x10000 : x) < (y >= 0xd800 && y < 0xe000 ? y + 0x10000 : y) ? -1 : 1;
  }
  return a.length < b.length ? -1 : 1;
}

/** A total order over any two JSON values, the one that managedFields are sorted by. */
export function compareValues(a: unknown, b: unknown): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (typeof a === "number") return a - (b as number);
  if (typeof a === "string") return compareText(a, b as string);
  if (typeof a === "boolean") return Number(a) - Number(b);
  if (Array.isArray(a)) return compareLists(a, b as unknown[]);
  return isMap(a) ? compareMaps(a, b as Record<string, unknown>) : 0;
}

function rankOf(value: unknown): number {
  if (typeof value === "number") return 0;
  if (typeof value === "string") return 1;
  if (typeof value === "boolean") return 2;
  if (Array.isArray(value)) return 3;
  return isMap(value) ? 4 : 5;
}

function compareLists(a: unknown[], b: unknown[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareValues(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareMaps(a: Record<string, unknown>, b: Record<string, unknown>): number {
  const left = Object.keys(a).sort(compareText);
  const right = Object.keys(b).sort(compareText);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const order = compareText(left[i]!, right[i]!) || compareValues(a[left[i]!], b[right[i]!]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Whether two JSON values are the same; a member that is `undefined` is absent. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!equalValues(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  return equalMaps(a as Record<string, unknown>, b as Record<string, unknown>);
}

function equalMaps(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  let size = 0;
  for (const key in a) {
    const value = a[key];
    if (value === undefined) continue;
    size++;
    if (b[key] === undefined || !equalValues(value, b[key])) return false;
  }
  for (const key in b) if (b[key] !== undefined) size--;
  return size === 0;
}

/** JSON as Go's encoding/json writes it: sorted keys, `<`, `>`, `&`, U+2028 and U+2029 escaped. */
export function goJson(value: unknown): string {
  if (typeof value === "string") return goString(value);
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item ?? null)).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value).filter((key) => value[key] !== undefined).sort(compareText);
  return `{${members.map((key) => `${goString(key)}:${goJson(value[key])}`).join(",")}}`;
}

const SPECIAL = /[<>&\u2028\u2029]/g;

function goString(text: string): string {
  return JSON.stringify(text).replace(SPECIAL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
