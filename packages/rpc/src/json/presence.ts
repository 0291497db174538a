import type { Json } from "./members.ts";
import type { FieldPlan, MessagePlan } from "./plan.ts";
import { ZERO } from "./scalars.ts";

/** Decides for each field whether it is shown, and as what when it is not set. */
export function finish(plan: MessagePlan, found: Json): Json {
  const shown: Json = {};
  for (const field of plan.fields) {
    const value = found[field.json];
    if (field.inlined) Object.assign(shown, value ?? zeroOf(field));
    else if (isEmpty(field, value)) {
      const empty = emptyOf(field, value);
      if (empty !== undefined) shown[field.json] = empty;
    } else shown[field.json] = value;
  }
  return shown;
}

function isEmpty(field: FieldPlan, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (field.shape === "repeated") return (value as unknown[]).length === 0;
  if (field.shape === "map") return Object.keys(value).length === 0;
  if (!("scalar" in field.of)) return field.omittedAtZero && Object.keys(value).length === 0 && typeof value === "object";
  return !field.pointer && value === ZERO[field.of.scalar];
}

function emptyOf(field: FieldPlan, value: unknown): unknown {
  if (field.omittedAtZero) return undefined;
  if (field.shape !== "single") return field.kept ? null : undefined;
  if (field.pointer) return field.kept ? null : undefined;
  if (!("scalar" in field.of)) return zeroOf(field);
  if (!field.kept) return undefined;
  return field.of.scalar === "bytes" ? null : (value ?? ZERO[field.of.scalar]);
}

/** What a message held by value shows when nobody set it. */
export function zeroOf({ of }: FieldPlan): unknown {
  return "special" in of ? of.special.zero : finish((of as { message: MessagePlan }).message, {});
}
