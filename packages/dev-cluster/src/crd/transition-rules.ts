import { sameJson } from "../rest/objects.ts";
import { isObject } from "../schema/typed.ts";
import type { Cause } from "../server/status-error.ts";

type Schema = Record<string, any>;
const IMMUTABLE = /^\s*self\s*==\s*oldSelf\s*$/;

/**
 * The one CEL rule that is evaluated: `self == oldSelf`, a field that never changes. Other rules of a CRD are kept
 * and shown, and not enforced. Lists are not followed: their items have no old self without keys.
 */
export function transitionCauses(value: unknown, old: unknown, schema: Schema, path = ""): Cause[] {
  if (value === undefined || old === undefined) return [];
  const causes: Cause[] = [];
  for (const { rule, message, reason = "FieldValueInvalid" } of schema["x-kubernetes-validations"] ?? []) {
    if (IMMUTABLE.test(rule) && !sameJson(value, old)) causes.push({ reason, message: `Invalid value: ${typeof value === "object" ? "" : `${JSON.stringify(value)}: `}${message ?? `failed rule: ${rule}`}`, field: path });
  }
  if (isObject(value) && isObject(old)) {
    for (const [name, property] of Object.entries<Schema>(schema.properties ?? {})) causes.push(...transitionCauses(value[name], old[name], property, path === "" ? name : `${path}.${name}`));
  }
  return causes;
}
