/** Something that a template or path gets wrong, in words that fit behind "Could not find JSONPath in body: ". */
export class JsonPathError extends Error {
  override readonly name = "JsonPathError";
}

/** What a filter compares: a path below the element, or a literal. Go compares no whole-number literal with JSON's numbers. */
export type Operand = { path: readonly Step[] } | { literal: string | number | boolean; isWhole: boolean };

export type Step =
  | { is: "root" }
  | { is: "field"; name: string }
  | { is: "everything" }
  | { is: "descendants" }
  | { is: "slice"; from?: number; to?: number; step?: number; single: boolean }
  | { is: "filter"; left: Operand; operator: string; right?: Operand }
  | { is: "union"; branches: readonly (readonly Step[])[] };

/** Text between braces is a path, text outside of them is itself. */
export type Part = { text: string } | { path: readonly Step[] };

const LONGEST = 16 * 1024;
const MOST_STEPS = 256;
const PARTS = /\{((?:[^{}"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')*)\}|([^{]+)|(\{)/g;

/** Parses the JSONPath templates of Kubernetes: `{$.status.conditions[?(@.type=="Ready")].status}`. */
export function parseTemplate(template: string): Part[] {
  if (template.length > LONGEST) throw new JsonPathError(`template is longer than ${LONGEST} characters`);
  const parts: Part[] = [];
  for (const [, inside, text, open] of template.matchAll(PARTS)) {
    if (open !== undefined) throw new JsonPathError("unclosed action");
    if (text !== undefined) parts.push({ text });
    else parts.push(...actionsIn(inside!));
  }
  return parts;
}

function actionsIn(inside: string): Part[] {
  const text = inside.trim();
  const quoted = /^(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')$/.exec(text);
  if (quoted !== null) return [{ text: unquote(quoted[1] ?? quoted[2] ?? "") }];
  if (/^(?:range|end)\b/.test(text)) throw new JsonPathError("range is not supported");
  return [{ path: new PathParser(text).whole() }];
}

/** `\n`, `\"` and their like. */
function unquote(text: string): string {
  return text.replace(/\\(.)/g, (_match, char: string) => ({ n: "\n", t: "\t", r: "\r" })[char] ?? char);
}

class PathParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Step[] {
    const steps = this.#steps();
    if (this.#at < this.#text.length) throw new JsonPathError(`unrecognized character in action: ${JSON.stringify(this.#text[this.#at])}`);
    return steps;
  }

  #steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (steps.length > MOST_STEPS) throw new JsonPathError(`path has more than ${MOST_STEPS} steps`);
      this.#spaces();
      const rest = this.#text.slice(this.#at);
      if (rest.startsWith("$") || (steps.length === 0 && rest.startsWith("@"))) this.#push(steps, 1, { is: "root" });
      else if (rest.startsWith("..")) this.#push(steps, 2, { is: "descendants" });
      else if (rest.startsWith("[")) steps.push(this.#bracket());
      else {
        const match = /^\.?(\*|(?:\\.|[^\s.[\]\\(){}$@,=!<>&|*"'?])+)/.exec(rest);
        if (match === null) return steps;
        const isBare = !rest.startsWith(".");
        if (isBare && steps.length === 0 && match[1] !== "*") throw new JsonPathError(`unrecognized identifier ${match[1]}`);
        if (isBare && steps.length > 0 && steps.at(-1)!.is !== "descendants") return steps;
        this.#push(steps, match[0].length, match[1] === "*" ? { is: "everything" } : { is: "field", name: match[1]!.replace(/\\(.)/g, "$1") });
      }
    }
  }

  #push(steps: Step[], length: number, step: Step): void {
    this.#at += length;
    steps.push(step);
  }

  #spaces(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #bracket(): Step {
    const rest = this.#text.slice(this.#at);
    const end = closing(rest);
    if (end < 0) throw new JsonPathError("unterminated array");
    this.#at += end + 1;
    return bracketOf(rest.slice(1, end).trim());
  }
}

/** Where a bracket closes, quotes and brackets inside passed over. */
function closing(text: string): number {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return at;
  }
  return -1;
}

function bracketOf(inside: string): Step {
  const filter = /^\?\(([\s\S]*)\)$/.exec(inside);
  if (filter !== null) return filterOf(filter[1]!);
  const branches = splitAtCommas(inside);
  if (branches.length > 1) return { is: "union", branches: branches.map((branch) => [bracketOf(branch.trim())]) };
  if (inside === "*" || inside === "") return { is: "everything" };
  const quoted = /^(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')$/.exec(inside);
  if (quoted !== null) return { is: "field", name: unquote(quoted[1] ?? quoted[2] ?? "") };
  const slice = /^(-?\d{1,9})?(:)?(-?\d{1,9})?(?::(-?\d{1,9})?)?$/.exec(inside);
  if (slice === null) throw new JsonPathError(`invalid array index ${inside}`);
  const [, from, colon, to, step] = slice;
  return { is: "slice", single: colon === undefined, ...(from !== undefined && { from: Number(from) }), ...(to !== undefined && { to: Number(to) }), ...(step !== undefined && { step: Number(step) }) };
}

function splitAtCommas(text: string): string[] {
  return [...text.matchAll(/((?:[^,"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+)(?:,|$)/g)].map((match) => match[1]!);
}

function filterOf(text: string): Step {
  const match = /^((?:[^=!<>"']|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')+)(?:(==|!=|<=|>=|<|>)([\s\S]+))?$/.exec(text.trim());
  if (match === null) throw new JsonPathError(`unrecognized filter ${text}`);
  const [, left, operator = "exists", right] = match;
  return { is: "filter", left: operandOf(left!.trim()), operator, ...(right !== undefined && { right: operandOf(right.trim()) }) };
}

function operandOf(text: string): Operand {
  const quoted = /^(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)')$/.exec(text);
  if (quoted !== null) return { literal: unquote(quoted[1] ?? quoted[2] ?? ""), isWhole: false };
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return { literal: Number(text), isWhole: /^[+-]?\d+$/.test(text) };
  if (text === "true" || text === "false") return { literal: text === "true", isWhole: false };
  return { path: new PathParser(text).whole() };
}
