import type { FieldSet } from "../merge/field-set.ts";
import type { PathElement } from "../merge/path-element.ts";
import { itemElement } from "../merge/path-element.ts";
import type { Atom } from "../merge/types.ts";
import { isMap } from "../merge/types.ts";

/**
 * What the previous apply declared at one place: its own value (client-side apply keeps it in an annotation),
 * or the fields that it owns (server-side apply keeps them in managedFields, without values).
 */
export type Previous = { value: unknown } | { own: FieldSet | undefined; others: FieldSet | undefined; owned: boolean; shared: boolean };

/** The previous apply at a field or item below. */
export function previousBelow(previous: Previous | undefined, element: PathElement, atom: Atom): Previous | undefined {
  if (previous === undefined) return undefined;
  if ("value" in previous) {
    const value = valueAt(previous.value, element, atom);
    return value === undefined ? undefined : { value };
  }
  const own = previous.own?.below(element);
  const owned = previous.own?.hasElement(element) ?? false;
  if (own === undefined && !owned) return undefined;
  return { own, owned, others: previous.others?.below(element), shared: previous.others?.hasElement(element) ?? false };
}

function valueAt(value: unknown, element: PathElement, atom: Atom): unknown {
  if (element[0] === "f") return isMap(value) ? value[element.slice(2)] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (element[0] === "i") return value[Number(element.slice(2))];
  return value.find((item) => {
    const found = itemElement(atom.list!, item);
    return "element" in found && found.element === element;
  });
}

/**
 * The previous apply set this place and nobody else does: leaving it out now removes it whole. A key of a free map and an
 * item of a list go with all that others wrote into them; a field that the schema names stays for their sake.
 */
export function removesWhole(previous: Previous, named: boolean): boolean {
  if ("value" in previous) return previous.value !== null;
  return previous.owned && !previous.shared && (!named || (previous.others === undefined && previous.own === undefined));
}
