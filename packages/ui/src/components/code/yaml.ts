import { dump, load } from "js-yaml";

/** What people look for first stands first, what the cluster says last; the rest by name, so that equal objects are equal texts. */
const FIRST = ["apiVersion", "kind", "name", "namespace", "metadata"];
const LAST = ["status"];

/** YAML as people write it. */
export const yamlText = (value: unknown): string => dump(value, { lineWidth: 120, noRefs: true, sortKeys: (a: string, b: string) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0) });

function rank(key: string): number {
  if (LAST.includes(key)) return FIRST.length + 1;
  return FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length;
}

/** The YAML of a JSON text; what is not there is an empty text. Who manages which field stays out unless it is asked for. */
export function yamlOfJson(json: string | undefined, { managedFields = false } = {}): string {
  if (json === undefined || json === "" || json === "null") return "";
  const object = JSON.parse(json) as { metadata?: Record<string, unknown> };
  return yamlText(managedFields ? object : withoutManagedFields(object));
}

/** As `yamlOfJson`, without what only tools read: two of these are held against each other. */
export function bareYamlOfJson(json: string | undefined): string {
  if (json === undefined || json === "" || json === "null") return "";
  const object = withoutManagedFields(JSON.parse(json) as { metadata?: { annotations?: Record<string, string> } });
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata?.annotations ?? {};
  return yamlText(object.metadata?.annotations === undefined ? object : { ...object, metadata: { ...object.metadata, annotations } });
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

export function withoutManagedFields<T extends object>(object: T): T {
  const { metadata } = object as { metadata?: Record<string, unknown> };
  if (metadata === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** One YAML document that is a map. Throws an error that says where and why not. */
export function parseYaml(text: string): Record<string, unknown> {
  const value = load(text) as unknown;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("YAML: not a map of fields");
  return value as Record<string, unknown>;
}
