import { RE2JS } from "re2js";

/** Answers whether a text matches; compiled once per pattern. */
export type Matcher = (text: string) => boolean;

const MAX_PATTERN = 4096;
const CACHE_SIZE = 10_000;
const cache = new Map<string, Matcher | undefined>();

/**
 * Compiles a glob as Argo CD's Go library reads it: `*` (any run without separators), `**` (any run),
 * `?`, `[abc]`, `[!a-z]`, `{a,b}` (nested), `\` escapes. Without separators `*` crosses everything.
 * Matching is linear in the text. `undefined` when the pattern is malformed: it then matches nothing.
 */
export function compileGlob(pattern: string, separators = ""): Matcher | undefined {
  const key = `${separators}\u0000${pattern}`;
  if (cache.has(key)) return cache.get(key);
  const made = build(pattern, separators);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(key, made);
  return made;
}

/** One-off match; a malformed pattern matches nothing. */
export function globMatch(pattern: string, text: string, separators = ""): boolean {
  return compileGlob(pattern, separators)?.(text) ?? false;
}

function build(pattern: string, separators: string): Matcher | undefined {
  if (pattern.length > MAX_PATTERN) return undefined;
  if (!/[*?[{\\]/.test(pattern)) return (text) => text === pattern;
  if (separators === "") {
    if (/^\*+$/.test(pattern)) return () => true;
    const inner = pattern.slice(0, -1);
    if (pattern.endsWith("*") && !/[*?[{\\]/.test(inner)) return (text) => text.startsWith(inner);
  }
  const expression = translate(pattern, separators);
  if (expression === undefined) return undefined;
  const program = RE2JS.compile(`^(?:${expression})$`, RE2JS.DOTALL);
  return (text) => program.matches(text);
}

/** The pattern as a regular expression for a linear-time engine; `undefined` when malformed. */
function translate(pattern: string, separators: string): string | undefined {
  const chars = [...pattern];
  const one = separators === "" ? "." : `[^${classText(separators)}]`;
  let out = "";
  let depth = 0;
  for (let i = 0; i < chars.length; i++) {
    const c = chars[i]!;
    if (c === "*") {
      const several = chars[i + 1] === "*";
      if (several) i++;
      out += several ? ".*" : `${one}*`;
    } else if (c === "?") out += one;
    else if (c === "{") {
      depth++;
      out += "(?:";
    } else if (c === "," && depth > 0) out += "|";
    else if (c === "}" && depth > 0) {
      depth--;
      out += ")";
    } else if (c === "[") {
      const range = readRange(chars, i + 1);
      if (range === undefined) return undefined;
      out += range.text;
      i = range.last;
    } else if (c === "\\") {
      if (i + 1 < chars.length) out += quote(chars[++i]!);
    } else out += quote(c);
  }
  return out + ")".repeat(depth);
}

/** `[…]` from the character after the bracket: a list of characters or one `lo-hi` range, never both. */
function readRange(chars: readonly string[], start: number): { text: string; last: number } | undefined {
  let i = start;
  const not = chars[i] === "!";
  if (not) i++;
  if (chars[i + 1] === "-" && i + 2 < chars.length) {
    const lo = chars[i]!;
    const hi = chars[i + 2]!;
    if (chars[i + 3] !== "]" || hi < lo) return undefined;
    return { text: `[${not ? "^" : ""}${classText(lo)}-${classText(hi)}]`, last: i + 3 };
  }
  let list = "";
  for (; i < chars.length && chars[i] !== "]"; i++) list += chars[i] === "\\" && i + 1 < chars.length ? chars[++i]! : chars[i]!;
  if (i >= chars.length || list === "") return undefined;
  return { text: `[${not ? "^" : ""}${classText(list)}]`, last: i };
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function classText(text: string): string {
  return text.replace(/[\\\]^[-]/g, "\\$&");
}
