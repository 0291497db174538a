import { pointerOf } from "../merge/patch/json-patch.ts";
import { elementText, type PathElement } from "../merge/path-element.ts";

/** A place in an object, as a chain to its root: only what differs ever needs it written out. */
export interface Place {
  parent: Place | undefined;
  element: PathElement;
  /** The same step by name or index, for JSON pointers. */
  step: string | number;
}

export function below(parent: Place | undefined, element: PathElement, step: string | number): Place {
  return { parent, element, step };
}

function chain(place: Place | undefined): Place[] {
  const out: Place[] = [];
  for (let each = place; each !== undefined; each = each.parent) out.push(each);
  return out.reverse();
}

export function elementsOf(place: Place | undefined): PathElement[] {
  return chain(place).map(({ element }) => element);
}

/** `spec.containers[name="web"].image`, `metadata.annotations["example.com/a"]`; "" is the object itself. */
export function placeText(place: Place | undefined): string {
  return elementsOf(place).map(elementOf).join("").replace(/^\./, "");
}

function elementOf(element: PathElement): string {
  if (element[0] !== "f") return elementText(element);
  const name = element.slice(2);
  return /^[A-Za-z_$][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

export function placePointer(place: Place | undefined): string {
  return pointerOf(chain(place).map(({ step }) => step));
}
