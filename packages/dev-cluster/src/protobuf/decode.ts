import { kubernetesSchemas } from "@trireme/api/kubernetes-1.36";
import fieldNumbers from "../../data/protobuf-fields.json" with { type: "json" };
import { refName } from "../schema/typed.ts";
import { badRequest } from "../server/status-error.ts";
import { timestampOf, WireReader } from "./wire.ts";

type Schema = Record<string, any>;
type Fields = ReadonlyMap<number, string>;

const MAGIC = Buffer.from("k8s\0");
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const MAX_DEPTH = 100;
const tables = new Map<string, Fields>();

/** True for a body in Kubernetes' protobuf envelope. */
export function isProtobuf(body: Buffer): boolean {
  return body.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * A protobuf body as the JSON value that it means. Only built-in kinds have protobuf. Throws 400 for what cannot be read.
 * `fallback` is the kind of a body that does not name its own (DeleteOptions, Scale …).
 */
export function decodeProtobuf(body: Buffer, schemaNameOf: (apiVersion: string, kind: string) => string | undefined): unknown {
  if (!isProtobuf(body)) throw badRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  let apiVersion = "";
  let kind = "";
  let raw: Buffer = Buffer.alloc(0);
  try {
    for (const field of new WireReader(body.subarray(MAGIC.length)).fields()) {
      if (field.number === 1) {
        for (const inner of new WireReader(field.bytes()).fields()) {
          if (inner.number === 1) apiVersion = inner.text();
          else if (inner.number === 2) kind = inner.text();
        }
      } else if (field.number === 2) raw = field.bytes();
    }
    const name = schemaNameOf(apiVersion, kind);
    if (!name) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "protobuf"`);
    return { apiVersion, kind, ...message(name, raw, 0) };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`proto: illegal wireType or unexpected end of ${kind || "message"}`);
    throw error;
  }
}

function message(name: string, bytes: Buffer, depth: number): Record<string, unknown> {
  return readFields(name, kubernetesSchemas[name]?.properties ?? {}, bytes, depth);
}

function readFields(table: string, properties: Record<string, Schema>, bytes: Buffer, depth: number): Record<string, any> {
  if (depth > MAX_DEPTH) throw new RangeError("nested too deep");
  const numbers = tableOf(table);
  const out: Record<string, any> = {};
  for (const field of new WireReader(bytes).fields()) {
    const name = numbers.get(field.number);
    if (name === undefined) continue;
    if (name.startsWith("*")) {
      Object.assign(out, readFields(name.slice(1), properties, field.bytes(), depth + 1));
      continue;
    }
    const property = properties[name];
    if (!property) continue;
    if (property.type === "array") (out[name] ??= []).push(value(property.items, field, depth));
    else if (property.type === "object" && property.additionalProperties) {
      const [key, entry] = mapEntry(property.additionalProperties, field.bytes(), depth);
      (out[name] ??= {})[key] = entry;
    } else out[name] = value(property, field, depth);
  }
  return out;
}

type Field = ReturnType<WireReader["fields"]> extends Iterable<infer One> ? One : never;

function mapEntry(schema: Schema, bytes: Buffer, depth: number): [string, unknown] {
  let key = "";
  let entry: unknown = schema.type === "string" ? "" : undefined;
  for (const field of new WireReader(bytes).fields()) {
    if (field.number === 1) key = field.text();
    else if (field.number === 2) entry = value(schema, field, depth);
  }
  return [key, entry];
}

function value(schema: Schema, field: Field, depth: number): unknown {
  const name = refName(schema);
  if (name) return named(name, field.bytes(), depth);
  switch (schema.type) {
    case "string":
      return schema.format === "byte" ? field.bytes().toString("base64") : field.text();
    case "boolean":
      return field.int() !== 0;
    case "integer":
      return field.int();
    case "number":
      return field.double();
    case "array": {
      // A list inside a map (SubjectAccessReview's extra) is a message with `items`.
      const items: unknown[] = [];
      for (const inner of new WireReader(field.bytes()).fields()) if (inner.number === 1) items.push(value(schema.items, inner, depth + 1));
      return items;
    }
    default:
      return undefined;
  }
}

function named(name: string, bytes: Buffer, depth: number): unknown {
  switch (name) {
    case `${META}Time`:
    case `${META}MicroTime`:
      return timestampOf(bytes, name.endsWith("MicroTime"));
    case "io.k8s.apimachinery.pkg.api.resource.Quantity":
      return firstText(bytes) ?? "0";
    case "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {
      let isText = false;
      let number = 0;
      let text = "";
      for (const field of new WireReader(bytes).fields()) {
        if (field.number === 1) isText = field.int() === 1;
        else if (field.number === 2) number = field.int();
        else if (field.number === 3) text = field.text();
      }
      return isText ? text : number;
    }
    case `${META}FieldsV1`:
    case "io.k8s.apimachinery.pkg.runtime.RawExtension":
    case "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON":
      return JSON.parse(firstText(bytes) ?? "null");
    case "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool":
    case "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray":
    case "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray":
      return schemaUnion(name, bytes, depth);
    default:
      return message(name, bytes, depth + 1);
  }
}

/** A schema, or the other thing that may stand in its place: whether anything is allowed, more schemas, or names. */
function schemaUnion(name: string, bytes: Buffer, depth: number): unknown {
  const props = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
  const list: unknown[] = [];
  let allows: boolean | undefined;
  for (const field of new WireReader(bytes).fields()) {
    if (name.endsWith("OrBool")) {
      if (field.number === 1) allows = field.int() !== 0;
      else if (field.number === 2) return message(props, field.bytes(), depth + 1);
    } else if (field.number === 1) return message(props, field.bytes(), depth + 1);
    else list.push(name.endsWith("StringArray") ? field.text() : message(props, field.bytes(), depth + 1));
  }
  return name.endsWith("OrBool") ? allows === true : list;
}

function firstText(bytes: Buffer): string | undefined {
  for (const field of new WireReader(bytes).fields()) if (field.number === 1) return field.text();
  return undefined;
}

function tableOf(name: string): Fields {
  let table = tables.get(name);
  if (!table) {
    const text = (fieldNumbers as Record<string, string>)[name] ?? "";
    table = new Map(text === "" ? [] : text.split(",").map((entry) => {
      const [number, field] = entry.split(" ");
      return [Number(number), field!] as const;
    }));
    tables.set(name, table);
  }
  return table;
}
