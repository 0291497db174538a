import { gvkOf, type KubeObject } from "@trireme/api";
import { globMatches } from "../globs.ts";
import { setOfFieldsV1 } from "../merge/fields-v1.ts";
import { FieldSet } from "../merge/field-set.ts";
import { pointerSteps } from "../merge/patch/json-patch.ts";
import { removeFields } from "../merge/remove-fields.ts";
import type { TypeRef } from "../merge/types.ts";
import { deleteAt, deletePaths } from "./jq-delete.ts";
import { parseJqPaths } from "./jq-paths.ts";

/** One entry of `spec.ignoreDifferences`, or of `resource.customizations.ignoreDifferences.<group>_<kind>`. */
export interface IgnoreRule {
  /** Globs; an empty group is the core group. */
  group?: string;
  kind: string;
  /** Exact; absent matches all. */
  name?: string;
  namespace?: string;
  jsonPointers?: readonly string[];
  jqPathExpressions?: readonly string[];
  managedFieldsManagers?: readonly string[];
}

/** A jq program that only a real jq can run; the diff goes on once it is answered. */
export interface JqQuestion {
  kind: "jq";
  /** `del(<expression>)`, to be run on each of the objects with a limit of time and memory. */
  program: string;
  desired: KubeObject | undefined;
  live: KubeObject | undefined;
}

/** The objects after the program; `undefined` where it failed or timed out: then the rule is passed over. */
export type JqAnswer = { desired: KubeObject | undefined; live: KubeObject | undefined } | undefined;

export interface Sides {
  desired: KubeObject | undefined;
  live: KubeObject | undefined;
}

/** The rules that are meant for an object. */
export function rulesFor(object: KubeObject, rules: readonly IgnoreRule[]): IgnoreRule[] {
  const { group, kind } = gvkOf(object);
  return rules.filter(
    (rule) =>
      globMatches(rule.group ?? "", group) &&
      globMatches(rule.kind, kind) &&
      (!rule.name || rule.name === object.metadata.name) &&
      (!rule.namespace || rule.namespace === object.metadata.namespace),
  );
}

/** Both sides without what the rules ignore; a question where a program is not of the plain kind and not answered yet. */
export function withoutIgnored(sides: Sides, rules: readonly IgnoreRule[], type: TypeRef, answers: readonly JqAnswer[]): Sides | JqQuestion {
  let { desired, live } = sides;
  let asked = 0;
  for (const rule of rules) {
    for (const pointer of rule.jsonPointers ?? []) {
      const steps = stepsOf(pointer);
      if (steps === undefined || steps.length === 0) continue;
      desired = desired && (deleteAt(desired, steps, 0) as KubeObject);
      live = live && (deleteAt(live, steps, 0) as KubeObject);
    }
    for (const expression of rule.jqPathExpressions ?? []) {
      const paths = parseJqPaths(expression);
      if (paths !== undefined) {
        desired = desired && ((deletePaths(desired, paths) as KubeObject | undefined) ?? desired);
        live = live && ((deletePaths(live, paths) as KubeObject | undefined) ?? live);
        continue;
      }
      if (asked >= answers.length) return { kind: "jq", program: `del(${expression})`, desired, live };
      const answer = answers[asked++];
      if (answer !== undefined) ({ desired, live } = answer);
    }
    if (rule.managedFieldsManagers?.length && live !== undefined && desired !== undefined) {
      const owned = ownedBy(live, rule.managedFieldsManagers);
      desired = withFields(type, desired, owned);
      live = withFields(type, live, owned);
    }
  }
  return { desired, live };
}

/** A pointer that is none ignores nothing. */
function stepsOf(pointer: string): string[] | undefined {
  try {
    return pointerSteps(pointer);
  } catch {
    return undefined;
  }
}

function ownedBy(live: KubeObject, managers: readonly string[]): FieldSet {
  let owned = new FieldSet();
  for (const entry of live.metadata.managedFields ?? []) {
    if (!managers.includes(entry.manager ?? "")) continue;
    try {
      owned = owned.union(setOfFieldsV1(entry.fieldsV1 ?? {}));
    } catch {
      // An entry that nobody can read ignores nothing.
    }
  }
  return owned;
}

function withFields(type: TypeRef, object: KubeObject, fields: FieldSet): KubeObject {
  if (fields.empty) return object;
  const left = removeFields(type, object, fields) as KubeObject | null;
  return left === null ? object : { ...left, apiVersion: object.apiVersion, kind: object.kind, metadata: left.metadata ?? object.metadata };
}
