import { canonicalQuantity } from "./quantity.ts";

/**
 * Go structs as data: for each type its fields in the order of the declaration, each as `name type`. `?` after the name
 * is `omitempty`, `*` before the type a pointer; types are `string`, `bool`, `number`, `quantity`, `intOrString`, `time`,
 * `raw`, `[]T`, `map:T` or the name of another type of the table.
 */
export type GoTypes = Readonly<Record<string, readonly string[]>>;

/**
 * What Go's encoding/json makes of a value that was read into the struct: fields in the order of the declaration,
 * maps sorted, `omitempty` honoured, unknown fields dropped, quantities canonical, `<`, `>` and `&` escaped.
 */
export function structJson(types: GoTypes, type: string, value: unknown): string {
  const object = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const parts: string[] = [];
  for (const field of fieldsOf(types, type)) {
    const text = fieldJson(types, field, object[field.name]);
    if (text !== undefined) parts.push(`${stringJson(field.name)}:${text}`);
  }
  return `{${parts.join(",")}}`;
}

interface Field {
  name: string;
  type: string;
  optional: boolean;
}

const parsed = new WeakMap<GoTypes, Map<string, Field[]>>();

function fieldsOf(types: GoTypes, type: string): Field[] {
  let all = parsed.get(types);
  if (all === undefined) parsed.set(types, (all = new Map()));
  let fields = all.get(type);
  if (fields === undefined) {
    fields = (types[type] ?? []).map((text) => {
      const [name = "", kind = ""] = text.split(" ");
      return { name: name.replace("?", ""), type: kind, optional: name.endsWith("?") };
    });
    all.set(type, fields);
  }
  return fields;
}

/** `undefined` where the field is left out. */
function fieldJson(types: GoTypes, { type, optional }: Field, value: unknown): string | undefined {
  if (type.startsWith("*")) return value === undefined || value === null ? (optional ? undefined : "null") : valueJson(types, type.slice(1), value);
  return optional && isEmpty(types, type, value) ? undefined : valueJson(types, type, value);
}

/** omitempty knows no empty struct: what Go holds as one by value is always written. */
function isEmpty(types: GoTypes, type: string, value: unknown): boolean {
  if (type in types || type === "quantity" || type === "intOrString") return false;
  if (type.startsWith("map:")) return value === undefined || value === null || Object.keys(value).length === 0;
  if (type.startsWith("[]")) return value === undefined || value === null || (value as unknown[]).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

function valueJson(types: GoTypes, type: string, value: unknown): string {
  if (type.startsWith("[]")) return Array.isArray(value) ? `[${value.map((item) => valueJson(types, type.slice(2), item)).join(",")}]` : "null";
  if (type.startsWith("map:")) {
    if (typeof value !== "object" || value === null) return "null";
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, item]) => `${stringJson(name)}:${valueJson(types, type.slice(4), item)}`).join(",")}}`;
  }
  switch (type) {
    case "string":
    case "time":
      return stringJson(typeof value === "string" ? value : "");
    case "bool":
      return value === true ? "true" : "false";
    case "number":
      return String(typeof value === "number" ? value : 0);
    case "quantity":
      return stringJson(canonicalQuantity(value === undefined || value === null ? "0" : String(value)));
    case "intOrString":
      return typeof value === "string" ? stringJson(value) : String(typeof value === "number" ? value : 0);
    case "raw":
      return escaped(JSON.stringify(value ?? null));
    default:
      return structJson(types, type, value);
  }
}

const stringJson = (text: string): string => escaped(JSON.stringify(text));

const escaped = (json: string): string => json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
