import { FieldSet } from "./field-set.ts";
import type { PathElement } from "./path-element.ts";
import type { MapType, TypeRef } from "./types.ts";
import { DEDUCED, kindOf, kindsOf, LIST, MAP } from "./types.ts";

/**
 * A stored set brought in line with a schema that has changed since: whoever owned parts of
 * something that is atomic now owns it as a whole.
 */
export function reconcileWithSchema(set: FieldSet, type: TypeRef): FieldSet {
  const whole: PathElement[][] = [];
  visit(set, type, false, [], whole);
  if (whole.length === 0) return set;
  const roots = FieldSet.of(...whole);
  return set.recursiveDifference(roots).union(roots);
}

function visit(set: FieldSet | undefined, type: TypeRef, atomicMember: boolean, path: PathElement[], whole: PathElement[][]): void {
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, undefined));
  if (kind === MAP) {
    if (isDeduced(atom.map!)) return;
    if (!atomicMember && atom.map!.atomic) {
      if (set !== undefined && !set.empty && path.length > 0) whole.push([...path]);
      return;
    }
    descend(set, (element) => (element[0] === "f" ? atom.map!.fields.get(element.slice(2))?.type : undefined) ?? atom.map!.element, path, whole);
  } else if (kind === LIST) {
    if (!atomicMember && !atom.list!.associative) {
      if (path.length > 0) whole.push([...path]);
      return;
    }
    descend(set, () => atom.list!.element, path, whole);
  }
}

function descend(set: FieldSet | undefined, typeAt: (element: PathElement) => TypeRef | undefined, path: PathElement[], whole: PathElement[][]): void {
  if (set === undefined) return;
  for (const element of set.elements()) {
    const type = typeAt(element);
    if (type === undefined) continue;
    const below = set.below(element);
    path.push(element);
    visit(below, type, set.hasElement(element) && below === undefined, path, whole);
    path.pop();
  }
}

/** Types that are deduced from values do not know atomic parts yet. */
function isDeduced(map: MapType): boolean {
  return map.fields.size === 0 && (map.element === DEDUCED || map.element?.resolve().scalar === "untyped");
}
