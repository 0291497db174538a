import { ExprError } from "./errors.ts";
import { LONGEST_EXPRESSION } from "./limits.ts";

export type TokenKind = "Identifier" | "Number" | "String" | "Operator" | "Bracket" | "EOF";

export interface Token {
  kind: TokenKind;
  value: string;
}

const WORD_OPERATORS: ReadonlySet<string> = new Set(["in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "not"]);
const NUMBER = /^(?:0[xX][0-9a-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(?:\.(?!\.)[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)/;
const WORD = /^[\p{L}\p{Nd}_$]+/u;

/** Splits an expression into tokens, the last of which is EOF. */
export function lex(input: string): Token[] {
  if (input.length > LONGEST_EXPRESSION) throw new ExprError(`expression is longer than ${LONGEST_EXPRESSION} characters`);
  const tokens: Token[] = [];
  let at = 0;
  const emit = (kind: TokenKind, value: string) => {
    tokens.push({ kind, value });
    at += value.length;
  };
  while (at < input.length) {
    const rest = input.slice(at, at + 2);
    const char = input[at]!;
    if (/\s/.test(char)) at++;
    else if (char === "'" || char === '"') {
      const end = endOfString(input, at);
      tokens.push({ kind: "String", value: unescape(input.slice(at + 1, end)) });
      at = end + 1;
    } else if (/[0-9]/.test(char) || /^\.[0-9]/.test(rest)) emit("Number", numberAt(input, at));
    else if (rest === "//") at = lineEnd(input, at);
    else if (rest === "/*") at = commentEnd(input, at);
    else if (rest === "?." || rest === "??" || rest === ".." || rest === "||") emit("Operator", rest);
    else if ("([{)]}".includes(char)) emit("Bracket", char);
    else if (",:;%+-^?/|.".includes(char)) emit("Operator", char);
    else if ("&!=*<>".includes(char)) emit("Operator", /[&=*]/.test(rest[1] ?? "") ? rest : char);
    else if (char === "#") {
      emit("Operator", rest === "##" ? rest : char);
      const name = WORD.exec(input.slice(at))?.[0];
      if (name !== undefined) emit("Identifier", name);
    } else {
      const word = WORD.exec(input.slice(at))?.[0];
      if (word === undefined) throw new ExprError(`unrecognized character: U+${input.codePointAt(at)!.toString(16).toUpperCase().padStart(4, "0")} '${String.fromCodePoint(input.codePointAt(at)!)}'`);
      emit(WORD_OPERATORS.has(word) ? "Operator" : "Identifier", word);
    }
  }
  tokens.push({ kind: "EOF", value: "" });
  return tokens;
}

/** As the Go library names a token. */
export function tokenText(token: Token): string {
  return token.value === "" && token.kind !== "String" ? token.kind : `${token.kind}(${JSON.stringify(token.value)})`;
}

function numberAt(input: string, at: number): string {
  const text = NUMBER.exec(input.slice(at))![0];
  const next = input.slice(at + text.length);
  if (WORD.test(next)) throw new ExprError(`bad number syntax: ${JSON.stringify(text + [...next][0])}`);
  return text;
}

function lineEnd(input: string, at: number): number {
  const end = input.indexOf("\n", at);
  return end < 0 ? input.length : end + 1;
}

function commentEnd(input: string, at: number): number {
  const end = input.indexOf("*/", at + 2);
  if (end < 0) throw new ExprError("unclosed comment");
  return end + 2;
}

function endOfString(input: string, start: number): number {
  const quote = input[start];
  for (let at = start + 1; at < input.length; at++) {
    if (input[at] === quote) return at;
    if (input[at] === "\n") break;
    if (input[at] === "\\") at++;
  }
  throw new ExprError("literal not terminated");
}

const ESCAPES: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", "'": "'", '"': '"' };

function unescape(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|([\s\S]|$))/g, (_match, hex?: string, short?: string, long?: string, octal?: string, char?: string) => {
    const code = hex ?? short ?? long;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      if (point > 0x10ffff) throw new ExprError("unable to unescape string");
      return String.fromCodePoint(point);
    }
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const known = ESCAPES[char ?? ""];
    if (known === undefined) throw new ExprError("invalid char escape");
    return known;
  });
}
