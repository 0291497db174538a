/** A JSON value as Go's `%v` prints it: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  const fields = value as Record<string, unknown>;
  return `map[${Object.keys(fields).sort().map((key) => `${key}:${goText(fields[key])}`).join(" ")}]`;
}
