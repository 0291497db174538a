import type { KubeObject } from "@trireme/api";
import { sameJson } from "../../rest/objects.ts";
import { isObject } from "../../schema/typed.ts";
import type { Cause } from "../../server/status-error.ts";
import { rulesOf, type Rule } from "./compile.ts";
import { RULES } from "./load.ts";

type Schema = Record<string, any>;

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

/** What is wrong with the rules of a CRD. One that cannot be evaluated here is refused: none is kept and not enforced. */
export function crdRuleCauses(crd: KubeObject): Cause[] {
  const versions: any[] = crd.spec?.versions ?? [];
  const schemas = versions.map((version) => version.schema?.openAPIV3Schema);
  const causes: Cause[] = [];
  // Versions that agree are checked, and named, as one.
  const shared = schemas.every((schema) => schema !== undefined && sameJson(schema, schemas[0]));
  const places = shared ? [["spec.validation.openAPIV3Schema", schemas[0]] as const] : schemas.map((schema, index) => [`spec.versions[${index}].schema.openAPIV3Schema`, schema] as const);
  for (const [path, schema] of places) if (isObject(schema) && JSON.stringify(schema).includes(RULES)) check(schema, path, true, undefined, causes);
  return causes;
}

function check(schema: Schema, path: string, root: boolean, uncorrelatable: string | undefined, causes: Cause[]): void {
  const list = schema["type"] === "array" && schema["x-kubernetes-list-type"] !== "map";
  const within = uncorrelatable ?? (list || schema["x-kubernetes-map-type"] === "atomic" ? path : undefined);
  for (const [name, property] of Object.entries<Schema>(schema["properties"] ?? {})) check(property, `${path}.properties[${name}]`, false, within, causes);
  if (isObject(schema["additionalProperties"])) check(schema["additionalProperties"], `${path}.additionalProperties`, false, within, causes);
  if (isObject(schema["items"])) check(schema["items"], `${path}.items`, false, within, causes);

  const rules: Rule[] = schema[RULES] ?? [];
  const flaws = rules.flatMap((rule, index) => flawsOf(rule, `${path}.${RULES}[${index}]`));
  causes.push(...flaws);
  if (flaws.length > 0) return;
  rulesOf(schema, root).forEach(({ rule, error, messageError, usesOldSelf }, index) => {
    const at = `${path}.${RULES}[${index}]`;
    if (error !== undefined) causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${structureOf(rule)}: ${error}`, field: `${at}.rule` });
    if (messageError !== undefined) causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${structureOf(rule)}: ${messageError}`, field: `${at}.messageExpression` });
    if (usesOldSelf && uncorrelatable !== undefined) causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(rule.rule)}: oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`, field: `${at}.rule` });
    if (!usesOldSelf && error === undefined && rule.optionalOldSelf !== undefined) causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${rule.optionalOldSelf}: may not be set if oldSelf is not used in rule`, field: `${at}.optionalOldSelf` });
  });
}

function flawsOf({ rule = "", message, messageExpression, reason, fieldPath }: Rule, at: string): Cause[] {
  const flaws: Cause[] = [];
  const say = (kind: string, field: string, text: string): void => void flaws.push({ reason: kind, message: text, field: `${at}.${field}` });
  if (rule.trim() === "") say("FieldValueRequired", "rule", "Required value: rule is not specified");
  else if (message && message.trim() === "") say("FieldValueInvalid", "message", `Invalid value: ${JSON.stringify(message)}: must be non-empty if specified`);
  else if (message?.trim().includes("\n")) say("FieldValueInvalid", "message", `Invalid value: ${JSON.stringify(message)}: must not contain line breaks`);
  else if (rule.trim().includes("\n") && !message?.trim()) say("FieldValueRequired", "message", "Required value: message must be specified if rule contains line breaks");
  if (messageExpression && messageExpression.trim() === "") say("FieldValueRequired", "messageExpression", "Required value: messageExpression must be non-empty if specified");
  if (reason !== undefined && !REASONS.includes(reason)) say("FieldValueNotSupported", "reason", `Unsupported value: ${JSON.stringify(reason)}: supported values: ${REASONS.map((one) => JSON.stringify(one)).join(", ")}`);
  if (fieldPath && fieldPath.trim() === "") say("FieldValueInvalid", "fieldPath", `Invalid value: ${JSON.stringify(fieldPath)}: must be non-empty if specified`);
  return flaws;
}

/** The rule as the server's message shows it. */
function structureOf({ rule, message = "", messageExpression = "", reason, fieldPath = "", optionalOldSelf }: Rule): string {
  return JSON.stringify({ Rule: rule, Message: message, MessageExpression: messageExpression, Reason: reason ?? null, FieldPath: fieldPath, OptionalOldSelf: optionalOldSelf ?? null }).replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}
