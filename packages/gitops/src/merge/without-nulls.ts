import { isMap } from "./types.ts";

/** The value without null members of maps, as built-in kinds store it; the very value where it has none. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) {
    let out: unknown[] | undefined;
    for (const [index, item] of value.entries()) {
      const clean = withoutNulls(item);
      if (clean !== item) (out ??= [...value])[index] = clean;
    }
    return (out ?? value) as T;
  }
  if (!isMap(value)) return value;
  let out: Record<string, unknown> | undefined;
  for (const key in value) {
    const member: unknown = value[key];
    if (member === null || member === undefined) {
      out ??= { ...(value as Record<string, unknown>) };
      delete out[key];
      continue;
    }
    const clean = withoutNulls(member);
    if (clean !== member) (out ??= { ...(value as Record<string, unknown>) })[key] = clean;
  }
  return (out ?? value) as T;
}
