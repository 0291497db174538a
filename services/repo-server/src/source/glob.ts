/**
 * Shell patterns as the library behind Argo CD reads them: `*` any run (also across `/` unless separators are
 * given), `**` any run, `?` one character, `[a-z]` `[!a-z]`, `{a,b}`, `\` before a character to mean itself.
 * Matching takes time proportional to pattern times text, whatever the pattern.
 */
export interface Glob {
  matches(text: string): boolean;
}

type Token = { kind: "char"; char: string } | { kind: "one" } | { kind: "run"; separators: boolean } | { kind: "set"; not: boolean; ranges: [string, string][] };

const MOST_ALTERNATIVES = 256;
const LONGEST_PATTERN = 4096;

/** @throws Error where the pattern is not closed or too large. */
export function compileGlob(pattern: string, separators = ""): Glob {
  if (pattern.length > LONGEST_PATTERN) throw new Error(`pattern is longer than ${LONGEST_PATTERN} characters`);
  const programs = expand(pattern).map(tokenize);
  return { matches: (text) => programs.some((tokens) => run(tokens, [...text], separators)) };
}

/** `a{b,c}` into `ab` and `ac`, nested ones too. */
function expand(pattern: string): string[] {
  let results = [""];
  const append = (tails: string[]): void => {
    results = results.flatMap((head) => tails.map((tail) => head + tail));
    if (results.length > MOST_ALTERNATIVES) throw new Error(`pattern ${JSON.stringify(pattern)} has more than ${MOST_ALTERNATIVES} alternatives`);
  };
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === "\\") append([pattern.slice(at, ++at + 1)]);
    else if (char === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end === -1) throw new Error(`pattern ${JSON.stringify(pattern)} has a [ without ]`);
      append([pattern.slice(at, end + 1)]);
      at = end;
    } else if (char === "{") {
      const parts = [""];
      let depth = 1;
      for (at++; at < pattern.length && depth > 0; at++) {
        const inner = pattern[at]!;
        if (inner === "\\") parts[parts.length - 1] += inner + (pattern[++at] ?? "");
        else if (inner === "," && depth === 1) parts.push("");
        else {
          if (inner === "{") depth++;
          if (inner === "}") depth--;
          if (depth > 0) parts[parts.length - 1] += inner;
        }
      }
      if (depth > 0) throw new Error(`pattern ${JSON.stringify(pattern)} has a { without }`);
      at--;
      append(parts.flatMap(expand));
    } else append([char]);
  }
  return results;
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  const chars = [...pattern];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === "\\") tokens.push({ kind: "char", char: chars[++at] ?? "\\" });
    else if (char === "?") tokens.push({ kind: "one" });
    else if (char === "*") {
      let stars = 1;
      while (chars[at + 1] === "*") {
        stars++;
        at++;
      }
      tokens.push({ kind: "run", separators: stars > 1 });
    } else if (char === "[") {
      const end = chars.indexOf("]", at + 2);
      const body = chars.slice(at + 1, end);
      const not = body[0] === "!";
      if (not) body.shift();
      const ranges: [string, string][] = [];
      for (let index = 0; index < body.length; index++) {
        if (body[index + 1] === "-" && index + 2 < body.length) {
          ranges.push([body[index]!, body[index + 2]!]);
          index += 2;
        } else ranges.push([body[index]!, body[index]!]);
      }
      tokens.push({ kind: "set", not, ranges });
      at = end;
    } else tokens.push({ kind: "char", char });
  }
  return tokens;
}

function run(tokens: readonly Token[], text: readonly string[], separators: string): boolean {
  let states = closure(new Set([0]), tokens);
  for (const char of text) {
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      const separator = separators.includes(char);
      if (token.kind === "run") {
        if (token.separators || !separator) next.add(state);
      } else if (token.kind === "char" ? token.char === char : token.kind === "one" ? !separator : token.not !== token.ranges.some(([from, to]) => char >= from && char <= to)) next.add(state + 1);
    }
    states = closure(next, tokens);
    if (states.size === 0) return false;
  }
  return states.has(tokens.length);
}

/** A run may be empty: whoever stands before it also stands behind it. */
function closure(states: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const state of states) if (tokens[state]?.kind === "run") states.add(state + 1);
  return states;
}
