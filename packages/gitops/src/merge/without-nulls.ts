import { isMap, kindOf, kindsOf, LIST, MAP, type Atom, type TypeRef } from "./types.ts";

/**
 * The value without null fields, as built-in kinds store it; the very value where it has none. In a map whose keys are
 * free, a null is the zero value of what the map holds.
 */
export function withoutNulls<T>(type: TypeRef, value: T): T {
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, value));
  if (kind === LIST && Array.isArray(value) && atom.list) {
    let out: unknown[] | undefined;
    for (const [index, item] of value.entries()) {
      const clean = withoutNulls(atom.list.element, item);
      if (clean !== item) (out ??= [...value])[index] = clean;
    }
    return (out ?? value) as T;
  }
  if (kind !== MAP || !isMap(value) || !atom.map) return value;
  let out: Record<string, unknown> | undefined;
  for (const key in value) {
    const member: unknown = value[key];
    const field = atom.map.fields.get(key)?.type;
    const element = field ?? atom.map.element;
    if (member === null || member === undefined) {
      out ??= { ...(value as Record<string, unknown>) };
      const zero = field === undefined && atom.map.struct === undefined && element !== undefined && member === null ? zeroOf(element.resolve()) : undefined;
      if (zero === undefined) delete out[key];
      else out[key] = zero;
      continue;
    }
    const clean = element === undefined ? member : withoutNulls(element, member);
    if (clean !== member) (out ??= { ...(value as Record<string, unknown>) })[key] = clean;
  }
  return (out ?? value) as T;
}

function zeroOf({ scalar, list, map }: Atom): unknown {
  if (list || map) return undefined;
  switch (scalar) {
    case "string":
      return "";
    case "numeric":
      return 0;
    case "boolean":
      return false;
    default:
      // A quantity.
      return "0";
  }
}
