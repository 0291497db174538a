/** Deep equality of JSON values; a member that is `undefined` is one that is not there. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const names = Object.keys(left).filter((name) => left[name] !== undefined);
  if (names.length !== Object.keys(right).filter((name) => right[name] !== undefined).length) return false;
  return names.every((name) => sameJson(left[name], right[name]));
}

/** JSON merge patch (RFC 7386) that turns `before` into `after`; `undefined` where nothing differs. Lists are replaced whole. */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (sameJson(before, after)) return undefined;
  if (!isPlain(before) || !isPlain(after)) return after === undefined ? null : after;
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = mergePatch(before[name], after[name]);
    if (change !== undefined) patch[name] = change;
  }
  return patch;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
