/** Where two answers part first, as `path: expected, got`; undefined where they are equal. */
export function firstDifference(expected: unknown, got: unknown, at = ""): string | undefined {
  if (expected === got) return undefined;
  if (typeof expected !== "object" || typeof got !== "object" || expected === null || got === null || Array.isArray(expected) !== Array.isArray(got)) return `${at || "."} should be ${short(expected)}, is ${short(got)}`;
  const [left, right] = [expected as Record<string, unknown>, got as Record<string, unknown>];
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const found = firstDifference(left[key], right[key], `${at}${Array.isArray(expected) ? `[${key}]` : `.${key}`}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 400 ? `${text.slice(0, 397)}...` : text;
}
