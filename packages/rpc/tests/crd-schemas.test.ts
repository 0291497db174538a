import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { decode } from "../src/json/decode.ts";
import { encode } from "../src/json/encode.ts";
import { shape } from "../src/json/shape.ts";
import { messagePlan } from "../src/public/contract.ts";
import type { MessagePlan } from "../src/json/plan.ts";

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  required?: string[];
  format?: string;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
}

const V1 = "github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1";
const KINDS = [
  { kind: "Application", file: "applications" },
  { kind: "AppProject", file: "appprojects" },
  { kind: "ApplicationSet", file: "applicationsets" },
];

/** Fields that an object of the cluster has and Argo CD's messages do not. */
const CLUSTER_ONLY = new Set(["apiVersion", "kind", "metadata"]);

function schemaOf(file: string): Schema {
  const crd = load(readFileSync(new URL(`../../../charts/trireme/crds/${file}.argoproj.io.yaml`, import.meta.url), "utf8")) as { spec: { versions: { schema: { openAPIV3Schema: Schema } }[] } };
  return crd.spec.versions[0]!.schema.openAPIV3Schema;
}

describe.each(KINDS)("$kind and its schema", ({ kind, file }) => {
  const plan = messagePlan(`${V1}.${kind}`);
  const schema = schemaOf(file);
  const top = { ...schema, properties: Object.fromEntries(Object.entries(schema.properties!).filter(([name]) => !CLUSTER_ONLY.has(name))) };

  it("agree on every name, kind of value and nesting", () => {
    expect(differences(plan, top, kind)).toEqual([]);
  });

  it("carry an object with every field set through bytes and back", () => {
    const full = example(top) as Record<string, unknown>;
    const shaped = shape(plan, full);
    expect(decode(plan, encode(plan, full))).toEqual(shaped);
    expect(missing(full, shaped, kind)).toEqual([]);
  });
});

function differences(plan: MessagePlan, schema: Schema, path: string): string[] {
  const fields = new Map(flat(plan).map((field) => [field.json, field]));
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const here = `${path}.${name}`;
    const field = fields.get(name);
    if (!field) return [`${here}: in the schema, not in ${plan.name}`];
    const one = field.shape === "repeated" ? property.items : field.shape === "map" ? (property.additionalProperties as Schema) : property;
    if (!one) return [`${here}: the message has a ${field.shape}, the schema a ${property.type}`];
    if ("special" in field.of) return [];
    if ("message" in field.of) return differences(field.of.message, one, here);
    const type = ({ string: "string", bool: "boolean", int32: "integer", int64: "integer", bytes: "string" } as Record<string, string>)[field.of.scalar];
    return type === one.type ? [] : [`${here}: the message has ${field.of.scalar}, the schema ${one.type}`];
  });
}

function flat(plan: MessagePlan): MessagePlan["fields"] {
  return plan.fields.flatMap((field) => (field.inlined && "message" in field.of ? flat(field.of.message) : [field]));
}

/** An object of the schema in which nothing is zero. */
function example(schema: Schema): unknown {
  if (schema["x-kubernetes-int-or-string"]) return 3;
  if (schema.type === "object" && schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, example(property)]));
  if (schema.type === "object") return { key: typeof schema.additionalProperties === "object" ? example(schema.additionalProperties) : "raw" };
  if (schema.type === "array") return [example(schema.items!)];
  if (schema.type === "integer") return 7;
  if (schema.type === "boolean") return true;
  if (schema.format === "date-time") return "2026-11-23T06:22:51Z";
  return schema.type === "string" ? "text" : { any: "thing" };
}

/** Paths of the first that the second lost. */
function missing(before: unknown, after: unknown, path: string): string[] {
  if (typeof before !== "object" || before === null) return before === after ? [] : [`${path}: ${JSON.stringify(before)} became ${JSON.stringify(after)}`];
  return Object.entries(before).flatMap(([key, value]) => {
    const kept = (after as Record<string, unknown> | undefined)?.[key];
    return kept === undefined ? [`${path}.${key}`] : missing(value, kept, `${path}.${key}`);
  });
}
