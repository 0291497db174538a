import zeroValues from "../../data/zero-values.json" with { type: "json" };
import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import { StatusError } from "../server/status-error.ts";
import { canonicalQuantity, QUANTITY_ERROR } from "./quantity.ts";

type Schema = Record<string, any>;
/** How the server's own types write empty fields: `zero` are left out at zero, `null` are written even when absent. */
const forms = zeroValues as Record<string, { zero?: string[]; null?: string[] }>;
const zeroSets = new Map<string, { zero: ReadonlySet<string>; null: readonly string[] }>();

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const REF = "#/components/schemas/";
const ANYTHING = new Set([`${META}FieldsV1`, `${META}Patch`, "io.k8s.apimachinery.pkg.runtime.RawExtension", ...["JSON", "JSONSchemaPropsOrBool", "JSONSchemaPropsOrArray", "JSONSchemaPropsOrStringArray"].map((name) => `io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${name}`)]);

/** The value cannot be read as its type at all; the message is Go's. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/**
 * Reads a value as the server's Go type of that schema would, and writes it again: unknown fields are dropped and
 * named in `unknown` (`spec.containers[0].foo`), nulls and empty optional fields vanish, quantities and times take
 * their canonical form, fields without `omitempty` are there. Throws DecodeError on a wrong JSON type.
 */
export function roundTrip(schemaName: string, value: unknown, unknown: string[] = []): any {
  const emptied: string[] = [];
  const leftovers: Leftover[] = [];
  const out: any = struct(schemaName, value, { unknown, path: "", fields: [], emptied, leftovers });
  if (leftovers.length > 0) out[LEFTOVERS] = leftovers;
  const ofSpec = emptied.filter((path) => path.startsWith("spec."));
  if (isObject(out?.spec) && ofSpec.length > 0) emptySpecs.set(out.spec, ofSpec);
  return out;
}

/**
 * An empty list or map inside an atomic list, or where the server's own struct always has one: a change to whoever
 * compares the object, and nothing, or null, once it is stored.
 */
/** The object itself, where no holder is named: it is copied on its way. */
type Leftover = readonly [holder: Record<string, unknown> | undefined, key: string, written: null | undefined];
const LEFTOVERS = Symbol("empty values that are compared");

/** Takes away what only comparisons may see. In place. */
export function dropLeftovers(object: object): void {
  const marked = object as { [LEFTOVERS]?: readonly Leftover[]; [key: string]: unknown };
  for (const [holder = marked, key, written] of marked[LEFTOVERS] ?? []) {
    if (written === null) holder[key] = null;
    else delete holder[key];
  }
  delete marked[LEFTOVERS];
}

const emptySpecs = new WeakMap<object, readonly string[]>();

/** Whether a spec, as it was decoded, had an empty list or map somewhere of which nothing is left, not even a default. */
export function hadEmpty(spec: unknown): boolean {
  return isObject(spec) && (emptySpecs.get(spec) ?? []).some((path) => spec[path.slice("spec.".length)] === undefined);
}

/** `roundTrip` of a request body, its failure as the server's 400. */
export function decodeObject(schemaName: string, kind: { kind: string; version: string; sent?: string }, value: unknown, unknown: string[]): any {
  try {
    return roundTrip(schemaName, value, unknown);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new StatusError(400, "BadRequest", `${kind.sent ?? kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${error.message}`);
  }
}

interface Place {
  readonly unknown: string[];
  /** Paths of empty lists and maps. */
  readonly emptied?: string[];
  readonly leftovers?: Leftover[];
  /** Inside an atomic list. */
  readonly atomic?: true;
  readonly path: string;
  /** Go's field stack, without indexes. */
  readonly fields: readonly string[];
  readonly struct?: string;
}

/** The schema's name for `{$ref}` and `{allOf: [{$ref}]}`. */
export function refName(schema: Schema): string | undefined {
  const ref = schema.$ref ?? (Array.isArray(schema.allOf) && schema.allOf.length === 1 ? schema.allOf[0].$ref : undefined);
  return typeof ref === "string" ? ref.slice(REF.length) : undefined;
}

function convert(schema: Schema, value: unknown, place: Place): unknown {
  const name = refName(schema);
  if (name) return named(name, value, place);
  switch (schema.type) {
    case "string":
      if (typeof value !== "string") throw mismatch(value, schema.format === "byte" ? "[]uint8" : "string", place);
      if (schema.format === "byte") checkBase64(value);
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw mismatch(value, "bool", place);
      return value;
    case "integer":
      if (typeof value !== "number") throw mismatch(value, schema.format ?? "int64", place);
      if (!Number.isInteger(value) || (schema.format === "int32" && Math.abs(value) > 2 ** 31)) throw mismatch(value, schema.format ?? "int64", place, `number ${value}`);
      return value;
    case "number":
      if (typeof value !== "number") throw mismatch(value, "float64", place);
      return value;
    case "array": {
      if (!Array.isArray(value)) throw mismatch(value, `[]${goType(schema.items)}`, place);
      const inner: Place = isAtomic(schema) ? { ...place, atomic: true } : place;
      return value.map((item, index) => (item === null ? zeroOf(schema.items) : convert(schema.items, item, { ...inner, path: `${place.path}[${index}]` })));
    }
    case "object": {
      if (schema.properties) return fieldsOf(undefined, schema, value, place);
      if (!isObject(value)) throw mismatch(value, `map[string]${goType(schema.additionalProperties ?? {})}`, place);
      if (!schema.additionalProperties) return value;
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) out[key] = item === null ? zeroOf(schema.additionalProperties) : convert(schema.additionalProperties, item, { ...place, path: `${place.path}.${key}` });
      return out;
    }
    default:
      return value;
  }
}

function named(name: string, value: unknown, place: Place): unknown {
  if (ANYTHING.has(name)) return value;
  switch (name) {
    case `${META}Time`:
      return time(value, place, false);
    case `${META}MicroTime`:
      return time(value, place, true);
    case "io.k8s.apimachinery.pkg.util.intstr.IntOrString":
      if (typeof value !== "string" && !Number.isInteger(value)) throw mismatch(value, "int32", place);
      return value;
    case "io.k8s.apimachinery.pkg.api.resource.Quantity": {
      if (typeof value !== "string" && typeof value !== "number") throw new DecodeError(QUANTITY_ERROR);
      const canonical = canonicalQuantity(String(value));
      if (canonical === undefined) throw new DecodeError(QUANTITY_ERROR);
      return canonical;
    }
    default:
      return struct(name, value, place);
  }
}

function struct(name: string, value: unknown, place: Place): unknown {
  const schema = kubernetesSchemas[name];
  if (!schema) return value;
  if (!schema.properties) return schema.type === "object" ? value : convert(schema, value, place);
  return fieldsOf(name, schema, value, place);
}

function fieldsOf(name: string | undefined, schema: Schema, value: unknown, place: Place): unknown {
  const short = name?.slice(name.lastIndexOf(".") + 1) ?? "struct";
  if (!isObject(value)) throw mismatch(value, name ? goName(name) : "struct", place);
  const { zero, null: nulls } = formOf(name);
  const out: Record<string, unknown> = {};

  for (const [key, item] of Object.entries(value)) {
    const property = schema.properties[key];
    const path = place.path === "" ? key : `${place.path}.${key}`;
    if (!property) {
      place.unknown.push(`unknown field "${path}"`);
      continue;
    }
    if (item === null || item === undefined) continue;
    const read = convert(property, item, { unknown: place.unknown, ...(place.emptied && { emptied: place.emptied }), ...(place.leftovers && { leftovers: place.leftovers }), ...(place.atomic && { atomic: true as const }), path, fields: [...place.fields, key], struct: short });
    if (read === undefined) continue;
    if (isEmptyCollection(read, property)) {
      place.emptied?.push(path);
      const always = nulls.includes(key);
      if (!place.leftovers || !(always || place.atomic)) continue;
      place.leftovers.push([place.path === "" ? undefined : out, key, always ? null : undefined]);
    }
    if (zero.has(key) && (read === "" || read === 0 || read === false)) continue;
    out[key] = read;
  }
  for (const key of nulls) if (!(key in out)) out[key] = null;
  for (const [key, empty] of defaultsOf(schema)) if (!(key in out) && !(zero.has(key) && !empty)) out[key] = typeof empty === "object" ? emptyStruct(schema.properties[key]) : empty;
  return out;
}

function isAtomic(schema: Schema): boolean {
  const kind = schema["x-kubernetes-list-type"];
  return kind === "atomic" || (kind === undefined && !String(schema["x-kubernetes-patch-strategy"] ?? "").startsWith("merge"));
}

const defaultLists = new WeakMap<Schema, [string, unknown][]>();

/** Fields that are always written, with their zero value; API defaults of the schemas (`protocol: TCP`) too. */
function defaultsOf(schema: Schema): [string, unknown][] {
  let list = defaultLists.get(schema);
  if (!list) {
    list = Object.entries(schema.properties as Record<string, Schema>).filter(([, property]) => property.default !== undefined).map(([key, property]) => [key, property.default]);
    defaultLists.set(schema, list);
  }
  return list;
}

/** What `{}` reads as: structs in it that are always written. */
function emptyStruct(property: Schema): unknown {
  const name = refName(property);
  if (!name || !kubernetesSchemas[name]?.properties) return {};
  return struct(name, {}, { unknown: [], path: "", fields: [] });
}

function zeroOf(schema: Schema): unknown {
  const name = refName(schema);
  if (name === "io.k8s.apimachinery.pkg.api.resource.Quantity") return "0";
  if (name) return kubernetesSchemas[name]?.properties ? emptyStruct(schema) : null;
  return schema.default ?? (schema.type === "string" ? "" : schema.type === "integer" || schema.type === "number" ? 0 : schema.type === "boolean" ? false : null);
}

/** Empty lists and maps vanish; `{}` of a struct (an emptyDir) is a value. */
function isEmptyCollection(value: unknown, property: Schema): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return property.type === "object" && !property.properties && isObject(value) && Object.keys(value).length === 0;
}

function formOf(name: string | undefined): { zero: ReadonlySet<string>; null: readonly string[] } {
  const key = name ?? "";
  let form = zeroSets.get(key);
  if (!form) {
    const data = forms[key];
    form = { zero: new Set(data?.zero ?? []), null: data?.null ?? [] };
    zeroSets.set(key, form);
  }
  return form;
}

function checkBase64(text: string): void {
  const clean = text.replaceAll(/[\r\n]/g, "");
  const bad = /[^A-Za-z0-9+/]/.exec(clean.replace(/={0,2}$/, ""));
  if (bad) throw new DecodeError(`illegal base64 data at input byte ${bad.index}`);
  if (clean.length % 4 !== 0) throw new DecodeError(`illegal base64 data at input byte ${clean.length - (clean.length % 4)}`);
}

/** RFC 3339, to seconds or microseconds, in UTC. */
function time(value: unknown, place: Place, micro: boolean): string | undefined {
  if (typeof value !== "string") throw mismatch(value, "string", place);
  if (value === "") return undefined;
  const match = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(value);
  const at = Date.parse(value);
  if (match && micro && !/^\.\d{6}$/.test(match[1] ?? "")) throw new DecodeError(`parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05.000000Z07:00": cannot parse ${JSON.stringify(value.slice(19))} as ".000000"`);
  if (!match || Number.isNaN(at)) throw new DecodeError(`parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`);
  const seconds = new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19);
  return micro ? `${seconds}.${(match[1] ?? ".").slice(1).padEnd(6, "0").slice(0, 6)}Z` : `${seconds}Z`;
}

function mismatch(value: unknown, type: string, place: Place, what = jsonType(value)): DecodeError {
  const where = place.struct ? `Go struct field ${place.struct}.${place.fields.join(".")}` : "Go value";
  return new DecodeError(`json: cannot unmarshal ${what} into ${where} of type ${type}`);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function goType(schema: Schema): string {
  const name = refName(schema);
  if (name) return goName(name);
  if (schema.type === "array") return `[]${goType(schema.items)}`;
  if (schema.type === "object" && schema.additionalProperties) return `map[string]${goType(schema.additionalProperties)}`;
  return schema.type === "integer" ? (schema.format ?? "int64") : schema.type === "boolean" ? "bool" : schema.type === "string" ? "string" : "interface {}";
}

/** `io.k8s.api.core.v1.Container` is Go's `v1.Container`. */
function goName(name: string): string {
  return name.split(".").slice(-2).join(".");
}

export function isObject(value: unknown): value is Record<string, any> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
