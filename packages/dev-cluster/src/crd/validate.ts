import type { KubeObject } from "@trireme/api";
import { isObject } from "../schema/typed.ts";
import { scaleCauses } from "./scale-paths.ts";
import { RULES, rules } from "./rules/load.ts";
import type { Cause } from "../server/status-error.ts";
import type { CustomType } from "../types/resource-type.ts";

type Schema = Record<string, any>;
/** More causes than this help nobody. */
const MAX_CAUSES = 100;
const MAX_PATTERN_INPUT = 64 * 1024;
const patterns = new Map<string, RegExp | undefined>();

/** What of a custom object breaks its CRD's schema, with the server's sentences. */
export function customCauses(object: KubeObject, old: KubeObject | undefined, custom: CustomType, warn: (text: string) => void): Cause[] {
  const causes: Cause[] = [];
  const { metadata: _metadata, apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  const { properties = {}, required = [], ...schema } = custom.schema;
  const { metadata: _m, apiVersion: _a, kind: _k, ...own } = properties as Record<string, Schema>;
  check(rest, { ...schema, properties: own, required: required.filter((name: string) => !["metadata", "apiVersion", "kind"].includes(name)) }, "", causes);
  if (!hasRules(custom.schema)) return [...causes, ...scaleCauses(object, custom)].slice(0, MAX_CAUSES);
  if (causes.some(({ reason }) => BLOCKING.has(reason))) causes.push({ reason: "FieldValueInvalid", message: "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation", field: "<nil>" });
  else causes.push(...rules().ruleCauses(object, old, custom.schema, warn));
  causes.push(...scaleCauses(object, custom));
  return causes.slice(0, MAX_CAUSES);
}

/** After these a value cannot be given to rules. */
const BLOCKING: ReadonlySet<string> = new Set(["FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"]);

const withRules = new WeakMap<Schema, boolean>();

/** Whether objects of this schema are held to rules. */
export function hasRules(schema: Schema): boolean {
  let found = withRules.get(schema);
  if (found === undefined) {
    found = JSON.stringify(schema).includes(`"${RULES}"`);
    withRules.set(schema, found);
  }
  return found;
}

function check(value: unknown, schema: Schema, path: string, causes: Cause[]): void {
  if (causes.length >= MAX_CAUSES) return;
  if (value === null && schema.nullable === true) return;
  const problem = (reason: string, message: string): void => void causes.push({ reason, message, field: path === "" ? "<nil>" : path });

  if (schema["x-kubernetes-int-or-string"] === true) {
    if (typeof value !== "string" && !Number.isInteger(value)) {
      problem("FieldValueTypeInvalid", typeInvalid(value, path, "integer,string"));
      return alternatives(value, schema, path, causes);
    }
  } else if (schema.type && !hasType(value, schema.type)) {
    return problem("FieldValueTypeInvalid", typeInvalid(value, path, schema.type));
  }
  if (typeof value === "string") checkString(value, schema, path, problem);
  if (schema.enum && !schema.enum.some((one: unknown) => one === value)) {
    problem("FieldValueNotSupported", `Unsupported value: ${JSON.stringify(value)}: supported values: ${schema.enum.map((one: unknown) => JSON.stringify(one)).join(", ")}`);
  }
  if (typeof value === "number") checkNumber(value, schema, path, problem);
  for (const part of schema.allOf ?? []) check(value, part, path, causes);
  alternatives(value, schema, path, causes);

  if (Array.isArray(value)) checkArray(value, schema, path, causes, problem);
  else if (isObject(value)) checkObject(value, schema, path, causes, problem);
}

/** anyOf, oneOf and not: the sentence about all of them, and what the nearest one misses. */
function alternatives(value: unknown, schema: Schema, path: string, causes: Cause[]): void {
  const say = (text: string): void => void causes.push({ reason: "FieldValueInvalid", message: `Invalid value: "": ${JSON.stringify(path)} ${text}`, field: "<nil>" });
  const failures = (parts: readonly Schema[]): Cause[][] => parts.map((part) => {
    const found: Cause[] = [];
    check(value, part, path, found);
    return found;
  });
  if (schema.anyOf) {
    const found = failures(schema.anyOf);
    if (found.every((one) => one.length > 0)) {
      say("must validate at least one schema (anyOf)");
      causes.push(...found[0]!);
    }
  }
  if (schema.oneOf) {
    const found = failures(schema.oneOf);
    const valid = found.filter((one) => one.length === 0).length;
    if (valid !== 1) {
      say(`must validate one and only one schema (oneOf). ${valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`}`);
      if (valid === 0) causes.push(...found[0]!);
    }
  }
  if (schema.not && passes(value, schema.not)) say("must not validate the schema (not)");
}

type Problem = (reason: string, message: string) => void;

function checkString(value: string, schema: Schema, path: string, problem: Problem): void {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) problem("FieldValueTooLong", `Too long: may not be more than ${schema.maxLength} bytes`);
  if (schema.minLength !== undefined && length < schema.minLength) problem("FieldValueInvalid", `Invalid value: ${JSON.stringify(value)}: ${bodyPath(path)} should be at least ${schema.minLength} chars long`);
  if (schema.pattern !== undefined && value.length <= MAX_PATTERN_INPUT && pattern(schema.pattern)?.test(value) === false) problem("FieldValueInvalid", `Invalid value: ${JSON.stringify(value)}: ${bodyPath(path)} should match '${schema.pattern}'`);
  if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) problem("FieldValueTypeInvalid", `Invalid value: ${JSON.stringify(value)}: ${bodyPath(path)} must be of type date-time: ${JSON.stringify(value)}`);
}

function checkNumber(value: number, schema: Schema, path: string, problem: Problem): void {
  const say = (text: string): void => problem("FieldValueInvalid", `Invalid value: ${value}: ${bodyPath(path)} ${text}`);
  if (schema.minimum !== undefined && (schema.exclusiveMinimum ? value <= schema.minimum : value < schema.minimum)) say(`should be greater than ${schema.exclusiveMinimum ? "" : "or equal to "}${schema.minimum}`);
  if (schema.maximum !== undefined && (schema.exclusiveMaximum ? value >= schema.maximum : value > schema.maximum)) say(`should be less than ${schema.exclusiveMaximum ? "" : "or equal to "}${schema.maximum}`);
  if (schema.multipleOf !== undefined && value % schema.multipleOf !== 0) say(`should be a multiple of ${schema.multipleOf}`);
}

function checkArray(value: readonly unknown[], schema: Schema, path: string, causes: Cause[], problem: Problem): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) problem("FieldValueTooMany", `Too many: ${value.length}: must have at most ${schema.maxItems} items`);
  if (schema.minItems !== undefined && value.length < schema.minItems) problem("FieldValueInvalid", `Invalid value: ${value.length}: ${bodyPath(path)} should have at least ${schema.minItems} items`);
  const keys: readonly string[] | undefined = schema["x-kubernetes-list-type"] === "map" ? schema["x-kubernetes-list-map-keys"] : undefined;
  if (keys || schema["x-kubernetes-list-type"] === "set" || schema.uniqueItems === true) {
    const seen = new Set<string>();
    for (const [index, item] of value.entries()) {
      const key = keys && isObject(item) ? Object.fromEntries(keys.map((name) => [name, item[name]])) : item;
      const text = JSON.stringify(key);
      if (seen.has(text)) causes.push({ reason: "FieldValueDuplicate", message: `Duplicate value: ${keys ? text : JSON.stringify(item)}`, field: `${path}[${index}]` });
      seen.add(text);
    }
  }
  if (schema.items) for (const [index, item] of value.entries()) check(item, schema.items, `${path}[${index}]`, causes);
}

function checkObject(value: Record<string, any>, schema: Schema, path: string, causes: Cause[], problem: Problem): void {
  for (const name of (schema.required ?? []) as string[]) {
    if (value[name] === undefined) causes.push({ reason: "FieldValueRequired", message: "Required value", field: join(path, name) });
  }
  const count = Object.keys(value).length;
  if (schema.maxProperties !== undefined && count > schema.maxProperties) problem("FieldValueTooMany", `Too many: ${count}: must have at most ${schema.maxProperties} items`);
  if (schema.minProperties !== undefined && count < schema.minProperties) problem("FieldValueInvalid", `Invalid value: ${shown(value)}: ${bodyPath(path)} should have at least ${schema.minProperties} properties`);
  for (const [key, item] of Object.entries(value)) {
    const property = schema.properties?.[key] ?? (isObject(schema.additionalProperties) ? schema.additionalProperties : undefined);
    if (property && item !== undefined) check(item, property, join(path, key), causes);
  }
}

function passes(value: unknown, schema: Schema): boolean {
  const found: Cause[] = [];
  check(value, schema, "", found);
  return found.length === 0;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    default:
      return typeof value === type;
  }
}

function typeInvalid(value: unknown, path: string, type: string): string {
  return `Invalid value: ${value === null ? '"null"' : JSON.stringify(jsonType(value))}: ${bodyPath(path)} must be of type ${type}: ${JSON.stringify(value === null ? "null" : jsonType(value))}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (Number.isInteger(value)) return "integer";
  return typeof value;
}

/** Objects and lists are not repeated in messages. */
function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : JSON.stringify(value);
}

function bodyPath(path: string): string {
  return path === "" ? "" : `${path} in body`;
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function pattern(source: string): RegExp | undefined {
  if (!patterns.has(source)) {
    let compiled: RegExp | undefined;
    try {
      compiled = new RegExp(source, "u");
    } catch {
      compiled = undefined;
    }
    patterns.set(source, compiled);
  }
  return patterns.get(source);
}
