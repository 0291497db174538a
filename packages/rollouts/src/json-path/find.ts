import type { Json } from "@trireme/api";
import { JsonPathError, parseTemplate, type Operand, type Step } from "./parse.ts";

export { JsonPathError } from "./parse.ts";

const MOST_VALUES = 200_000;

/**
 * The first value that a Kubernetes JSONPath template finds in a document; undefined where it finds none. Throws JsonPathError
 * for a template that is none, and for a field or element that is not there.
 */
export function findFirst(template: string, document: Json): Json | undefined {
  for (const part of parseTemplate(template)) {
    const found = "text" in part ? [part.text] : walk(part.path, document, document);
    if (found.length > 0) return found[0];
  }
  return undefined;
}

function walk(path: readonly Step[], start: Json, root: Json): Json[] {
  let values: Json[] = [start];
  for (const step of path) {
    values = step.is === "field" ? fields(step.name, values) : values.flatMap((value) => follow(step, value, root));
    if (values.length > MOST_VALUES) throw new JsonPathError(`path finds more than ${MOST_VALUES} values`);
    if (values.length === 0) break;
  }
  return values;
}

/** One of the values must have the field. */
function fields(name: string, values: readonly Json[]): Json[] {
  const found = values.flatMap((value) => (typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : []));
  if (found.length === 0) throw new JsonPathError(`${name} is not found`);
  return found;
}

function follow(step: Exclude<Step, { is: "field" }>, value: Json, root: Json): Json[] {
  switch (step.is) {
    case "root":
      return [value];
    case "everything":
      return childrenOf(value);
    case "descendants":
      return descendants(value);
    case "slice":
      return slice(step, value);
    case "filter":
      return filter(step, value, root);
    default:
      return step.branches.flatMap((branch) => walk(branch, value, root));
  }
}

function childrenOf(value: Json): Json[] {
  if (typeof value !== "object" || value === null) return [];
  return Array.isArray(value) ? value : Object.values(value).map((child) => child ?? null);
}

function descendants(value: Json): Json[] {
  const found: Json[] = [];
  const pending: Json[] = [value];
  while (pending.length > 0) {
    const next = pending.shift()!;
    found.push(next);
    if (found.length > MOST_VALUES) throw new JsonPathError(`path finds more than ${MOST_VALUES} values`);
    pending.push(...childrenOf(next).filter((child) => typeof child === "object" && child !== null));
  }
  return found;
}

function slice(step: Step & { is: "slice" }, value: Json): Json[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw new JsonPathError(`${typeof value} is not array or slice`);
  const { length } = value;
  const place = (given: number) => (given < 0 ? length + given : given);
  if (step.single) {
    const index = place(step.from ?? 0);
    if (index < 0 || index >= length) throw new JsonPathError(`array index out of bounds: index ${index}, length ${length}`);
    return [value[index]!];
  }
  const by = step.step ?? 1;
  if (by <= 0) throw new JsonPathError("step must be > 0");
  const [from, to] = [Math.max(0, place(step.from ?? 0)), Math.min(length, place(step.to ?? length))];
  return value.filter((_, index) => index >= from && index < to && (index - from) % by === 0);
}

function filter({ left, operator, right }: Step & { is: "filter" }, value: Json, root: Json): Json[] {
  return childrenOf(Array.isArray(value) ? value : [value]).filter((item) => {
    const [a] = operand(left, item, root);
    if (operator === "exists") return a !== undefined;
    const [b] = operand(right!, item, root);
    if (a === undefined || b === undefined) return false;
    if (typeof a !== typeof b || isWhole(left) !== isWhole(right!)) throw new JsonPathError("incompatible types for comparison");
    return holds(operator, a, b);
  });
}

function operand(given: Operand, item: Json, root: Json): Json[] {
  if ("literal" in given) return [given.literal];
  try {
    return walk(given.path, item, root);
  } catch (error) {
    if (error instanceof JsonPathError) return [];
    throw error;
  }
}

function isWhole(given: Operand): boolean {
  return "literal" in given && given.isWhole;
}

function holds(operator: string, left: Json, right: Json): boolean {
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (typeof left !== "number" && typeof left !== "string") throw new JsonPathError("incompatible types for comparison");
  switch (operator) {
    case "<":
      return left < right!;
    case ">":
      return left > right!;
    case "<=":
      return left <= right!;
    default:
      return left >= right!;
  }
}
