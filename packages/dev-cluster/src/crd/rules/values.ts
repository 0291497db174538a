import { isObject } from "../../schema/typed.ts";

type Schema = Record<string, any>;

/** Words of CEL that a field's name may be, and what it is called in a rule then. */
const RESERVED = new Set(["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"]);

export interface Literals {
  timestamp(text: string): unknown;
  duration(text: string): unknown;
}

/** A value as rules see it, by its schema: integers whole, times as times, and only the fields that the schema names. */
export function ruleValue(value: unknown, schema: Schema | undefined, literals: Literals, root = false): unknown {
  if (value === null || value === undefined || schema === undefined) return value ?? null;
  if (typeof value === "number") return schema["type"] === "number" ? value : Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === "string") {
    if (schema["format"] === "date-time" || schema["format"] === "date") return literals.timestamp(schema["format"] === "date" ? `${value}T00:00:00Z` : value);
    if (schema["format"] === "duration") return literals.duration(value);
    return schema["format"] === "byte" ? Uint8Array.from(Buffer.from(value, "base64")) : value;
  }
  if (Array.isArray(value)) return Array.from(value, (item) => ruleValue(item, schema["items"], literals));
  if (!isObject(value)) return value;
  if (isObject(schema["additionalProperties"])) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ruleValue(item, schema["additionalProperties"], literals)]));
  const resource = root || schema["x-kubernetes-embedded-resource"] === true;
  const fields: [string, unknown][] = [];
  for (const [name, item] of Object.entries(value)) {
    const property: Schema | undefined = propertyOf(schema, name, resource);
    if (property && item !== undefined && !(item === null && property["nullable"] !== true)) fields.push([escapedName(name), name === "metadata" && resource ? metadataValue(item) : ruleValue(item, property, literals)]);
  }
  return Object.fromEntries(fields);
}

/** The schema of a field, those of every resource among them. */
export function propertyOf(schema: Schema, name: string, resource: boolean): Schema | undefined {
  if (resource && (name === "apiVersion" || name === "kind")) return { type: "string" };
  if (resource && name === "metadata") return METADATA;
  return schema["properties"]?.[name];
}

const METADATA: Schema = { type: "object", properties: { name: { type: "string" }, generateName: { type: "string" } } };

function metadataValue(metadata: any): Record<string, unknown> {
  return Object.fromEntries(["name", "generateName"].flatMap((name) => (metadata?.[name] === undefined ? [] : [[name, metadata[name]]])));
}

/** `a-b` is `a__dash__b` in a rule (the API server's own escapes). */
export function escapedName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replaceAll("__", "__underscores__").replaceAll(".", "__dot__").replaceAll("-", "__dash__").replaceAll("/", "__slash__");
}

export function unescapedName(name: string): string {
  const reserved = /^__(\w+)__$/.exec(name)?.[1];
  if (reserved !== undefined && RESERVED.has(reserved)) return reserved;
  return name.replaceAll("__slash__", "/").replaceAll("__dash__", "-").replaceAll("__dot__", ".").replaceAll("__underscores__", "__");
}
