/** Deep equality of JSON values; a member that is `undefined` is one that is not there. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isTree(a) || !isTree(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  for (const name in a) if (!sameJson(a[name], b[name])) return false;
  for (const name in b) if (b[name] !== undefined && a[name] === undefined) return false;
  return true;
}

/** The JSON merge patch (RFC 7396) from one value to another; `undefined` where nothing differs. Lists are replaced whole. */
export function mergePatch(before: unknown, after: unknown): any {
  if (sameJson(before, after)) return undefined;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) || Array.isArray(after)) return after === undefined ? null : after;
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = mergePatch(before[name], after[name]);
    if (change !== undefined) patch[name] = change;
  }
  return patch;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** A copy of a JSON value; several times as fast as `structuredClone`, which knows more kinds of values. */
export function copyJson<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length);
    for (let at = 0; at < value.length; at++) list[at] = copyJson(value[at]);
    return list as T;
  }
  const copy: Record<string, unknown> = {};
  for (const name in value) copy[name] = copyJson(value[name]);
  return copy as T;
}
