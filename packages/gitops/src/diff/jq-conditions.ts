import { isMap } from "../merge/types.ts";
import { compareValues, equalValues } from "../merge/values.ts";
import { type JqPath, type JqStep, readSteps } from "./jq-paths.ts";
import type { JqReader } from "./jq-reader.ts";

/** What `select(…)` may ask: `.name == "x"`, `.name | startswith("x")`, `has("x")`, joined by `and`, `or`, `not`. */
export type JqCondition =
  | { path: readonly JqStep[] }
  | { compare: string; of: JqCondition; with: string | number | boolean | null }
  | { call: string; of: JqCondition; with: string | number | boolean | null }
  | { join: "and" | "or"; left: JqCondition; right: JqCondition }
  | { not: JqCondition };

const THIS: JqCondition = { path: [] };
const COMPARISONS = ["==", "!=", "<=", ">=", "<", ">"];
const FUNCTIONS = ["startswith", "endswith", "contains", "has"];

export function readCondition(reader: JqReader): JqCondition | undefined {
  let condition = readJoined(reader, "or");
  while (condition !== undefined && reader.take("|")) condition = readFilter(reader, condition);
  return condition;
}

/** What follows a pipe inside a condition. */
function readFilter(reader: JqReader, of: JqCondition): JqCondition | undefined {
  return reader.take("not") ? { not: of } : readCall(reader, of);
}

function readJoined(reader: JqReader, word: "or" | "and"): JqCondition | undefined {
  const next = (): JqCondition | undefined => (word === "or" ? readJoined(reader, "and") : readComparison(reader));
  let left = next();
  while (left !== undefined && reader.take(word)) {
    const right = next();
    left = right && { join: word, left, right };
  }
  return left;
}

function readComparison(reader: JqReader): JqCondition | undefined {
  const of = readTerm(reader);
  const compare = of && COMPARISONS.find((each) => reader.take(each));
  if (of === undefined || compare === undefined) return of;
  const value = reader.literal();
  return value && { compare, of, with: value.literal };
}

function readTerm(reader: JqReader): JqCondition | undefined {
  if (reader.take("(")) {
    const inner = readCondition(reader);
    return reader.take(")") ? inner : undefined;
  }
  const path: JqPath = { steps: [], optional: false };
  if (reader.peek() === ".") return readSteps(reader, path) && !path.optional && !path.steps.some((step) => "each" in step) ? { path: path.steps } : undefined;
  return readCall(reader, THIS);
}

function readCall(reader: JqReader, of: JqCondition): JqCondition | undefined {
  const call = FUNCTIONS.find((name) => reader.take(name));
  if (call === undefined || !reader.take("(")) return undefined;
  const value = reader.literal();
  return value !== undefined && reader.take(")") ? { call, of, with: value.literal } : undefined;
}

/** Thrown where jq would have failed. */
export class JqFailure extends Error {}

/** The value of a condition for one item. Throws JqFailure where jq would fail. */
export function evaluate(condition: JqCondition, value: unknown): unknown {
  if ("path" in condition) return condition.path.reduce<unknown>(stepInto, value) ?? null;
  if ("not" in condition) return !isTrue(evaluate(condition.not, value));
  if ("join" in condition) {
    const left = isTrue(evaluate(condition.left, value));
    return condition.join === "and" ? left && isTrue(evaluate(condition.right, value)) : left || isTrue(evaluate(condition.right, value));
  }
  const of = evaluate(condition.of, value);
  return "compare" in condition ? compared(condition.compare, of, condition.with) : called(condition.call, of, condition.with);
}

/** All but null and false. */
export function isTrue(value: unknown): boolean {
  return value !== null && value !== false;
}

function stepInto(value: unknown, step: JqStep): unknown {
  if (value === null || value === undefined) return null;
  if ("field" in step && isMap(value)) return value[step.field];
  if ("index" in step && Array.isArray(value)) return value.at(step.index);
  throw new JqFailure(`Cannot index ${Array.isArray(value) ? "array" : typeof value}`);
}

/** jq orders null, false, true, numbers, texts, lists, maps. */
function compared(operator: string, left: unknown, right: unknown): boolean {
  if (operator === "==") return equalValues(left, right);
  if (operator === "!=") return !equalValues(left, right);
  const order = rankOf(left) - rankOf(right) || compareValues(left, right);
  return operator === "<" ? order < 0 : operator === ">" ? order > 0 : operator === "<=" ? order <= 0 : order >= 0;
}

function rankOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === "boolean") return value ? 2 : 1;
  if (typeof value === "number") return 3;
  if (typeof value === "string") return 4;
  return Array.isArray(value) ? 5 : 6;
}

function called(name: string, of: unknown, value: unknown): boolean {
  if (name === "has") {
    if (isMap(of) && typeof value === "string") return of[value] !== undefined;
    if (Array.isArray(of) && typeof value === "number") return value >= 0 && value < of.length;
  } else if (typeof of === "string" && typeof value === "string") {
    return name === "startswith" ? of.startsWith(value) : name === "endswith" ? of.endsWith(value) : of.includes(value);
  }
  throw new JqFailure(`${name} does not go with these values`);
}
