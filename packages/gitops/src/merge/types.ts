import { optionalScalars } from "@trireme/api";
import type { SchemaNode } from "../merge.ts";

/** What a leaf may hold; `untyped` accepts any scalar (int-or-string, dates, quantities). */
export type ScalarType = "string" | "numeric" | "boolean" | "untyped";

export interface ListType {
  /** An atomic list is one value; an associative one is merged item by item. */
  associative: boolean;
  /** Key fields of a list of maps; empty: a set of scalars. */
  keys: readonly string[];
  element: TypeRef;
}

export interface MapType {
  atomic: boolean;
  /** The schema name of a struct of the server: its fields are never null, but absent. */
  struct: string | undefined;
  fields: ReadonlyMap<string, FieldType>;
  /** Type of every key that is not a field; `undefined`: other keys are not allowed. */
  element: TypeRef | undefined;
}

export interface FieldType {
  type: TypeRef;
  default?: unknown;
  /**
   * What stands there in a server's own object although nobody wrote it: `{}` for a part that is never absent,
   * null for a list or map that is required, "" or 0 for a scalar. Only fields of built-in kinds have one.
   */
  zero?: Record<string, never> | string | number | boolean | null;
  /** A scalar of a struct that is never stored as "", 0 or false: those mean that it is absent. */
  plain?: true;
}

/** All that a value at one place may be; several at once where the schema leaves it open. */
export interface Atom {
  scalar?: ScalarType;
  list?: ListType;
  map?: MapType;
}

/** A type, worked out when first asked for: schemas refer to themselves. */
export class TypeRef {
  private atom: Atom | undefined;
  private readonly build: () => Atom;

  constructor(build: () => Atom) {
    this.build = build;
  }

  resolve(): Atom {
    return (this.atom ??= this.build());
  }
}

const none: ReadonlyMap<string, FieldType> = new Map();

/** Of a value without any schema where lists and maps are one value each. */
export const UNTYPED: TypeRef = new TypeRef(() => ({
  scalar: "untyped",
  list: { associative: false, keys: [], element: UNTYPED },
  map: { atomic: true, struct: undefined, fields: none, element: UNTYPED },
}));

/** Of a value without any schema: maps are merged by key, lists are one value. */
export const DEDUCED: TypeRef = new TypeRef(() => ({
  scalar: "untyped",
  list: { associative: false, keys: [], element: UNTYPED },
  map: { atomic: false, struct: undefined, fields: none, element: DEDUCED },
}));

const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const RAW_EXTENSION = "io.k8s.apimachinery.pkg.runtime.RawExtension";

/** Types by schema object, so that every kind of a cluster is worked out once. */
const known = new WeakMap<object, TypeRef>();
const knownPreserving = new WeakMap<object, TypeRef>();

/** The merge type that an OpenAPI v3 schema means; `undefined` (no schema): deduced from the values. */
export function typeOf(node: SchemaNode | undefined): TypeRef {
  return node === undefined ? DEDUCED : typeOfSchema(node.schema, node, false, isBuiltIn(node.schema) ? rootName(node.schema) : undefined);
}

/** The schema name of a built-in kind by its group, version and kind. */
function rootName(schema: Record<string, any>): string {
  const { group, version, kind } = schema["x-kubernetes-group-version-kind"]?.[0] ?? {};
  return `io.k8s.api.${group ? String(group).split(".")[0] : "core"}.${version}.${kind}`;
}

/** Built-in kinds are structs in the server (named by their schema): parts of them always exist. Their schemas say so by `default: {}`. */
export function isBuiltIn(schema: Record<string, any>): boolean {
  return schema["properties"]?.metadata?.default !== undefined;
}

function typeOfSchema(schema: Record<string, any>, node: SchemaNode, preserve: boolean, struct: string | undefined): TypeRef {
  const preserving = preserve || schema["x-kubernetes-preserve-unknown-fields"] === true;
  const cache = preserving ? knownPreserving : known;
  let type = cache.get(schema);
  if (type === undefined) {
    type = new TypeRef(() => atomOf(schema, node, preserving, struct));
    cache.set(schema, type);
  }
  return type;
}

function atomOf(schema: Record<string, any>, node: SchemaNode, preserve: boolean, struct: string | undefined): Atom {
  switch (schema["type"]) {
    case "object":
      return { map: mapOf(schema, node, preserve, struct) };
    case "array":
      return { list: listOf(schema, node, preserve) };
    case "integer":
    case "number":
      return { scalar: "numeric" };
    case "boolean":
      return { scalar: "boolean" };
    case "string":
      return { scalar: schema["format"] === undefined || schema["format"] === "" || schema["format"] === "byte" ? "string" : "untyped" };
    default:
      return { scalar: "untyped", list: listOf(schema, node, preserve), map: mapOf(schema, node, preserve, struct) };
  }
}

/** A field's own `x-kubernetes-map-type` stands over that of the schema that it refers to. */
function refOf(schema: Record<string, any>, node: SchemaNode, preserve: boolean): TypeRef {
  const reference = referenceOf(schema);
  if (reference === undefined) return typeOfSchema(schema, node, preserve, undefined);
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  if (name === QUANTITY) return QUANTITY_TYPE;
  if (name === RAW_EXTENSION) return UNTYPED;
  const relation = schema["x-kubernetes-map-type"];
  if (relation !== "atomic" && relation !== "granular") return typeOfSchema(node.resolve(reference), node, false, name);
  return new TypeRef(() => overridden(typeOfSchema(node.resolve(reference), node, false, name).resolve(), relation === "atomic"));
}

/** Of amounts such as `500m`: equal amounts may be written differently. */
export const QUANTITY_TYPE: TypeRef = new TypeRef(() => ({ scalar: "untyped" }));

function overridden(atom: Atom, atomic: boolean): Atom {
  if (atom.map) return { ...atom, map: { ...atom.map, atomic } };
  if (atom.list) return { ...atom, list: { ...atom.list, associative: !atomic && atom.list.associative } };
  return atom;
}

function referenceOf(schema: Record<string, any>): string | undefined {
  if (typeof schema["$ref"] === "string") return schema["$ref"];
  const all = schema["allOf"];
  return Array.isArray(all) && all.length === 1 && typeof all[0]?.$ref === "string" ? all[0].$ref : undefined;
}

function mapOf(schema: Record<string, any>, node: SchemaNode, preserve: boolean, struct: string | undefined): MapType {
  const fields = new Map<string, FieldType>();
  const required: readonly string[] = struct === undefined ? [] : (schema["required"] ?? []);
  const optional = struct === undefined ? undefined : (optionalScalars[struct] ?? []);
  for (const [name, member] of Object.entries<Record<string, any>>(schema["properties"] ?? {})) {
    const field: FieldType = { type: refOf(member, node, preserve) };
    if (member["default"] !== undefined) field.default = member["default"];
    if (struct !== undefined && isMap(member["default"]) && isStruct(member, node)) field.zero = {};
    else if (required.includes(name)) field.zero = zeroOf(member);
    else if (struct !== undefined && isZeroScalar(member["default"]) && OMITTED_AT_ZERO !== `${struct}.${name}`) field.zero = member["default"];
    if (optional !== undefined && SCALAR_TYPES.includes(member["type"]) && !optional.includes(name)) field.plain = true;
    fields.set(name, field);
  }
  return { atomic: schema["x-kubernetes-map-type"] === "atomic", struct, fields, element: otherKeys(schema, node, preserve, fields.size === 0) };
}

/** The one field whose declared default is a zero that is not written. */
const OMITTED_AT_ZERO = "io.k8s.api.core.v1.ReplicationControllerSpec.minReadySeconds";

function isZeroScalar(value: unknown): value is string | number | boolean {
  return value === "" || value === 0 || value === false;
}

const SCALAR_TYPES: readonly string[] = ["string", "integer", "number", "boolean"];

function isStruct(member: Record<string, any>, node: SchemaNode): boolean {
  const reference = referenceOf(member);
  return reference !== undefined && node.resolve(reference)["type"] === "object";
}

function zeroOf(member: Record<string, any>): string | number | boolean | null {
  switch (member["type"]) {
    case "string":
      return "";
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return false;
    default:
      return null;
  }
}

function otherKeys(schema: Record<string, any>, node: SchemaNode, preserve: boolean, free: boolean): TypeRef | undefined {
  const additional = schema["additionalProperties"];
  if (additional === undefined) return preserve || free ? DEDUCED : undefined;
  if (additional === true) return DEDUCED;
  if (additional === false) return undefined;
  return refOf(additional, node, preserve);
}

function listOf(schema: Record<string, any>, node: SchemaNode, preserve: boolean): ListType {
  const items = schema["items"];
  const element = items === undefined ? UNTYPED : refOf(items, node, preserve);
  switch (schema["x-kubernetes-list-type"]) {
    case "set":
      return { associative: true, keys: [], element };
    case "map":
      return { associative: true, keys: schema["x-kubernetes-list-map-keys"] ?? [], element };
    case undefined: {
      const strategy: string | undefined = schema["x-kubernetes-patch-strategy"];
      const merge = strategy === "merge" || strategy === "merge,retainKeys";
      const key: string | undefined = schema["x-kubernetes-patch-merge-key"];
      return { associative: merge, keys: merge && key !== undefined ? [key] : [], element };
    }
    default:
      return { associative: false, keys: [], element };
  }
}

/** The kinds that a value and its type agree on, as bits; all that the type allows where the value does not say. */
export const MAP = 1;
export const SCALAR_KIND = 2;
export const LIST = 4;

export function kindsOf(atom: Atom, value: unknown): number {
  if (value !== undefined && value !== null) {
    if (Array.isArray(value)) {
      if (atom.list) return LIST;
    } else if (typeof value === "object") {
      if (atom.map) return MAP;
    } else if (atom.scalar) return SCALAR_KIND;
  }
  return (atom.map ? MAP : 0) | (atom.scalar ? SCALAR_KIND : 0) | (atom.list ? LIST : 0);
}

/** Which of several possible kinds is looked at: maps before scalars before lists, as the server does. */
export function kindOf(kinds: number): number {
  return kinds & MAP ? MAP : kinds & SCALAR_KIND ? SCALAR_KIND : LIST;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
