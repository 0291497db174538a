import type { Cause } from "../server/status-error.ts";
import { goText } from "@trireme/gitops/merge";
import { isObject } from "../schema/typed.ts";
import type { CustomType } from "../types/resource-type.ts";

const MOST = 2 ** 31 - 1;

/** What stands where a CRD says that the wanted replicas are, and is no number of replicas; with the server's sentences. */
export function scaleCauses(object: Record<string, unknown>, custom: CustomType): Cause[] {
  const path = custom.scale?.specReplicasPath;
  if (path === undefined) return [];
  const { value, error } = integerAt(object, path.replace(/^\./, "").split("."));
  const say = (text: string): Cause[] => [{ reason: "FieldValueInvalid", message: `Invalid value: ${value}: ${text}`, field: path }];
  if (error !== undefined) return say(error);
  if (value < 0) return say("should be a non-negative integer");
  return value > MOST ? say(`should be less than or equal to ${MOST}`) : [];
}

function integerAt(object: unknown, fields: readonly string[]): { value: number; error?: string } {
  let value: unknown = object;
  for (const [index, field] of fields.entries()) {
    if (value === undefined || value === null) return { value: 0 };
    if (!isObject(value)) return { value: 0, error: accessorError(fields.slice(0, index + 1), value, "map[string]interface{}") };
    if (!(field in value)) return { value: 0 };
    value = value[field];
  }
  return Number.isInteger(value) ? { value: value as number } : { value: 0, error: accessorError(fields, value, "int64") };
}

function accessorError(fields: readonly string[], value: unknown, expected: string): string {
  return `.${fields.join(".")} accessor error: ${goText(value)} is of the type ${typeOf(value)}, expected ${expected}`;
}

/** As Go's `%T` prints it. */
function typeOf(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (isObject(value)) return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : "string";
}
