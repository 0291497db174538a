import type { PathElement } from "./path-element.ts";
import { elementText, fieldElement, itemElement } from "./path-element.ts";
import type { ListType, MapType, ScalarType, TypeRef } from "./types.ts";
import { isMap, kindOf, kindsOf, LIST, MAP } from "./types.ts";

/** What is wrong with a value, in the server's words: `.spec.replicas: expected numeric (int or float), got string`. */
export interface ValueProblem {
  path: string;
  message: string;
}

/** Checks a value against its type. Live objects may hold duplicates in associative lists, applied ones may not. */
export function checkValue(type: TypeRef, value: unknown, options: { allowDuplicates: boolean }): ValueProblem[] {
  const problems: ValueProblem[] = [];
  visit(type, value, "", options.allowDuplicates, problems);
  return problems;
}

/** Several problems as the server prints them. */
export function problemsText(problems: readonly ValueProblem[]): string {
  const lines = problems.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  return lines.length === 1 ? lines[0]! : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n");
}

function visit(type: TypeRef, value: unknown, path: string, duplicates: boolean, problems: ValueProblem[]): void {
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, value));
  if (kind === MAP) visitMap(atom.map!, value, path, duplicates, problems);
  else if (kind === LIST) visitList(atom.list!, value, path, duplicates, problems);
  else {
    const problem = scalarProblem(atom.scalar, value);
    if (problem !== undefined) problems.push({ path, message: problem });
  }
}

function visitMap(type: MapType, value: unknown, path: string, duplicates: boolean, problems: ValueProblem[]): void {
  if (value === null || value === undefined) return;
  if (!isMap(value)) {
    problems.push({ path, message: `expected map, got ${goValue(value)}` });
    return;
  }
  for (const key in value) {
    if (value[key] === undefined) continue;
    const member = type.fields.get(key)?.type ?? type.element;
    const here = path + elementText(fieldElement(key));
    if (member === undefined) {
      problems.push({ path: here, message: "field not declared in schema" });
      return;
    }
    visit(member, value[key], here, duplicates, problems);
  }
}

function visitList(type: ListType, value: unknown, path: string, duplicates: boolean, problems: ValueProblem[]): void {
  if (value === null || value === undefined) return;
  if (!Array.isArray(value)) {
    problems.push({ path, message: `expected list, got ${goValue(value)}` });
    return;
  }
  const seen = new Set<PathElement>();
  for (const [index, item] of value.entries()) {
    let element: PathElement = `i:${index}`;
    if (type.associative) {
      const found = itemElement(type, item);
      if ("problem" in found) {
        problems.push({ path, message: `element ${index}: ${found.problem}` });
        return;
      }
      element = found.element;
      if (seen.has(element) && !duplicates) problems.push({ path, message: `duplicate entries for key ${elementText(element)}` });
      seen.add(element);
    }
    visit(type.element, item, path + elementText(element), duplicates, problems);
  }
}

export function scalarProblem(type: ScalarType | undefined, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (type) {
    case "numeric":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case "string":
      return typeof value === "string" ? undefined : `expected string, got ${goValue(value)}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got ${goValue(value)}`;
    default:
      return typeof value === "object" ? `expected any scalar, got ${goValue(value)}` : undefined;
  }
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  return typeof value === "string" ? "string" : typeof value === "boolean" ? "bool" : "map[string]interface {}";
}

function goValue(value: unknown): string {
  return `&value.valueUnstructured{Value:${typeof value === "object" ? JSON.stringify(value) : typeof value === "string" ? JSON.stringify(value) : String(value)}}`;
}
