import { isMap } from "../types.ts";
import { equalValues } from "../values.ts";

type Document = Record<string, any>;

/** Applies a JSON merge patch (RFC 7396). Neither argument is changed. */
export function applyJsonMergePatch<T>(target: T, patch: unknown): T {
  if (!isMap(patch)) return patch as T;
  const out: Document = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else if (value !== undefined) out[key] = applyJsonMergePatch(out[key], value);
  }
  return out as T;
}

/** The JSON merge patch from one document to another; `{}` where they are equal. Lists are replaced whole. */
export function createJsonMergePatch(from: Document, to: Document): Document {
  const patch: Document = {};
  for (const key of Object.keys(to)) {
    const value = to[key];
    const before = from[key];
    if (value === undefined) continue;
    if (before === undefined) patch[key] = value;
    else if (isMap(before) && isMap(value)) {
      const inner = createJsonMergePatch(before, value);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!equalValues(before, value)) patch[key] = value;
  }
  for (const key of Object.keys(from)) if (from[key] !== undefined && to[key] === undefined) patch[key] = null;
  return patch;
}

/**
 * kubectl's three-way patch for kinds without strategic merge: everything that `modified` sets differently from `current`,
 * and a null for everything that `original` (the last applied) had and `modified` has no more.
 */
export function createThreeWayJsonMergePatch(original: Document, modified: Document, current: Document): Document {
  const changes = keepNulls(createJsonMergePatch(current, modified), false);
  const deletions = keepNulls(createJsonMergePatch(original, modified), true);
  return mergePatches(deletions, changes);
}

function keepNulls(patch: Document, keep: boolean): Document {
  const out: Document = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      if (keep) out[key] = null;
    } else if (isMap(value)) {
      const inner = keepNulls(value, keep);
      // An empty map that is set on purpose is a value, not an empty patch.
      if (Object.keys(inner).length > 0 || (!keep && Object.keys(value).length === 0)) out[key] = inner;
    } else if (!keep) out[key] = value;
  }
  return out;
}

function mergePatches(first: Document, second: Document): Document {
  const out: Document = { ...first };
  for (const [key, value] of Object.entries(second)) out[key] = isMap(out[key]) && isMap(value) ? mergePatches(out[key], value) : value;
  return out;
}
