import type { Node } from "./ast.ts";
import { BUILTIN_NAMES, PREDICATES } from "./builtin-names.ts";
import { ExprError } from "./errors.ts";
import { lex, tokenText, type Token, type TokenKind } from "./lexer.ts";
import { DEEPEST_EXPRESSION, MOST_OPERATORS } from "./limits.ts";

const UNARY: Readonly<Record<string, number>> = { not: 50, "!": 50, "-": 90, "+": 90 };
const BINARY: Readonly<Record<string, number>> = {
  "|": 0,
  or: 10,
  "||": 10,
  and: 15,
  "&&": 15,
  "==": 20,
  "!=": 20,
  "<": 20,
  ">": 20,
  ">=": 20,
  "<=": 20,
  in: 20,
  matches: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  "..": 25,
  "+": 30,
  "-": 30,
  "*": 60,
  "/": 60,
  "%": 60,
  "**": 100,
  "^": 100,
  "??": 500,
};
const RIGHT_ASSOCIATIVE: ReadonlySet<string> = new Set(["**", "^"]);
const MAX_INT = 2n ** 63n - 1n;

/** Parses by precedence climbing; the grammar is that of expr 1.15. */
export function parse(input: string): Node {
  const parser = new Parser(lex(input));
  const node = parser.expression(0);
  parser.expectEnd();
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;
  #closures = 0;
  #operatorCount = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expectEnd(): void {
    if (this.#current.kind !== "EOF") this.#unexpected();
  }

  expression(precedence: number): Node {
    if (++this.#nesting > DEEPEST_EXPRESSION) throw new ExprError(`expression is nested more than ${DEEPEST_EXPRESSION} deep`);
    try {
      if (precedence === 0 && this.#is("Operator", "let")) return this.#declaration();
      const left = this.#operators(this.#primary(), precedence);
      return precedence === 0 ? this.#conditional(left) : left;
    } finally {
      this.#nesting--;
    }
  }

  get #current(): Token {
    return this.#tokens[this.#at]!;
  }

  #is(kind: TokenKind, value?: string): boolean {
    return this.#current.kind === kind && (value === undefined || this.#current.value === value);
  }

  #next(): Token {
    const token = this.#current;
    if (token.kind === "EOF") throw new ExprError("unexpected end of expression");
    this.#at++;
    return token;
  }

  #accept(kind: TokenKind, value: string): boolean {
    if (!this.#is(kind, value)) return false;
    this.#at++;
    return true;
  }

  #expect(kind: TokenKind, value?: string): Token {
    if (!this.#is(kind, value)) this.#unexpected();
    return this.#next();
  }

  /** Left-hand sides pile up without nesting: what walks the tree goes as deep as there are operators. */
  #countOperator(): void {
    if (++this.#operatorCount > MOST_OPERATORS) throw new ExprError(`expression has more than ${MOST_OPERATORS} operators`);
  }

  #unexpected(): never {
    throw new ExprError(`unexpected token ${tokenText(this.#current)}`);
  }

  #operators(first: Node, precedence: number): Node {
    let left = first;
    let previous = "";
    while (this.#current.kind === "Operator") {
      const start = this.#at;
      const negated = this.#accept("Operator", "not");
      const operator = this.#current.value;
      const own = this.#current.kind === "Operator" ? BINARY[operator] : undefined;
      if (own === undefined || own < precedence) {
        if (negated) this.#unexpected();
        this.#at = start;
        break;
      }
      this.#at++;
      this.#countOperator();
      if (operator === "|") left = this.#pipe(left);
      else {
        if (previous === "??" && operator !== "??") throw new ExprError(`Operator (${operator}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`);
        left = { is: "binary", operator, left, right: this.expression(RIGHT_ASSOCIATIVE.has(operator) ? own : own + 1) };
        if (negated) left = { is: "unary", operator: "not", node: left };
      }
      previous = operator;
    }
    return left;
  }

  #declaration(): Node {
    this.#expect("Operator", "let");
    const name = this.#expect("Identifier").value;
    this.#expect("Operator", "=");
    const value = this.expression(0);
    this.#expect("Operator", ";");
    return { is: "let", name, value, body: this.expression(0) };
  }

  #conditional(first: Node): Node {
    let node = first;
    while (this.#accept("Operator", "?")) {
      this.#countOperator();
      if (this.#accept("Operator", ":")) node = { is: "conditional", condition: node, then: node, otherwise: this.expression(0) };
      else {
        const then = this.expression(0);
        this.#expect("Operator", ":");
        node = { is: "conditional", condition: node, then, otherwise: this.expression(0) };
      }
    }
    return node;
  }

  #primary(): Node {
    const token = this.#current;
    const precedence = token.kind === "Operator" ? UNARY[token.value] : undefined;
    if (precedence !== undefined) {
      this.#at++;
      return this.#postfix({ is: "unary", operator: token.value, node: this.expression(precedence) });
    }
    if (this.#accept("Bracket", "(")) {
      const node = this.expression(0);
      this.#expect("Bracket", ")");
      return this.#postfix(node);
    }
    if (this.#is("Operator", "#") || this.#is("Operator", ".")) {
      if (this.#closures === 0) throw new ExprError("cannot use pointer accessor outside closure");
      let name = "";
      if (this.#accept("Operator", "#") && this.#is("Identifier")) name = this.#next().value;
      return this.#postfix({ is: "pointer", name });
    }
    return this.#secondary();
  }

  #secondary(): Node {
    const token = this.#current;
    switch (token.kind) {
      case "Identifier":
        this.#at++;
        if (token.value === "true" || token.value === "false") return { is: "bool", value: token.value === "true" };
        if (token.value === "nil") return { is: "nil" };
        return this.#postfix(this.#is("Bracket", "(") ? this.#call(token.value, undefined) : { is: "identifier", name: token.value });
      case "Number":
        this.#at++;
        return number(token.value);
      case "String":
        this.#at++;
        return { is: "string", value: token.value };
      default:
        if (this.#accept("Bracket", "[")) return this.#postfix(this.#array());
        if (this.#accept("Bracket", "{")) return this.#postfix(this.#map());
        return this.#unexpected();
    }
  }

  #pipe(piped: Node): Node {
    return this.#call(this.#expect("Identifier").value, piped);
  }

  /** `name(…)`; what was piped in stands first. */
  #call(name: string, piped: Node | undefined): Node {
    const first = piped === undefined ? [] : [piped];
    if (PREDICATES.has(name)) {
      this.#expect("Bracket", "(");
      const args = [...first];
      if (piped === undefined) {
        args.push(this.expression(0));
        this.#expect("Operator", ",");
      }
      args.push(this.#closure());
      if (name === "reduce" && this.#accept("Operator", ",")) args.push(this.expression(0));
      this.#expect("Bracket", ")");
      return { is: "builtin", name, args };
    }
    const args = [...first, ...this.#arguments()];
    return BUILTIN_NAMES.has(name) ? { is: "builtin", name, args } : { is: "call", callee: { is: "identifier", name }, args };
  }

  #closure(): Node {
    const braced = this.#accept("Bracket", "{");
    this.#closures++;
    const node = this.expression(0);
    this.#closures--;
    if (braced) this.#expect("Bracket", "}");
    return { is: "closure", node };
  }

  #arguments(): Node[] {
    this.#expect("Bracket", "(");
    const args: Node[] = [];
    while (!this.#is("Bracket", ")")) {
      if (args.length > 0) this.#expect("Operator", ",");
      args.push(this.expression(0));
    }
    this.#expect("Bracket", ")");
    return args;
  }

  #array(): Node {
    const nodes: Node[] = [];
    while (!this.#is("Bracket", "]")) {
      if (nodes.length > 0) {
        this.#expect("Operator", ",");
        if (this.#is("Bracket", "]")) break;
      }
      nodes.push(this.expression(0));
    }
    this.#expect("Bracket", "]");
    return { is: "array", nodes };
  }

  #map(): Node {
    const pairs: { key: Node; value: Node }[] = [];
    while (!this.#is("Bracket", "}")) {
      if (pairs.length > 0) {
        this.#expect("Operator", ",");
        if (this.#is("Bracket", "}")) break;
      }
      const key = this.#mapKey();
      this.#expect("Operator", ":");
      pairs.push({ key, value: this.expression(0) });
    }
    this.#expect("Bracket", "}");
    return { is: "map", pairs };
  }

  #mapKey(): Node {
    if (this.#is("Number") || this.#is("String") || this.#is("Identifier")) return { is: "string", value: this.#next().value };
    if (this.#is("Bracket", "(")) return this.expression(0);
    throw new ExprError(`a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token ${tokenText(this.#current)})`);
  }

  #postfix(first: Node): Node {
    let node = first;
    for (;;) {
      if (this.#is("Operator", ".") || this.#is("Operator", "?.")) node = this.#member(node);
      else if (this.#accept("Bracket", "[")) node = this.#index(node);
      else return node;
      this.#countOperator();
    }
  }

  /** A chain ends as a whole where one of its optional parts is nil. */
  #member(base: Node): Node {
    const optional = this.#next().value === "?.";
    const name = this.#next();
    if (name.kind !== "Identifier" && !(name.kind === "Operator" && /^[A-Za-z]+$/.test(name.value))) throw new ExprError("expected name");
    const isChain = base.is === "chain";
    const member: Node = { is: "member", node: isChain ? base.node : base, property: { is: "string", value: name.value }, optional };
    const node: Node = this.#is("Bracket", "(") ? { is: "call", callee: member, args: this.#arguments() } : member;
    return isChain || optional ? { is: "chain", node } : node;
  }

  #index(node: Node): Node {
    if (this.#accept("Operator", ":")) {
      const to = this.#is("Bracket", "]") ? undefined : this.expression(0);
      this.#expect("Bracket", "]");
      return { is: "slice", node, ...(to && { to }) };
    }
    const from = this.expression(0);
    if (!this.#accept("Operator", ":")) {
      this.#expect("Bracket", "]");
      return { is: "member", node, property: from, optional: false };
    }
    const to = this.#is("Bracket", "]") ? undefined : this.expression(0);
    this.#expect("Bracket", "]");
    return { is: "slice", node, from, ...(to && { to }) };
  }
}

function number(text: string): Node {
  const plain = text.replaceAll("_", "");
  if (/^0x/i.test(plain)) return integer(plain, "hex");
  if (/[.eE]/.test(plain)) {
    const value = Number(plain);
    if (Number.isNaN(value) || !Number.isFinite(value)) throw new ExprError(`invalid float literal: strconv.ParseFloat: parsing ${JSON.stringify(plain)}: ${Number.isNaN(value) ? "invalid syntax" : "value out of range"}`);
    return { is: "float", value };
  }
  return integer(plain, "integer");
}

function integer(text: string, what: string): Node {
  if (!(what === "hex" ? /^0x[0-9a-f]+$/i : /^[0-9]+$/).test(text)) throw new ExprError(`invalid ${what} literal: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = BigInt(text);
  if (value > MAX_INT) throw new ExprError(`invalid ${what} literal: strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  return { is: "integer", value };
}
