import { roundTrip, isObject } from "../schema/typed.ts";
import type { CustomType, ResourceType } from "../types/resource-type.ts";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
type Schema = Record<string, any>;

/**
 * A custom object as the server stores it: metadata through ObjectMeta, fields outside the structural schema pruned
 * (and named in `unknown`), defaults filled in where a field is absent or null without being nullable. Other nulls that may
 * not be there are dropped; of what an apply has merged they are kept, and refused later.
 */
export function decodeCustom(value: Record<string, any>, type: ResourceType, custom: CustomType, unknown: string[], isMerged = false): Record<string, any> {
  const { metadata, ...rest } = value;
  const typedMeta = isObject(metadata) ? withPath("metadata", unknown, (inner) => roundTrip(META, metadata, inner)) : {};
  const header = { apiVersion: rest.apiVersion ?? type.version, kind: rest.kind ?? type.kind };
  const body: Record<string, any> = structuredClone({ ...rest, ...header });
  if (!custom.preserveUnknownFields) {
    const pruned: string[] = [];
    prune(body, custom.schema, "", pruned, true);
    unknown.push(...pruned.sort());
  }
  visitMaps(body, custom.schema, fillDefaults);
  if (!isMerged) visitMaps(body, custom.schema, dropNulls);
  return { ...header, metadata: typedMeta, ...without(body, ["apiVersion", "kind", "metadata"]) };
}

function withPath<T>(path: string, unknown: string[], run: (inner: string[]) => T): T {
  const inner: string[] = [];
  const result = run(inner);
  for (const text of inner) unknown.push(text.replace('"', `"${path}.`));
  return result;
}

function without(value: Record<string, any>, keys: readonly string[]): Record<string, any> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** Drops what the schema does not name, in place. */
function prune(value: unknown, schema: Schema | undefined, path: string, unknown: string[], resource = false): void {
  if (!schema || (schema["x-kubernetes-preserve-unknown-fields"] === true && !schema.properties && !schema.additionalProperties)) {
    if (schema?.["x-kubernetes-embedded-resource"] === true) return;
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) prune(item, schema.items, `${path}[${index}]`, unknown);
    return;
  }
  if (!isObject(value)) return;
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const keep = schema["x-kubernetes-preserve-unknown-fields"] === true;
  for (const key of Object.keys(value)) {
    if ((resource || embedded) && (key === "apiVersion" || key === "kind" || key === "metadata")) continue;
    const inner = path === "" ? key : `${path}.${key}`;
    const property = schema.properties?.[key];
    if (property) prune(value[key], property, inner, unknown);
    else if (isObject(schema.additionalProperties)) prune(value[key], schema.additionalProperties, inner, unknown);
    else if (schema.additionalProperties === true || keep) continue;
    else {
      unknown.push(`unknown field "${inner}"`);
      delete value[key];
    }
  }
}

/** Calls for every map that a schema describes, from the outermost on: what the visit leaves there is visited next. */
function visitMaps(value: unknown, schema: Schema | undefined, visit: (map: Record<string, any>, schema: Schema) => void): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    for (const item of value) visitMaps(item, schema.items, visit);
    return;
  }
  if (!isObject(value)) return;
  visit(value, schema);
  for (const [key, item] of Object.entries(value)) visitMaps(item, propertyOf(schema, key), visit);
}

/** Fills defaults, in place; a null where null is not allowed counts as absent if there is a default. */
function fillDefaults(map: Record<string, any>, schema: Schema): void {
  for (const [key, property] of Object.entries<Schema>(schema.properties ?? {})) {
    if (property.default === undefined) continue;
    if (map[key] === undefined || (map[key] === null && property.nullable !== true)) map[key] = structuredClone(property.default);
  }
}

/** Drops what is null and may not be, in place. */
function dropNulls(map: Record<string, any>, schema: Schema): void {
  if (schema["x-kubernetes-preserve-unknown-fields"] === true) return;
  for (const [key, item] of Object.entries(map)) {
    const property = propertyOf(schema, key);
    if (item === null && property && property.nullable !== true && property.default === undefined) delete map[key];
  }
}

function propertyOf(schema: Schema, key: string): Schema | undefined {
  return schema.properties?.[key] ?? (isObject(schema.additionalProperties) ? schema.additionalProperties : undefined);
}
