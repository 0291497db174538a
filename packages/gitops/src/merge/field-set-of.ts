import { FieldSet } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import { fieldElement, itemElement } from "./path-element.ts";
import type { ListType, MapType, TypeRef } from "./types.ts";
import { isMap, kindOf, kindsOf, LIST, MAP } from "./types.ts";

/** The fields that a value sets: leaves, atomic parts as one, items of associative lists with their own mark, empty maps. */
export function fieldSetOf(type: TypeRef, value: unknown): FieldSet {
  const set = new FieldSet();
  visit(type, value, [], set);
  return set;
}

function visit(type: TypeRef, value: unknown, path: PathElement[], set: FieldSet): void {
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, value));
  if (kind === MAP) visitMap(atom.map!, value, path, set);
  else if (kind === LIST) visitList(atom.list!, value, path, set);
  else set.insert(path);
}

function visitMap(type: MapType, value: unknown, path: PathElement[], set: FieldSet): void {
  if (type.atomic) return set.insert(path);
  if (!isMap(value)) return;
  for (const key in value) {
    const member = value[key];
    if (member === undefined) continue;
    const field = type.fields.get(key);
    const memberType = field?.type ?? type.element;
    path.push(fieldElement(key));
    if (memberType !== undefined) visit(memberType, member, path, set);
    if (field === undefined || member === null || (isMap(member) && isEmptyMap(member))) set.insert(path);
    path.pop();
  }
}

function visitList(type: ListType, value: unknown, path: PathElement[], set: FieldSet): void {
  if (!type.associative) return set.insert(path);
  if (!Array.isArray(value)) return;
  const elements = value.map((item) => {
    const found = itemElement(type, item);
    return "element" in found ? found.element : undefined;
  });
  const times = new Map<PathElement | undefined, number>();
  for (const element of elements) times.set(element, (times.get(element) ?? 0) + 1);
  for (const [index, element] of elements.entries()) {
    if (element === undefined) continue;
    path.push(element);
    if (times.get(element) === 1) visit(type.element, value[index], path, set);
    set.insert(path);
    path.pop();
  }
}

export function isEmptyMap(value: Record<string, unknown>): boolean {
  for (const key in value) if (value[key] !== undefined) return false;
  return true;
}
