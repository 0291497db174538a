import { pointerOf } from "../merge/patch/json-patch.ts";
import { elementText, type PathElement } from "../merge/path-element.ts";

/** A place in an object: its steps by keys, and the same by index, for JSON pointers. */
export interface Place {
  elements: readonly PathElement[];
  steps: readonly (string | number)[];
}

export const ROOT: Place = { elements: [], steps: [] };

export function below(place: Place, element: PathElement, step: string | number): Place {
  return { elements: [...place.elements, element], steps: [...place.steps, step] };
}

/** `spec.containers[name="web"].image`, `metadata.annotations["example.com/a"]`; "" is the object itself. */
export function placeText(place: Place): string {
  return place.elements.map(elementOf).join("").replace(/^\./, "");
}

function elementOf(element: PathElement): string {
  if (element[0] !== "f") return elementText(element);
  const name = element.slice(2);
  return /^[A-Za-z_$][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

export function placePointer(place: Place): string {
  return pointerOf(place.steps);
}
