import { isEmptyMap } from "../merge/field-set-of.ts";
import { fieldElement, itemElement, type PathElement } from "../merge/path-element.ts";
import { type Atom, type FieldType, isMap, kindOf, kindsOf, LIST, type ListType, MAP, type MapType, QUANTITY_TYPE, type TypeRef, UNTYPED } from "../merge/types.ts";
import { equalValues } from "../merge/values.ts";
import { isDefault, isWorkedOut } from "./defaults.ts";
import { sameQuantity } from "./quantities.ts";
import { below, type Place } from "./places.ts";
import { type Previous, previousBelow, removesWhole } from "./previous.ts";

export interface DeclaredDifference {
  place: Place | undefined;
  desired: unknown;
  live: unknown;
}

export interface DeclaredOptions {
  /** Built-in kinds leave out what is empty or zero; custom ones keep it. */
  builtIn: boolean;
  /** What merges lists: strategic merge (built-in kinds, client-side), nothing (custom kinds, client-side), or the server. */
  lists: "strategic" | "replace" | "server";
}

/**
 * Compares what is declared with what is there: fields that `desired` names, and fields that the previous apply named and
 * `desired` dropped. Whatever else the live object has is nobody's drift. `predicted` is what the live object would be
 * after an apply; it is the live value itself where nothing differs.
 */
export function compareDeclared(type: TypeRef, desired: unknown, live: unknown, previous: Previous | undefined, options: DeclaredOptions): { predicted: unknown; differences: DeclaredDifference[] } {
  const differences: DeclaredDifference[] = [];
  const predicted = visit({ options, differences, whole: false }, type, desired, live, previous, undefined);
  return { predicted, differences };
}

interface Walk {
  options: DeclaredOptions;
  differences: DeclaredDifference[];
  /** Inside a part that an apply writes as one value: what is there beyond the declared and the defaults is drift. */
  whole: boolean;
}

function visit(walk: Walk, type: TypeRef, desired: unknown, live: unknown, previous: Previous | undefined, place: Place | undefined, field?: FieldType): unknown {
  if (desired === live) return live;
  if (desired === undefined || desired === null) return undeclared(walk, type, live, previous, place, field !== undefined);
  if (live === undefined || live === null) {
    return keepsNothing(walk, type, desired, field) ? live : differ(walk, desired, live, place);
  }
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, desired));
  if (kind === MAP && isMap(desired) && isMap(live)) return maps(atom.map!.atomic && walk.options.lists === "server" ? asWhole(walk) : walk, atom.map!, atom, desired, live, previous, place);
  if (kind === LIST && Array.isArray(desired) && Array.isArray(live)) return lists(walk, atom.list!, atom, desired, live, previous, place);
  if (type === QUANTITY_TYPE ? sameQuantity(desired, live) : equalValues(desired, live)) return live;
  return differ(walk, desired, live, place);
}

/** A field that is not declared: gone where the previous apply had it, left alone otherwise. */
function undeclared(walk: Walk, type: TypeRef, live: unknown, previous: Previous | undefined, place: Place | undefined, named: boolean): unknown {
  if (previous === undefined || live === undefined || live === null) return live;
  if (removesWhole(previous, named)) return walk.options.builtIn && isEmpty(live) ? live : differ(walk, undefined, live, place);
  if ("value" in previous) return live;
  const atom = type.resolve();
  const kind = kindOf(kindsOf(atom, live));
  if (kind === MAP && isMap(live) && !atom.map!.atomic) return maps(walk, atom.map!, atom, {}, live, previous, place);
  if (kind === LIST && Array.isArray(live) && atom.list!.associative) return lists(walk, atom.list!, atom, [], live, previous, place);
  return live;
}

function maps(walk: Walk, type: MapType, atom: Atom, desired: Record<string, unknown>, live: Record<string, unknown>, previous: Previous | undefined, place: Place | undefined): unknown {
  let out: Record<string, unknown> | undefined;
  const member = (key: string): void => {
    const element = fieldElement(key);
    const field = type.fields.get(key);
    const before = live[key];
    const last = previousBelow(previous, element, atom);
    const wanted = desired[key] ?? (last !== undefined && "value" in last ? last.value : undefined);
    const after = saysNothing(wanted, field) ? before : visit(walk.whole && isWorkedOut(type, key) ? { ...walk, whole: false } : walk, field?.type ?? type.element ?? UNTYPED, desired[key], before, last, below(place, element, key), field);
    if (after === before) return;
    out ??= { ...live };
    if (after === undefined) delete out[key];
    else out[key] = after;
  };
  for (const key in desired) if (desired[key] !== undefined) member(key);
  for (const key in live) {
    if (live[key] === undefined || (desired[key] !== undefined && desired[key] !== null)) continue;
    if (walk.whole) {
      if (isEmpty(live[key]) || live[key] === null || isDefault(type, key, type.fields.get(key), live[key])) continue;
      differ(walk, undefined, live[key], below(place, fieldElement(key), key));
      out ??= { ...live };
      delete out[key];
    } else if (previous !== undefined) member(key);
  }
  return out ?? live;
}

function asWhole(walk: Walk): Walk {
  return walk.whole ? walk : { ...walk, whole: true };
}

function lists(walk: Walk, type: ListType, atom: Atom, desired: unknown[], live: unknown[], previous: Previous | undefined, place: Place | undefined): unknown {
  return type.associative && walk.options.lists !== "replace" && !walk.whole ? merged(walk, type, atom, desired, live, previous, place) : replaced(walk.options.lists === "replace" ? walk : asWhole(walk), type, atom, desired, live, previous, place);
}

/** Lists that an apply replaces whole: item by item where they are as long as each other, since the server adds defaults to items. */
function replaced(walk: Walk, type: ListType, atom: Atom, desired: unknown[], live: unknown[], previous: Previous | undefined, place: Place | undefined): unknown {
  if (desired.length !== live.length || !desired.every((item, index) => sameShape(item, live[index]))) return differ(walk, desired, live, place);
  let out: unknown[] | undefined;
  for (const [index, item] of desired.entries()) {
    const element: PathElement = `i:${index}`;
    const after = visit(walk, type.element, item, live[index], previousBelow(previous, element, atom), below(place, element, index));
    if (after !== live[index]) (out ??= [...live])[index] = after;
  }
  return out ?? live;
}

function sameShape(a: unknown, b: unknown): boolean {
  return isMap(a) ? isMap(b) : Array.isArray(a) === Array.isArray(b);
}

/** Lists that an apply merges: items by their keys; the declared ones' order counts, what others added stays. */
function merged(walk: Walk, type: ListType, atom: Atom, desired: unknown[], live: unknown[], previous: Previous | undefined, place: Place | undefined): unknown {
  const liveAt = positions(type, live);
  const wanted = positions(type, desired);
  let changed = false;
  const kept = new Map<PathElement, unknown>();
  for (const [element, index] of wanted) {
    const at = liveAt.get(element);
    const before = at === undefined ? undefined : live[at];
    const after = visit(walk, type.element, desired[index], before, previousBelow(previous, element, atom), below(place, element, at ?? index));
    if (after !== before) changed = true;
    kept.set(element, after);
  }
  const out: unknown[] = [];
  for (const [index, item] of live.entries()) {
    const found = itemElement(type, item);
    const element = "element" in found ? found.element : `i:${index}`;
    if (kept.has(element)) {
      out.push(kept.get(element));
      continue;
    }
    const left = previous === undefined ? item : undeclared(walk, type.element, item, previousBelow(previous, element, atom), below(place, element, index), false);
    if (left !== item) changed = true;
    if (left !== undefined) out.push(left);
  }
  for (const [element, after] of kept) if (!liveAt.has(element)) out.push(after);
  if (!changed && !sameOrder(wanted, liveAt)) return differ(walk, desired, live, place);
  return changed ? out : live;
}

function positions(type: ListType, items: readonly unknown[]): Map<PathElement, number> {
  const at = new Map<PathElement, number>();
  for (const [index, item] of items.entries()) {
    const found = itemElement(type, item);
    const element = "element" in found ? found.element : `i:${index}`;
    if (!at.has(element)) at.set(element, index);
  }
  return at;
}

function sameOrder(wanted: ReadonlyMap<PathElement, number>, live: ReadonlyMap<PathElement, number>): boolean {
  let last = -1;
  for (const element of wanted.keys()) {
    const at = live.get(element);
    if (at === undefined) continue;
    if (at < last) return false;
    last = at;
  }
  return true;
}

function differ(walk: Walk, desired: unknown, live: unknown, place: Place | undefined): unknown {
  walk.differences.push({ place, desired, live });
  return desired;
}

/** "" and 0 in a plain scalar of a struct declare nothing: the server fills in its default over them. */
function saysNothing(declared: unknown, field: FieldType | undefined): boolean {
  return field?.plain === true && (declared === "" || declared === 0);
}

/** Whether a server that was told this may have nothing there afterwards. */
function keepsNothing(walk: Walk, type: TypeRef, desired: unknown, field: FieldType | undefined): boolean {
  if (walk.options.builtIn) return isEmpty(desired) || (field?.plain === true && desired === false);
  if (walk.options.lists !== "server" || !isEmpty(desired)) return false;
  // What is merged part by part is gone with its last part.
  const { list, map } = type.resolve();
  return Array.isArray(desired) ? list?.associative === true : map?.atomic === false;
}

/** What a built-in kind does not keep. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && (isEmptyMap(value) || Object.values(value).every((member) => member === undefined || member === null));
}
