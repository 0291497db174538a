import { isEmptyMap } from "./field-set-of.ts";
import type { PathElement } from "./path-element.ts";
import { itemElement } from "./path-element.ts";
import type { ListType, MapType, TypeRef } from "./types.ts";
import { isMap, kindOf, kindsOf, LIST, MAP } from "./types.ts";

/** Lays the right value over the left one as its type says; parts that only one side has are shared, not copied. */
export function mergeObjects(type: TypeRef, left: unknown, right: unknown): unknown {
  if (right === undefined || left === right) return left;
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, right));
  if (kind === MAP) return mergeMaps(atom.map!, left, right);
  if (kind === LIST) return mergeLists(atom.list!, left, right);
  return right;
}

function mergeMaps(type: MapType, left: unknown, right: unknown): unknown {
  const l = isMap(left) && !isEmptyMap(left) ? left : undefined;
  const r = isMap(right) && !isEmptyMap(right) ? right : undefined;
  // Nothing on either side is a leaf: this keeps empty apart from null.
  if (type.atomic || (l === undefined && r === undefined)) return right;
  const out: Record<string, unknown> = {};
  for (const key in l) setMember(type, out, key, l[key], r?.[key]);
  for (const key in r) if (l?.[key] === undefined) setMember(type, out, key, undefined, r[key]);
  return isEmptyMap(out) ? undefined : out;
}

function setMember(type: MapType, out: Record<string, unknown>, key: string, left: unknown, right: unknown): void {
  const member = type.fields.get(key)?.type ?? type.element;
  const value = member === undefined ? (right ?? left) : right === undefined ? left : mergeObjects(member, left, right);
  if (value !== undefined) out[key] = value;
}

function mergeLists(type: ListType, left: unknown, right: unknown): unknown {
  const l = Array.isArray(left) ? left : [];
  const r = Array.isArray(right) ? right : [];
  if (!type.associative || (l.length === 0 && r.length === 0)) return right;
  const merged = mergeItems(type, l, r);
  return merged.length > 0 ? merged : undefined;
}

interface Indexed {
  elements: PathElement[];
  values: Map<PathElement, unknown>;
}

/**
 * The server's order: the right list's order rules among shared items; items that only the left has stay
 * after the neighbours that they had.
 */
function mergeItems(type: ListType, left: readonly unknown[], right: readonly unknown[]): unknown[] {
  const l = indexed(type, left);
  const r = indexed(type, right);
  const shared = r.elements.filter((element) => l.values.has(element));
  let next = 0;
  const done = new Set<PathElement>();
  const out: unknown[] = [];
  const take = (element: PathElement): void => {
    done.add(element);
    const value = mergeObjects(type.element, l.values.get(element), r.values.get(element));
    if (value !== undefined) out.push(value);
  };

  let i = 0;
  let j = 0;
  while (i < l.elements.length || j < r.elements.length) {
    if (i < l.elements.length && j < r.elements.length) {
      const element = l.elements[i]!;
      if (element === r.elements[j]) {
        take(element);
        i++;
        j++;
        next++;
        continue;
      }
      if (r.values.has(element) && next < shared.length && shared[next] !== element) {
        i++;
        continue;
      }
    }
    if (i < l.elements.length) {
      const element = l.elements[i]!;
      if (!r.values.has(element)) {
        out.push(left[l.positions[i]!]);
        i++;
        continue;
      }
      if (done.has(element)) i++;
    }
    if (j < r.elements.length) {
      const element = r.elements[j]!;
      take(element);
      j++;
      if (next < shared.length && shared[next] === element) next++;
    }
  }
  return out;
}

function indexed(type: ListType, items: readonly unknown[]): Indexed & { positions: number[] } {
  const elements: PathElement[] = [];
  const positions: number[] = [];
  const values = new Map<PathElement, unknown>();
  for (const [position, item] of items.entries()) {
    const found = itemElement(type, item);
    if ("problem" in found) continue;
    // Duplicates of the live object are not merged with the new value: it replaces them.
    values.set(found.element, values.has(found.element) ? null : item);
    elements.push(found.element);
    positions.push(position);
  }
  return { elements, positions, values };
}
