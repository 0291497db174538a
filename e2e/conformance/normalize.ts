import { OWN_WARNING } from "./accepted-differences.ts";

const VOLATILE = new Set(["uid", "resourceVersion", "creationTimestamp", "time", "lastTransitionTime", "deletionTimestamp", "requestReceivedTimestamp", "lastUpdateTime", "continue"]);

/**
 * What must differ between two servers made alike: identities, times, chosen addresses and ports; and the order in which
 * a real server names several causes, which is one of chance.
 */
export function normalized(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => normalized(item));
    return key === "causes" || key === "managedFields" || key === "resources" || key === "groups" ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value === "object" && value !== null) {
    const { kind, message, details } = value as { kind?: string; message?: string; details?: { causes?: unknown[] } };
    if (kind === "Status" && message !== undefined && (details?.causes?.length ?? 0) > 1) return normalized({ ...value, kind: "Status of many causes", message: message.split(" is invalid: ")[0] });
    const entries = Object.entries(value).filter(([name, inner]) => !(name === "warning" && OWN_WARNING.test(String(inner))) && name !== "description" && name !== "storageVersionHash");
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, VOLATILE.has(name) && inner !== null && inner !== "" ? `<${name}>` : normalized(inner, name)]));
  }
  if (typeof value !== "string") return key === "nodePort" || key === "healthCheckNodePort" ? "<port>" : value;
  return value
    // Before ports, which a server's own may look like.
    .replaceAll(/127\.0\.0\.1:\d+/g, "<server>")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>")
    .replaceAll(/"[0-9A-F]{128}"/g, '"<hash>"')
    .replaceAll(/\b10\.\d+\.\d+\.\d+\b/g, "<address>")
    .replaceAll(/\b3[0-2]\d{3}\b/g, "<port>")
    .replaceAll(/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-<random>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>")
    .replaceAll(/^\d+[smh]$/g, "<age>")
    .replaceAll(/Invalid value: "\{\\"(?:[^"\\]|\\.)*"/g, 'Invalid value: "<document>"')
    .replaceAll(/(too old resource version:) \d+ \(\d+\)/g, "$1 <asked> (<oldest>)")
    .replaceAll(/(ResourceVersion in (?:the precondition|record)) \(\d+\)/g, "$1 (<version>)");
}
