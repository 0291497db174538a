import { type JqCondition, readCondition } from "./jq-conditions.ts";
import { JqReader } from "./jq-reader.ts";

/** One step of a path expression: a field, an index, every item, or only what a condition holds for. */
export type JqStep = { field: string } | { index: number } | { each: true } | { select: JqCondition };

export interface JqPath {
  steps: JqStep[];
  /** `?` somewhere: what cannot be walked is passed over instead of being an error. */
  optional: boolean;
}

const MAX_EXPRESSION = 4096;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const INTEGER = /-?[0-9]+/y;

/**
 * The paths of a jq expression of the plain kind: `.spec.replicas`, `.a["b c"].d[0]`, `.items[] | select(.name == "x") | .value`,
 * several with commas. `undefined`: the expression needs a real jq.
 */
export function parseJqPaths(expression: string): JqPath[] | undefined {
  if (expression.length > MAX_EXPRESSION) return undefined;
  const reader = new JqReader(expression);
  const paths = readAlternatives(reader);
  return paths !== undefined && reader.atEnd() ? paths : undefined;
}

function readAlternatives(reader: JqReader): JqPath[] | undefined {
  const paths: JqPath[] = [];
  do {
    const path = readPipeline(reader);
    if (path === undefined) return undefined;
    paths.push(path);
  } while (reader.take(","));
  return paths;
}

function readPipeline(reader: JqReader): JqPath | undefined {
  const path: JqPath = { steps: [], optional: false };
  do {
    if (reader.take("select")) {
      if (!reader.take("(")) return undefined;
      const select = readCondition(reader);
      if (select === undefined || !reader.take(")")) return undefined;
      path.steps.push({ select });
    } else if (!readSteps(reader, path)) return undefined;
  } while (reader.take("|"));
  return path;
}

/** `.a.b["c d"][0][]?`, added to a path. */
export function readSteps(reader: JqReader, path: JqPath): boolean {
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

function readBracket(reader: JqReader): JqStep | undefined {
  if (reader.take("]")) return { each: true };
  const text = reader.text();
  const number = text === undefined ? reader.match(INTEGER) : undefined;
  if (!reader.take("]")) return undefined;
  if (text !== undefined) return { field: text };
  return number === undefined ? undefined : { index: Number(number) };
}
