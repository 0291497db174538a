import type { GroupVersionKind } from "@trireme/api";
import type { SchemaNode, SchemaSource } from "../merge.ts";

type Schemas = Readonly<Record<string, Record<string, any>>>;

const PREFIX = "#/components/schemas/";
const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** Schemas of OpenAPI v3 documents (`components.schemas`, of any number of group-versions together), by kind. */
export function openApiSchemas(schemas: Schemas): SchemaSource {
  const resolve = resolver(schemas);
  const byKind = new Map<string, SchemaNode>();
  for (const schema of Object.values(schemas)) {
    const kinds: GroupVersionKind[] = schema["x-kubernetes-group-version-kind"] ?? [];
    for (const gvk of kinds) byKind.set(keyOf(gvk), { schema, resolve });
  }
  return { schemaOf: (gvk) => byKind.get(keyOf(gvk)) };
}

/** The first source that knows a kind answers. */
export function firstSchema(...sources: readonly SchemaSource[]): SchemaSource {
  return {
    schemaOf(gvk) {
      for (const source of sources) {
        const node = source.schemaOf(gvk);
        if (node !== undefined) return node;
      }
      return undefined;
    },
  };
}

/**
 * The schema of one version of a CustomResourceDefinition, completed as the server completes it: metadata is
 * ObjectMeta (of the built-in schemas), also in embedded resources. `undefined` for a version without a schema.
 */
export function customResourceSchema(crd: { spec: { versions: readonly { name: string; schema?: { openAPIV3Schema?: Record<string, any> } }[] } }, version: string, builtIn: Schemas): SchemaNode | undefined {
  const schema = crd.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema;
  if (schema === undefined) return undefined;
  return { schema: asResource(schema), resolve: resolver(builtIn) };
}

function asResource(schema: Record<string, any>): Record<string, any> {
  const properties: Record<string, any> = {};
  for (const [name, member] of Object.entries<Record<string, any>>(schema["properties"] ?? {})) properties[name] = completed(member);
  return {
    ...schema,
    type: "object",
    properties: { ...properties, apiVersion: { type: "string" }, kind: { type: "string" }, metadata: { $ref: PREFIX + OBJECT_META } },
  };
}

function completed(schema: Record<string, any>): Record<string, any> {
  const out: Record<string, any> = { ...schema };
  if (schema["x-kubernetes-int-or-string"] === true) delete out["type"];
  if (schema["properties"] !== undefined) {
    out["properties"] = Object.fromEntries(Object.entries<Record<string, any>>(schema["properties"]).map(([name, member]) => [name, completed(member)]));
  }
  if (typeof schema["additionalProperties"] === "object") out["additionalProperties"] = completed(schema["additionalProperties"]);
  if (schema["items"] !== undefined) out["items"] = completed(schema["items"]);
  return schema["x-kubernetes-embedded-resource"] === true ? asResource(out) : out;
}

function resolver(schemas: Schemas): (ref: string) => Record<string, any> {
  return (ref) => {
    const name = ref.startsWith(PREFIX) ? ref.slice(PREFIX.length) : ref;
    // A reference into a document that was not loaded: any value is allowed there.
    return schemas[name] ?? ANYTHING;
  };
}

const ANYTHING: Record<string, any> = { "x-kubernetes-preserve-unknown-fields": true };

function keyOf({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}
