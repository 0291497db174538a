/**
 * The shape of an answer: every path with its JSON type, list items together. Kept apart from values,
 * which differ from run to run. What is a map (labels, annotations) or the API server's own bookkeeping
 * (managedFields) counts as one thing.
 */
export function shapeOf(value: unknown): Set<string> {
  const shape = new Set<string>();
  collect(value, "", shape);
  return shape;
}

const MAPS = new Set(["annotations", "labels", "targetLabels", "matchLabels", "resourceOverrides"]);
const OPAQUE = new Set(["managedFields"]);

function collect(value: unknown, path: string, shape: Set<string>): void {
  const type = value === null ? "null" : Array.isArray(value) ? "list" : typeof value === "object" ? "object" : typeof value;
  shape.add(`${path || "."}: ${type}`);
  const key = path.slice(path.lastIndexOf(".") + 1);
  if (OPAQUE.has(key)) return;
  if (Array.isArray(value)) for (const item of value) collect(item, `${path}[]`, shape);
  else if (typeof value === "object" && value !== null) for (const [name, item] of Object.entries(value)) collect(item, MAPS.has(key) ? `${path}.*` : path === "" ? name : `${path}.${name}`, shape);
}

/** What one shape lacks (`-path: type`) and what it has besides (`+path: type`), in order. */
export function differences(recorded: Set<string>, ours: Set<string>): string[] {
  return [...[...recorded].filter((entry) => !ours.has(entry)).map((entry) => `-${entry}`), ...[...ours].filter((entry) => !recorded.has(entry)).map((entry) => `+${entry}`)].sort();
}
