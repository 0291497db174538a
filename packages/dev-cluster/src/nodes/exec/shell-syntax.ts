/** A word is made of parts, some of which are known only when it is used. */
export type Part = { text: string } | { variable: string; otherwise?: string; quoted: boolean } | { script: string; quoted: boolean };
export type Word = { parts: Part[]; quoted: boolean };

export interface Redirect {
  /** 0, 1 or 2. */
  from: number;
  how: "read" | "write" | "append" | "same-as";
  to: Word;
}

export interface Command {
  assignments: { name: string; value: Word }[];
  words: Word[];
  redirects: Redirect[];
}

/** Commands joined by pipes, and what decides whether the next one runs. */
export interface Pipeline {
  negated: boolean;
  commands: Command[];
  then: "&&" | "||" | ";";
}

/** What the text asks for is more than this shell knows, or is no shell at all. */
export class ShellSyntaxError extends Error {
  override readonly name = "ShellSyntaxError";
}

type Token = { operator: string; from?: number } | { word: Word };

const OPERATORS = ["&&", "||", ">>", ">&", "<<", ";", "|", "&", "<", ">", "(", ")", "\n"];
const RESERVED = new Set(["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "{", "}", "function"]);

/** Reads a script of simple commands: quotes, variables, `$(…)`, pipes, redirections, `;`, `&&`, `||`, `!`. */
export function parseScript(text: string): Pipeline[] {
  const tokens = tokensOf(text);
  const pipelines: Pipeline[] = [];
  let current: Pipeline = { negated: false, commands: [], then: ";" };
  let command: Command = emptyCommand();
  const endCommand = (operator: string): void => {
    const empty = command.words.length + command.assignments.length + command.redirects.length === 0;
    if (empty && (operator !== "\n" || current.commands.length > 0) && operator !== "end") throw new ShellSyntaxError(`syntax error: unexpected "${operator === "\n" ? "newline" : operator}"`);
    if (!empty) current.commands.push(command);
    command = emptyCommand();
  };
  const endPipeline = (then: Pipeline["then"]): void => {
    if (current.commands.length > 0) pipelines.push({ ...current, then });
    current = { negated: false, commands: [], then: ";" };
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if ("word" in token) {
      addWord(token.word);
      continue;
    }
    switch (token.operator) {
      case "|":
        endCommand("|");
        break;
      case "&&":
      case "||":
      case ";":
      case "\n":
        endCommand(token.operator);
        endPipeline(token.operator === "\n" ? ";" : token.operator);
        break;
      case ">":
      case ">>":
      case "<":
      case ">&": {
        const target = tokens[++at];
        if (!target || !("word" in target)) throw new ShellSyntaxError("syntax error: unexpected redirection");
        const how = ({ ">": "write", ">>": "append", "<": "read", ">&": "same-as" } as const)[token.operator];
        command.redirects.push({ from: token.from ?? (how === "read" ? 0 : 1), how, to: target.word });
        break;
      }
      default:
        throw new ShellSyntaxError(`'${token.operator}' is not known to the shell of this simulated container`);
    }
  }
  endCommand("end");
  endPipeline(";");
  return pipelines;

  function addWord(word: Word): void {
    const [only] = word.parts;
    const bare = !word.quoted && word.parts.length === 1 && only && "text" in only ? only.text : undefined;
    if (bare !== undefined && command.words.length === 0 && command.assignments.length === 0) {
      if (bare === "!" && current.commands.length === 0) return void (current.negated = !current.negated);
      if (RESERVED.has(bare)) throw new ShellSyntaxError(`'${bare}' is not known to the shell of this simulated container`);
    }
    const assignment = command.words.length === 0 ? asAssignment(word) : undefined;
    if (assignment) command.assignments.push(assignment);
    else command.words.push(word);
  }
}

/** `NAME=value`, the name not quoted. */
export function asAssignment(word: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = word.parts;
  const match = first && "text" in first ? /^([A-Za-z_]\w*)=([^]*)$/.exec(first.text) : null;
  if (!match) return undefined;
  return { name: match[1]!, value: { quoted: true, parts: [{ text: match[2]! }, ...rest] } };
}

function emptyCommand(): Command {
  return { assignments: [], words: [], redirects: [] };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === " " || char === "\t" || char === "\r") at++;
    else if (text.startsWith("\\\n", at)) at += 2;
    else if (char === "#") while (at < text.length && text[at] !== "\n") at++;
    else {
      const numbered = /^([012])(>>|>&|>|<)/.exec(text.slice(at, at + 3));
      const operator = numbered?.[2] ?? OPERATORS.find((one) => text.startsWith(one, at));
      if (operator !== undefined) {
        tokens.push({ operator, ...(numbered && { from: Number(numbered[1]) }) });
        at += operator.length + (numbered ? 1 : 0);
      } else {
        const { word, end } = wordAt(text, at);
        tokens.push({ word });
        at = end;
      }
    }
  }
  return tokens;
}

function wordAt(text: string, start: number): { word: Word; end: number } {
  const parts: Part[] = [];
  let quoted = false;
  let plain = "";
  let at = start;
  const flush = (): void => {
    if (plain !== "") parts.push({ text: plain });
    plain = "";
  };
  const dollar = (inQuotes: boolean): void => {
    const { part, end } = expansionAt(text, at, inQuotes);
    if ("text" in part) plain += part.text;
    else {
      flush();
      parts.push(part);
    }
    at = end;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (/[\s;|&<>()]/.test(char)) break;
    if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw new ShellSyntaxError("syntax error: unterminated quoted string");
      plain += text.slice(at + 1, end);
      quoted = true;
      at = end + 1;
    } else if (char === '"') {
      quoted = true;
      at++;
      while (text[at] !== '"') {
        if (at >= text.length) throw new ShellSyntaxError("syntax error: unterminated quoted string");
        if (text[at] === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) {
          if (text[at + 1] !== "\n") plain += text[at + 1];
          at += 2;
        } else if (text[at] === "$") dollar(true);
        else plain += text[at++];
      }
      at++;
    } else if (char === "\\") {
      plain += text[at + 1] ?? "";
      quoted = true;
      at += 2;
    } else if (char === "`") throw new ShellSyntaxError("'`' is not known to the shell of this simulated container: use $(…)");
    else if (char === "$") dollar(false);
    else {
      plain += char;
      at++;
    }
  }
  flush();
  return { word: { parts, quoted }, end: at };
}

function expansionAt(text: string, at: number, quoted: boolean): { part: Part; end: number } {
  const rest = text.slice(at);
  const simple = /^\$([A-Za-z_]\w*|[?$#0-9@*])/.exec(rest);
  if (simple) return { part: { variable: simple[1]!, quoted }, end: at + simple[0].length };
  const braced = /^\$\{([A-Za-z_]\w*|[?$#0-9@*])(?::?-([^}]*))?\}/.exec(rest);
  if (braced) return { part: { variable: braced[1]!, quoted, ...(braced[2] !== undefined && { otherwise: braced[2] }) }, end: at + braced[0].length };
  if (rest.startsWith("$((") || rest.startsWith("${")) throw new ShellSyntaxError(`'${rest.slice(0, 3)}' is not known to the shell of this simulated container`);
  if (rest.startsWith("$(")) {
    let depth = 1;
    let end = 2;
    for (; end < rest.length && depth > 0; end++) {
      if (rest[end] === "(") depth++;
      else if (rest[end] === ")") depth--;
      else if (rest[end] === "'") {
        end = rest.indexOf("'", end + 1);
        if (end < 0) break;
      }
    }
    if (depth > 0 || end < 0) throw new ShellSyntaxError("syntax error: unterminated $(");
    return { part: { script: rest.slice(2, end - 1), quoted }, end: at + end };
  }
  return { part: { text: "$" }, end: at + 1 };
}
