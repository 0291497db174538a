import { fieldProblems, gvkOf, withoutFields, type FieldProblem, type KubeObject } from "@trireme/api";
import { isBuiltIn } from "@trireme/gitops";
import type { ClusterSchemas } from "../clusters/schemas.ts";
import type { Desired } from "./memory.ts";

const kept = new WeakMap<Desired["targets"], Desired["targets"]>();

/**
 * What is wanted, without stray fields of custom kinds: their servers drop such a field, so it can neither be applied nor
 * differ. Once for each desired state, after its schemas were loaded.
 */
export function keptTargets(desired: Desired, schemas: ClusterSchemas): Desired["targets"] {
  let targets = kept.get(desired.targets);
  if (targets !== undefined) return targets;
  let changed = false;
  targets = new Map(
    [...desired.targets].map(([id, object]) => {
      const stray = problemsOf(object, schemas).filter((problem) => isStray(problem, object, schemas));
      changed ||= stray.length > 0;
      return [id, stray.length === 0 ? object : withoutFields(object, stray.map(({ path }) => path))];
    }),
  );
  if (!changed) targets = desired.targets;
  kept.set(desired.targets, targets);
  return targets;
}

export function problemsOf(object: KubeObject, schemas: ClusterSchemas): FieldProblem[] {
  const schema = schemas.of(gvkOf(object));
  return schema === undefined ? [] : fieldProblems(object, schema);
}

/**
 * A field of a custom kind that is none, and that resembles none either: told, and left out. One that resembles a field is
 * a mistake that would change what is delivered.
 */
export function isStray(problem: FieldProblem, object: KubeObject, schemas: ClusterSchemas): boolean {
  const schema = schemas.of(gvkOf(object));
  return problem.reason === "UnknownField" && problem.suggestion === undefined && schema !== undefined && !isBuiltIn(schema.schema) && problem.path[0] !== "metadata";
}
