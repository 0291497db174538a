import { TemplateError } from "./error.ts";

/** A template of Go's text/template, as far as settings need it: no named templates, no calls of methods. */
export type Node = { is: "text"; text: string } | { is: "print"; pipe: Pipe } | { is: "if" | "with"; pipe: Pipe; body: Node[]; otherwise: Node[] } | { is: "range"; pipe: Pipe; body: Node[]; otherwise: Node[] } | { is: "break" | "continue" };

/** Commands joined by `|`, and the variables that take the value. */
export interface Pipe {
  variables: string[];
  /** `=` instead of `:=`. */
  assigns: boolean;
  commands: Operand[][];
}

export type Operand = { is: "literal"; value: string | number | boolean | null } | { is: "field"; path: string[] } | { is: "variable"; name: string; path: string[] } | { is: "pipe"; pipe: Pipe; path: string[] } | { is: "function"; name: string };

const LONGEST = 64 * 1024;
const DEEPEST = 100;
const ACTION = /\{\{(- )?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`}]|\}(?!\}))*?)( -)?\}\}/g;
const COMMENT = /^\{\{(?:- )?\/\*[\s\S]*?\*\/(?: -)?\}\}/;
const TOKEN = /\s*(?:("(?:[^"\\\n]|\\.)*")|`([^`]*)`|([+-]?(?:\d[\d_]*)(?:\.\d+)?(?:e[+-]?\d+)?)|(\$\w*)((?:\.\w+)*)|((?:\.\w+)+)|(\.)(?![\w])|([A-Za-z_]\w*)|(:=|[=|(),]))/iy;

interface Open {
  node: Extract<Node, { body: Node[] }>;
  /** Of `else if`: ends together with what it stands in. */
  chained: boolean;
}

/** Reads a template. Throws TemplateError. */
export function parseTemplate(text: string): Node[] {
  if (text.length > LONGEST) throw new TemplateError(`template is longer than ${LONGEST} characters`);
  const root: Node[] = [];
  const open: Open[] = [];
  let into = root;
  let at = 0;
  let trimsNext = false;
  const write = (piece: string, trimsEnd: boolean): void => {
    const start = trimsNext ? piece.trimStart() : piece;
    const trimmed = trimsEnd ? start.trimEnd() : start;
    if (trimmed !== "") into.push({ is: "text", text: trimmed });
  };
  const begin = (node: Open["node"], chained: boolean): void => {
    if (open.push({ node, chained }) > DEEPEST) throw new TemplateError("template is nested too deep");
    into.push(node);
    into = node.body;
  };
  while (at < text.length) {
    const next = text.indexOf("{{", at);
    if (next < 0) break;
    const comment = COMMENT.exec(text.slice(next));
    ACTION.lastIndex = next;
    const match = comment ?? ACTION.exec(text);
    if (match === null || (comment === null && match.index !== next)) throw new TemplateError("unclosed action");
    write(text.slice(at, next), match[0].startsWith("{{- "));
    trimsNext = match[0].endsWith(" -}}");
    at = next + match[0].length;
    if (comment !== null) continue;
    const action = new Action(match[2]!);
    const word = action.keyword();
    if (word === "if" || word === "with" || word === "range") begin({ is: word, pipe: action.whole(), body: [], otherwise: [] }, false);
    else if (word === "else") {
      const last = open.at(-1);
      if (last === undefined || into === last.node.otherwise) throw new TemplateError("unexpected {{else}}");
      into = last.node.otherwise;
      const also = action.keyword();
      if (also === "if" || also === "with") begin({ is: also, pipe: action.whole(), body: [], otherwise: [] }, true);
      else action.end();
    } else if (word === "end") {
      action.end();
      let closed: Open | undefined;
      do if ((closed = open.pop()) === undefined) throw new TemplateError("unexpected {{end}}");
      while (closed.chained);
      const outer = open.at(-1);
      // What is chained always stands in the other branch.
      into = outer === undefined ? root : outer.node.otherwise.includes(closed.node) ? outer.node.otherwise : outer.node.body;
    } else if (word === "break" || word === "continue") {
      action.end();
      if (!open.some(({ node }) => node.is === "range")) throw new TemplateError(`{{${word}}} outside {{range}}`);
      into.push({ is: word });
    } else if (word === "define" || word === "template" || word === "block") throw new TemplateError(`{{${word}}} is not supported`);
    else into.push({ is: "print", pipe: action.whole() });
  }
  if (open.length > 0) throw new TemplateError("unexpected EOF");
  write(text.slice(at), false);
  return root;
}

const KEYWORDS = new Set(["if", "with", "range", "else", "end", "break", "continue", "define", "template", "block"]);

/** What stands between `{{` and `}}`. */
class Action {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text.trim();
  }

  keyword(): string | undefined {
    const word = /^\s*([a-z]+)\b/.exec(this.#text.slice(this.#at));
    if (word === null || !KEYWORDS.has(word[1]!)) return undefined;
    this.#at += word[0].length;
    return word[1];
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== "") throw new TemplateError(`unexpected ${JSON.stringify(this.#text.slice(this.#at).trim())}`);
  }

  whole(): Pipe {
    const pipe = this.#pipe();
    this.end();
    return pipe;
  }

  #pipe(): Pipe {
    const declared = /^\s*(\$\w*)(?:\s*,\s*(\$\w*))?\s*(:?=)(?!=)/.exec(this.#text.slice(this.#at));
    if (declared !== null) this.#at += declared[0].length;
    const commands: Operand[][] = [];
    do commands.push(this.#command());
    while (this.#take("|"));
    return { variables: declared === null ? [] : [declared[1]!, declared[2]].filter((name) => name !== undefined), assigns: declared?.[3] === "=", commands };
  }

  #command(): Operand[] {
    const operands: Operand[] = [];
    for (let operand = this.#operand(); operand !== undefined; operand = this.#operand()) operands.push(operand);
    if (operands.length === 0) throw new TemplateError("missing value for command");
    return operands;
  }

  #operand(): Operand | undefined {
    const before = this.#at;
    TOKEN.lastIndex = before;
    const token = TOKEN.exec(this.#text);
    if (token === null) {
      if (this.#text.slice(before).trim() === "") return undefined;
      throw new TemplateError(`unexpected ${JSON.stringify(this.#text.slice(before).trim().slice(0, 20))}`);
    }
    const [, quoted, raw, number, variable, variablePath, fields, dot, word, sign] = token;
    this.#at = TOKEN.lastIndex;
    if (quoted !== undefined) return { is: "literal", value: unquoted(quoted) };
    if (raw !== undefined) return { is: "literal", value: raw };
    if (number !== undefined) return { is: "literal", value: Number(number.replaceAll("_", "")) };
    if (variable !== undefined) return { is: "variable", name: variable, path: pathOf(variablePath!) };
    if (fields !== undefined) return { is: "field", path: pathOf(fields) };
    if (dot !== undefined) return { is: "field", path: [] };
    if (word !== undefined) return word === "true" || word === "false" ? { is: "literal", value: word === "true" } : word === "nil" ? { is: "literal", value: null } : { is: "function", name: word };
    if (sign === "(") return this.#inner();
    this.#at = before;
    return undefined;
  }

  #inner(): Operand {
    if ((this.#depth += 1) > DEEPEST) throw new TemplateError("template is nested too deep");
    const pipe = this.#pipe();
    if (!this.#take(")")) throw new TemplateError("unclosed left paren");
    this.#depth -= 1;
    const path = /^(?:\.\w+)+/.exec(this.#text.slice(this.#at))?.[0] ?? "";
    this.#at += path.length;
    return { is: "pipe", pipe, path: pathOf(path) };
  }

  #take(sign: string): boolean {
    const rest = this.#text.slice(this.#at);
    if (!rest.trimStart().startsWith(sign)) return false;
    this.#at += rest.length - rest.trimStart().length + sign.length;
    return true;
  }
}

function pathOf(text: string): string[] {
  return text.split(".").slice(1);
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new TemplateError(`invalid string ${text}`);
  }
}
