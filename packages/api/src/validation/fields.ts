import type { FieldPath } from "../yaml/positions.ts";
import { fieldPathText } from "./field-path.ts";
import { didYouMean } from "./suggest.ts";

/** One node of an OpenAPI v3 or CRD schema, with what resolves its references. */
export interface ObjectSchema {
  readonly schema: Record<string, any>;
  resolve(reference: string): Record<string, any>;
}

export interface FieldProblem {
  reason: "UnknownField" | "WrongType" | "MissingField" | "UnsupportedValue";
  path: FieldPath;
  /** `metadata.nmaespace is not a field of Service; did you mean namespace?` */
  message: string;
  /** The name or value that was probably meant. */
  suggestion?: string;
}

const MAX_PROBLEMS = 50;
const MAX_DEPTH = 100;

/**
 * What is wrong with the fields of an object by its schema: names that are none, values of another type, fields that must
 * be there, values that are not among the allowed ones. The status is the server's and not looked at.
 */
export function fieldProblems(object: Record<string, any>, schema: ObjectSchema): FieldProblem[] {
  const check: Check = { schema, kind: String(object["kind"] ?? "the object"), problems: [] };
  const { status: _status, ...rest } = object;
  visit(check, rest, schema.schema, [], false);
  return check.problems.slice(0, MAX_PROBLEMS);
}

interface Check {
  schema: ObjectSchema;
  kind: string;
  problems: FieldProblem[];
}

type Schema = Record<string, any>;

function visit(check: Check, value: unknown, written: Schema, path: FieldPath, preserve: boolean): void {
  if (check.problems.length >= MAX_PROBLEMS || path.length > MAX_DEPTH || value === null || value === undefined) return;
  const schema = resolved(check, written);
  const expected = typeProblem(value, schema);
  if (expected !== undefined) return report(check, { reason: "WrongType", path, message: `must be ${expected}, got ${describe(value)}` });
  if (Array.isArray(schema["enum"]) && !schema["enum"].includes(value)) return unsupported(check, value, schema["enum"], path);
  if (Array.isArray(value)) {
    if (schema["items"] !== undefined) for (const [index, item] of value.entries()) visit(check, item, schema["items"], [...path, index], preserve);
  } else if (typeof value === "object") {
    visitMap(check, value as Record<string, unknown>, schema, path, preserve || schema["x-kubernetes-preserve-unknown-fields"] === true);
  }
}

function visitMap(check: Check, value: Record<string, unknown>, schema: Schema, path: FieldPath, preserve: boolean): void {
  const properties: Record<string, Schema> = schema["properties"] ?? {};
  const additional: unknown = schema["additionalProperties"];
  const open = preserve || additional === true || (additional === undefined && schema["properties"] === undefined);
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) visit(check, member, known, [...path, name], false);
    else if (typeof additional === "object" && additional !== null) visit(check, member, additional, [...path, name], false);
    else if (!open && !(path.length === 0 && ROOT_FIELDS.includes(name)) && !(embedded && ROOT_FIELDS.includes(name))) unknownField(check, [...path, name], name, Object.keys(properties), value);
  }
  for (const name of (schema["required"] as string[] | undefined) ?? []) {
    if (path.length === 0 && name === "status") continue;
    const absent = value[name] === undefined || value[name] === null;
    if (absent && !hasDefault(properties[name])) report(check, { reason: "MissingField", path: [...path, name], message: "is required" });
  }
}

const ROOT_FIELDS: readonly string[] = ["apiVersion", "kind", "metadata"];

/** Where several fields are missing, a name that is already there was not meant. */
function unknownField(check: Check, path: FieldPath, name: string, names: readonly string[], present: Record<string, unknown>): void {
  const suggestion = didYouMean(name, names.filter((candidate) => present[candidate] === undefined)) ?? didYouMean(name, names);
  report(check, { reason: "UnknownField", path, message: `is not a field of ${check.kind}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`, ...(suggestion !== undefined && { suggestion }) });
}

function unsupported(check: Check, value: unknown, allowed: readonly unknown[], path: FieldPath): void {
  const suggestion = typeof value === "string" ? didYouMean(value, allowed.filter((each) => typeof each === "string") as string[]) : undefined;
  const cure = suggestion === undefined ? `it must be one of ${allowed.map(String).join(", ")}` : `did you mean ${suggestion}?`;
  report(check, { reason: "UnsupportedValue", path, message: `cannot be ${describe(value)}; ${cure}`, ...(suggestion !== undefined && { suggestion }) });
}

function report(check: Check, problem: FieldProblem): void {
  const of = problem.reason === "UnknownField" ? "" : ` of ${check.kind}`;
  check.problems.push({ ...problem, message: `${fieldPathText(problem.path)}${of} ${problem.message}` });
}

function resolved(check: Check, schema: Schema): Schema {
  const reference: string | undefined = schema["$ref"] ?? (schema["allOf"]?.length === 1 ? schema["allOf"][0]?.$ref : undefined);
  return reference === undefined ? schema : check.schema.resolve(reference);
}

/** Schemas say of a few fields that they are required although the server fills them in. */
function hasDefault(schema: Schema | undefined): boolean {
  return schema?.["default"] !== undefined;
}

function typeProblem(value: unknown, schema: Schema): string | undefined {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") return typeof value === "string" || Number.isInteger(value) ? undefined : "a whole number or a text";
  if (Array.isArray(schema["oneOf"]) && schema["type"] === undefined) {
    return schema["oneOf"].some((each: Schema) => typeProblem(value, each) === undefined) ? undefined : schema["oneOf"].map((each: Schema) => nameOf(each["type"])).join(" or ");
  }
  switch (schema["type"]) {
    case "string":
      return typeof value === "string" ? undefined : nameOf("string");
    case "integer":
      return Number.isInteger(value) ? undefined : nameOf("integer");
    case "number":
      return typeof value === "number" ? undefined : nameOf("number");
    case "boolean":
      return typeof value === "boolean" ? undefined : nameOf("boolean");
    case "array":
      return Array.isArray(value) ? undefined : nameOf("array");
    case "object":
      return typeof value === "object" && !Array.isArray(value) ? undefined : nameOf("object");
    default:
      return undefined;
  }
}

const TYPE_NAMES: Record<string, string> = { string: "a text", integer: "a whole number", number: "a number", boolean: "true or false", array: "a list", object: "a map" };

function nameOf(type: unknown): string {
  return TYPE_NAMES[String(type)] ?? String(type);
}

function describe(value: unknown): string {
  if (typeof value === "string") return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : String(value);
}
