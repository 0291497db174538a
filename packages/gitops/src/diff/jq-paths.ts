/** One step of a path expression: a field, an index, every item, or the items that a condition holds for. */
export type JqStep = { field: string } | { index: number } | { each: true } | { select: JqStep[]; equals: string | number | boolean | null; negated: boolean };

export interface JqPath {
  steps: JqStep[];
  /** `?` somewhere: what cannot be walked is passed over instead of being an error. */
  optional: boolean;
}

const MAX_EXPRESSION = 4096;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?/y;

/**
 * The paths of a jq expression of the plain kind: `.spec.replicas`, `.a["b c"].d[0]`, `.items[] | select(.name == "x") | .value`,
 * several with commas. `undefined`: the expression needs a real jq.
 */
export function parseJqPaths(expression: string): JqPath[] | undefined {
  if (expression.length > MAX_EXPRESSION) return undefined;
  const reader = new Reader(expression);
  const paths: JqPath[] = [];
  do {
    const path = readPath(reader);
    if (path === undefined) return undefined;
    paths.push(path);
  } while (reader.take(","));
  return reader.atEnd() ? paths : undefined;
}

function readPath(reader: Reader): JqPath | undefined {
  const path: JqPath = { steps: [], optional: false };
  do {
    if (reader.take("select")) {
      const select = readSelect(reader);
      if (select === undefined) return undefined;
      path.steps.push(select);
    } else if (!readSteps(reader, path)) return undefined;
  } while (reader.take("|"));
  return path;
}

function readSteps(reader: Reader, path: JqPath): boolean {
  if (!reader.take(".")) return false;
  let dotted = true;
  for (;;) {
    const name = dotted ? reader.match(NAME) : undefined;
    if (name !== undefined) path.steps.push({ field: name });
    else if (dotted && reader.peek() === '"') {
      const text = reader.text();
      if (text === undefined) return false;
      path.steps.push({ field: text });
    } else if (reader.take("[")) {
      const step = readBracket(reader);
      if (step === undefined) return false;
      path.steps.push(step);
    } else if (reader.take("?")) {
      path.optional = true;
    } else if (!dotted && reader.take(".")) {
      dotted = true;
      continue;
    } else {
      return true;
    }
    dotted = false;
  }
}

function readBracket(reader: Reader): JqStep | undefined {
  if (reader.take("]")) return { each: true };
  const text = reader.text();
  const number = text === undefined ? reader.match(NUMBER) : undefined;
  if (!reader.take("]")) return undefined;
  if (text !== undefined) return { field: text };
  return number !== undefined && /^-?[0-9]+$/.test(number) ? { index: Number(number) } : undefined;
}

function readSelect(reader: Reader): JqStep | undefined {
  if (!reader.take("(")) return undefined;
  const inner: JqPath = { steps: [], optional: false };
  if (!readSteps(reader, inner) || inner.steps.some((step) => "each" in step)) return undefined;
  const negated = reader.take("!=");
  if (!negated && !reader.take("==")) return undefined;
  const value = readLiteral(reader);
  return value === undefined || !reader.take(")") ? undefined : { select: inner.steps, equals: value.literal, negated };
}

function readLiteral(reader: Reader): { literal: string | number | boolean | null } | undefined {
  const text = reader.text();
  if (text !== undefined) return { literal: text };
  for (const [word, literal] of [["true", true], ["false", false], ["null", null]] as const) if (reader.take(word)) return { literal };
  const number = reader.match(NUMBER);
  return number === undefined ? undefined : { literal: Number(number) };
}

class Reader {
  private at = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  peek(): string | undefined {
    this.skip();
    return this.source[this.at];
  }

  take(text: string): boolean {
    this.skip();
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** A text in double quotes; jq's interpolation is left to jq. */
  text(): string | undefined {
    this.skip();
    const found = this.match(/"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y);
    return found === undefined ? undefined : (JSON.parse(found) as string);
  }

  atEnd(): boolean {
    this.skip();
    return this.at === this.source.length;
  }

  private skip(): void {
    while (/\s/.test(this.source[this.at] ?? "")) this.at++;
  }
}
