import type { FieldPath } from "../yaml/positions.ts";

/** A copy without the fields at these paths; what they are not in is shared with the original. */
export function withoutFields<T extends object>(object: T, paths: readonly FieldPath[]): T {
  return paths.reduce<T>((result, path) => without(result, path) as T, object);
}

function without(value: unknown, [step, ...rest]: FieldPath): unknown {
  if (step === undefined || typeof value !== "object" || value === null || !(step in value)) return value;
  if (Array.isArray(value)) return rest.length === 0 ? value : value.map((item: unknown, index) => (index === Number(step) ? without(item, rest) : item));
  const { [step]: member, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...value, [step]: without(member, rest) };
}
