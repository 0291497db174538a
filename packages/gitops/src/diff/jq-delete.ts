import { isMap } from "../merge/types.ts";
import { evaluate, isTrue, JqFailure } from "./jq-conditions.ts";
import type { JqPath, JqStep } from "./jq-paths.ts";

/** `del(paths)` of jq. The value itself comes back where nothing was deleted; `undefined` where jq would have failed. */
export function deletePaths(value: unknown, paths: readonly JqPath[]): unknown {
  const places: (string | number)[][] = [];
  try {
    for (const { steps, optional } of paths) if (!collect(value, steps, 0, [], places, optional)) return undefined;
  } catch (thrown) {
    if (thrown instanceof JqFailure) return undefined;
    throw thrown;
  }
  // Later places first, so that indexes stay right.
  places.sort(comparePlaces).reverse();
  let out = value;
  for (const place of places) out = deleteAt(out, place, 0);
  return out;
}

function collect(value: unknown, steps: readonly JqStep[], at: number, place: (string | number)[], places: (string | number)[][], optional: boolean): boolean {
  if (at === steps.length) {
    places.push(place);
    return true;
  }
  const step = steps[at]!;
  if ("select" in step) {
    return !isTrue(evaluate(step.select, value)) || collect(value, steps, at + 1, place, places, optional);
  }
  if ("each" in step) {
    if (Array.isArray(value)) return value.every((item, index) => collect(item, steps, at + 1, [...place, index], places, optional));
    if (isMap(value)) return Object.keys(value).every((key) => collect(value[key], steps, at + 1, [...place, key], places, optional));
    return optional;
  }
  if (value === null || value === undefined) return true;
  if ("field" in step) return isMap(value) ? collect(value[step.field], steps, at + 1, [...place, step.field], places, optional) : optional;
  if (!Array.isArray(value)) return optional;
  const index = step.index < 0 ? value.length + step.index : step.index;
  return collect(value[index], steps, at + 1, [...place, index], places, optional);
}

/** The value without one place; all beside it is shared. */
export function deleteAt(value: unknown, place: readonly (string | number)[], at: number): unknown {
  const step = place[at];
  if (step === undefined) return null;
  const last = at === place.length - 1;
  if (Array.isArray(value)) {
    const index = Number(step);
    if (!(index >= 0 && index < value.length)) return value;
    if (last) return value.toSpliced(index, 1);
    const inner = deleteAt(value[index], place, at + 1);
    return inner === value[index] ? value : value.with(index, inner);
  }
  if (!isMap(value) || !Object.hasOwn(value, step)) return value;
  if (last) {
    const { [step]: _, ...others } = value;
    return others;
  }
  const inner = deleteAt(value[step], place, at + 1);
  return inner === value[step] ? value : { ...value, [step]: inner };
}

function comparePlaces(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    if (x !== y) return typeof x === "number" && typeof y === "number" ? x - y : String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}
