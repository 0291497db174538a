import type { KubeObject } from "@trireme/api";
import { sameJson } from "../../rest/objects.ts";
import { isObject } from "../../schema/typed.ts";
import type { Cause } from "../../server/status-error.ts";
import { celLiterals, optional, rulesOf, type CompiledRule, type Rule } from "./compile.ts";
import { ruleValue } from "./values.ts";

type Schema = Record<string, any>;

/** One place of an object: what is there, and what was there before, where that can be told. */
interface Place {
  value: unknown;
  old: unknown;
  schema: Schema;
  path: string;
  root: boolean;
  /** Nothing changed here: what is wrong was wrong before, and is only warned about. */
  unchanged: boolean;
}

/** What of a custom object breaks the rules of its schema; `warn` hears of what breaks them as it did before. */
export function ruleCauses(object: KubeObject, old: KubeObject | undefined, schema: Schema, warn: (text: string) => void): Cause[] {
  const causes: Cause[] = [];
  check({ value: object, old, schema, path: "", root: true, unchanged: false }, causes, warn);
  return causes;
}

function check(place: Place, causes: Cause[], warn: (text: string) => void): void {
  const { value, old, schema, path, root } = place;
  if (value === null || value === undefined) return;
  const unchanged = place.unchanged || (old !== undefined && sameJson(value, old));
  const rules = rulesOf(schema, root);
  if (rules.length > 0) ask(rules, { ...place, unchanged }, causes, warn);
  if (Array.isArray(value)) {
    const olds = correlated(schema, old);
    value.forEach((item, index) => schema["items"] && check({ value: item, old: olds?.(item), schema: schema["items"], path: `${path}[${index}]`, root: false, unchanged }, causes, warn));
  } else if (isObject(value)) {
    const before = isObject(old) ? old : undefined;
    for (const [name, item] of Object.entries(value)) {
      const property: Schema | undefined = schema["properties"]?.[name];
      if (property) check({ value: item, old: before?.[name], schema: property, path: path === "" ? name : `${path}.${name}`, root: false, unchanged }, causes, warn);
      else if (isObject(schema["additionalProperties"])) check({ value: item, old: before?.[name], schema: schema["additionalProperties"], path: `${path}[${name}]`, root: false, unchanged }, causes, warn);
    }
  }
}

function ask(rules: readonly CompiledRule[], { value, old, schema, path, root, unchanged }: Place, causes: Cause[], warn: (text: string) => void): void {
  const literals = celLiterals();
  const self = ruleValue(value, schema, literals, root);
  const before = old === undefined || old === null ? undefined : ruleValue(old, schema, literals, root);
  const tell = (cause: Cause, transition: boolean): void => {
    if (unchanged && !transition) warn(`${cause.field}: ${cause.message}`);
    else causes.push(cause);
  };
  for (const compiled of rules) {
    const { rule, usesOldSelf, error } = compiled;
    if (error !== undefined) {
      causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(schema["type"])}: rule compile error: ${error}`, field: fieldOf(path) });
      continue;
    }
    if (usesOldSelf && before === undefined && !rule.optionalOldSelf) continue;
    const oldSelf = rule.optionalOldSelf ? optional(before) : (before ?? null);
    let holds: boolean;
    try {
      holds = compiled.holds(self, oldSelf);
    } catch (thrown) {
      causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(schema["type"])}: ${runtimeText(thrown as Error, rule)}`, field: fieldOf(path) });
      continue;
    }
    if (holds) continue;
    const at = rule.fieldPath === undefined ? path : path === "" ? rule.fieldPath.replace(/^\./, "") : `${path}${rule.fieldPath}`;
    tell(causeOf(rule, value, compiled.message(self, oldSelf) ?? messageOf(rule), fieldOf(at)), usesOldSelf);
  }
}

function causeOf(rule: Rule, value: unknown, detail: string, field: string): Cause {
  const shown = typeof value === "object" ? "" : `${JSON.stringify(value)}: `;
  switch (rule.reason) {
    case "FieldValueForbidden":
      return { reason: rule.reason, message: `Forbidden: ${detail}`, field };
    case "FieldValueRequired":
      return { reason: rule.reason, message: `Required value: ${detail}`, field };
    case "FieldValueDuplicate":
      return { reason: rule.reason, message: `Duplicate value: ${shown.replace(/: $/, "")}`, field };
    default:
      return { reason: "FieldValueInvalid", message: `Invalid value: ${shown}${detail}`, field };
  }
}

function messageOf({ rule, message }: Rule): string {
  return message || `failed rule: ${rule.trim()}`;
}

/** What went wrong inside a rule, in the words of the server's own evaluator where they are known. */
function runtimeText(error: Error, rule: Rule): string {
  const text = error.message.split("\n")[0]!.replace(/^No such key: index out of bounds, index (-?\d+).*/, "index out of bounds: $1").replace(/^No such key/, "no such key");
  const which = rule.message?.trim() || rule.rule.trim();
  if (text.startsWith("no such overload")) return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${which}`;
  return `${text} evaluating rule: ${which}`;
}

/** Items of lists that are maps find their older selves by their keys; those of other lists have none. */
function correlated(schema: Schema, old: unknown): ((item: unknown) => unknown) | undefined {
  const keys: readonly string[] | undefined = schema["x-kubernetes-list-type"] === "map" ? schema["x-kubernetes-list-map-keys"] : undefined;
  if (!keys || !Array.isArray(old)) return undefined;
  const keyOf = (item: any): string => JSON.stringify(keys.map((key) => item?.[key] ?? schema["items"]?.properties?.[key]?.default ?? null));
  const byKey = new Map(old.map((item) => [keyOf(item), item]));
  return (item) => byKey.get(keyOf(item));
}

function fieldOf(path: string): string {
  return path === "" ? "<nil>" : path;
}
