import { fieldPathText, keyOf, keyText, nameProblems, placed, type KubeObject } from "@trireme/api";
import type { ApplicationCondition } from "@trireme/api/argo";
import { Annotation, hasAnnotationOption, referenceWarnings, warningText } from "@trireme/gitops";
import type { ClusterSchemas } from "../clusters/schemas.ts";
import { placeOf } from "./desired.ts";
import { isStray, problemsOf } from "./kept-fields.ts";
import type { Desired } from "./memory.ts";

const checked = new WeakMap<Desired["targets"], { validate: boolean; conditions: ApplicationCondition[] }>();

/**
 * What the cluster would refuse, found before anything is applied, so that nothing is half-applied: fields that are
 * none, names that are none, placeholders that nobody replaced. And what it would take but hardly is meant, as warnings.
 * Each names file, line and field, and the likely cure. Once for each desired state.
 */
export function checkManifests(desired: Desired, schemas: ClusterSchemas, syncOptions: readonly string[]): ApplicationCondition[] {
  const validate = !syncOptions.includes("Validate=false");
  const known = checked.get(desired.targets);
  if (known?.validate === validate) return known.conditions;
  const conditions: ApplicationCondition[] = [];
  const add = (object: KubeObject, field: string, message: string, fatal: boolean) =>
    conditions.push({ type: fatal ? "ComparisonError" : "ManifestWarning", message: placed(message, fileAndLine(desired, object, field)) });
  for (const object of [...desired.targets.values(), ...desired.hooks]) {
    if (validate && !hasAnnotationOption(object, Annotation.SyncOptions, "Validate=false")) {
      for (const problem of problemsOf(object, schemas)) {
        const stray = isStray(problem, object, schemas);
        add(object, fieldPathText(problem.path), stray ? `${problem.message}; it is left out` : problem.message, !stray && (problem.reason === "UnknownField" || problem.reason === "WrongType"));
      }
    }
    for (const problem of nameProblems(object)) add(object, problem.field, `${object.kind} ${object.metadata.name ?? ""}: ${problem.field}: ${problem.message}`, true);
  }
  for (const warning of referenceWarnings([...desired.targets.values()])) add(warning.object, warning.field, warningText(warning), warning.fatal === true);
  checked.set(desired.targets, { validate, conditions });
  return conditions;
}

function fileAndLine(desired: Desired, object: KubeObject, field: string): { file?: string; line?: number } {
  const place = placeOf(desired.provenance.get(keyText(keyOf(object))), field);
  const match = /^(.*):(\d+)$/.exec(place);
  return match === null ? { file: place } : { file: match[1]!, line: Number(match[2]) };
}
