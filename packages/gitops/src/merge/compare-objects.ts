import { isEmptyMap } from "./field-set-of.ts";
import { FieldSet } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { elementText, fieldElement, itemElement } from "./path-element.ts";
import type { FieldType, ListType, MapType, TypeRef } from "./types.ts";
import { isMap, kindOf, kindsOf, LIST, MAP } from "./types.ts";
import { equalValues } from "./values.ts";

/** What the right object did to the left one; a field is in one of the sets at most. */
export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

/** Compares two values of one type field by field. */
export function compareObjects(type: TypeRef, left: unknown, right: unknown): Comparison {
  const comparison = { added: new FieldSet(), modified: new FieldSet(), removed: new FieldSet() };
  visit(type, left, right, [], comparison);
  return comparison;
}

/** Says whether the place was a leaf: then its own entry is made. */
function visit(type: TypeRef, left: unknown, right: unknown, path: PathElement[], out: Comparison): void {
  if (left === right && left !== undefined) return;
  const atom = type.resolve();
  const leftKinds = kindsOf(atom, left);
  const rightKinds = kindsOf(atom, right);
  let leaf: boolean;
  if (right === undefined) leaf = handle(atom, kindOf(leftKinds), left, right, path, out);
  else {
    // Values of two kinds: both readings count, the left one's first.
    if (left !== undefined && leftKinds !== rightKinds) handle(atom, kindOf(leftKinds), left, right, path, out);
    leaf = handle(atom, kindOf(rightKinds), left, right, path, out);
  }
  if (leaf) return;
  if (left === undefined) out.added.insert(path);
  else if (right === undefined) out.removed.insert(path);
}

function handle(atom: { list?: ListType; map?: MapType }, kind: number, left: unknown, right: unknown, path: PathElement[], out: Comparison): boolean {
  if (kind === MAP) return compareMaps(atom.map!, left, right, path, out);
  if (kind === LIST) return compareLists(atom.list!, left, right, path, out);
  return leafOf(left, right, path, out);
}

function leafOf(left: unknown, right: unknown, path: PathElement[], out: Comparison): true {
  if (left === undefined) out.added.insert(path);
  else if (right === undefined) out.removed.insert(path);
  else if (!equalValues(left, right)) out.modified.insert(path);
  return true;
}

function compareMaps(type: MapType, left: unknown, right: unknown, path: PathElement[], out: Comparison): boolean {
  const l = isMap(left) && !isEmptyMap(left) ? left : undefined;
  const r = isMap(right) && !isEmptyMap(right) ? right : undefined;
  if (type.atomic || (l === undefined && r === undefined)) return leafOf(left, right, path, out);
  for (const key in l) compareMember(type, key, left, right, path, out);
  for (const key in r) if (l?.[key] === undefined) compareMember(type, key, left, right, path, out);
  return false;
}

function compareMember(type: MapType, key: string, left: unknown, right: unknown, path: PathElement[], out: Comparison): void {
  const field = type.fields.get(key);
  const member = field?.type ?? type.element;
  const l = isMap(left) ? present(left[key], field) : undefined;
  const r = isMap(right) ? present(right[key], field) : undefined;
  if (member === undefined || (l === undefined && r === undefined)) return;
  path.push(fieldElement(key));
  visit(member, l, r, path, out);
  path.pop();
}

/** What stands there for the server. */
function present(value: unknown, field: FieldType | undefined): unknown {
  return value === undefined ? field?.zero : value;
}

function compareLists(type: ListType, left: unknown, right: unknown, path: PathElement[], out: Comparison): boolean {
  const l = Array.isArray(left) ? left : [];
  const r = Array.isArray(right) ? right : [];
  if (!type.associative || (l.length === 0 && r.length === 0)) return leafOf(left, right, path, out);
  const lefts = grouped(type, l, path);
  const rights = grouped(type, r, path);
  for (const element of new Set([...lefts.keys(), ...rights.keys()])) {
    path.push(element);
    compareItems(type, lefts.get(element) ?? [], rights.get(element) ?? [], path, out);
    path.pop();
  }
  return false;
}

/** Items with the same key are duplicates: compared together, as one value. */
function compareItems(type: ListType, left: unknown[], right: unknown[], path: PathElement[], out: Comparison): void {
  if (left.length >= 2 && right.length >= 2) {
    if (!equalValues(left, right)) out.modified.insert(path);
  } else if (left.length >= 2) {
    if (right.length > 0) visit(type.element, undefined, right[0], path, out);
    out.removed.insert(path);
  } else if (right.length >= 2) {
    if (left.length > 0) visit(type.element, left[0], undefined, path, out);
    out.added.insert(path);
  } else {
    visit(type.element, left[0], right[0], path, out);
  }
}

/** An item of an associative list whose place cannot be said: the object has no field sets then. */
export class PlacelessItem extends Error {}

function grouped(type: ListType, items: readonly unknown[], path: readonly PathElement[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>();
  for (const [index, item] of items.entries()) {
    const found = itemElement(type, item);
    if ("problem" in found) throw new PlacelessItem(`${path.map(elementText).join("")}: element ${index}: ${found.problem}`);
    const group = groups.get(found.element);
    if (group === undefined) groups.set(found.element, [item]);
    else group.push(item);
  }
  return groups;
}
