import { gvkOf, keyOf, keyText, type ObjectKey } from "@trireme/api";
import type { Application, ApplicationCondition } from "@trireme/api/argo";
import { hookTypes, isCustomResourceDefinition, isHook, sourcesOf, syncProblem, trackedBy } from "@trireme/gitops";
import type { ObjectComparison } from "../applications/compare.ts";
import { desiredState } from "../applications/desired.ts";
import { compareWith, factsOf, type Facts } from "../applications/facts.ts";
import { newMemory } from "../applications/memory.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";
import { missingKind } from "../operations/missing-kind.ts";
import { ownNamespace } from "../operations/own-namespace.ts";
import { shown, type ObjectDifference } from "./differences.ts";

/** A trireme.v1.PreviewedObject. */
export interface PreviewedObject extends Omit<ObjectDifference, "state"> {
  version: string;
  state: "New" | "Same" | "Modified" | "RequiresPruning" | "Hook";
  /** Phases of a hook. */
  hooks: string[];
  /** Another application that has it already, as `namespace/name`. */
  owner?: string;
  /** Why the project does not permit it. */
  problem?: string;
}

/** What is said of the whole before its objects. */
export interface PreviewHead {
  revisions: string[];
  sourceTypes: string[];
  conditions: ApplicationCondition[];
}

/**
 * What an application would make of the cluster if it were there and synced now: rendered and compared as its first
 * visit would. Nothing is remembered and nothing written. Throws SpecError, or the error of repo-server or the cluster.
 */
export async function preview(deps: Deps, app: Application, signal: AbortSignal): Promise<{ head: PreviewHead; objects: PreviewedObject[] }> {
  const facts = factsOf(deps, app);
  const sources = sourcesOf(app.spec);
  const desired = await desiredState(deps.ctx, { ...desiredInput(deps, facts, { sources, revisions: sources.map(() => ""), signal }), noRevisionCache: true });
  const { objects, conditions } = await compareWith(facts, newMemory(), desired, signal);
  const hooks = desired.hooks.map((hook): ObjectComparison => ({ key: keyOf(hook), target: hook, live: undefined, modified: true, predicted: hook, normalizedLive: undefined, differences: [] }));
  const all = [...missingNamespace(facts, objects), ...objects.filter(({ target, live }) => target !== undefined || (live !== undefined && !isHook(live))), ...hooks];
  const brought = new Set(all.flatMap(({ target }) => (target !== undefined && isCustomResourceDefinition(target) ? [`${target.spec?.group}/${target.spec?.names?.kind}`] : [])));
  return {
    // Whom nobody owns was there before; it is not what this application brings.
    head: { revisions: desired.revisions, sourceTypes: desired.sourceTypes, conditions: [...conditions.filter(({ type }) => type !== "OrphanedResourceWarning"), ...desired.warnings] },
    objects: all.sort((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1)).map((one) => previewed(one, brought, facts)),
  };
}

/** The destination's namespace, where the first sync would create it. */
function missingNamespace({ app, live }: Facts, objects: readonly ObjectComparison[]): ObjectComparison[] {
  const target = ownNamespace(app);
  const key = keyOf(target);
  if (key.name === "" || app.spec.syncPolicy?.syncOptions?.includes("CreateNamespace=true") !== true || live.get(key) !== undefined || objects.some((one) => keyText(one.key) === keyText(key))) return [];
  return [{ key, target, live: undefined, modified: true, predicted: target, normalizedLive: undefined, differences: [] }];
}

function previewed(one: ObjectComparison, brought: ReadonlySet<string>, facts: Facts): PreviewedObject {
  const { key, target, live, modified } = one;
  const { version } = gvkOf((target ?? live)!);
  const hidden = facts.settings.maskedAnnotations;
  const { state, ...difference } = shown(one, hidden);
  const hook = target !== undefined && isHook(target);
  const owner = live === undefined ? "" : trackedBy(live, facts.tracking);
  const problem = target === undefined ? undefined : problemOf(key, version, brought, facts);
  return {
    ...difference,
    version,
    state: hook ? "Hook" : state === "Missing" ? "New" : state === "Modified" && !modified ? "Same" : state,
    hooks: hook ? hookTypes(target) : [],
    ...(owner !== "" && owner !== facts.instance && { owner: owner.replaceAll("_", "/") }),
    ...(problem !== undefined && { problem }),
  };
}

/** Why a sync could not apply an object; undefined where it could. Kinds that the application brings itself are not served yet. */
function problemOf(key: ObjectKey, version: string, brought: ReadonlySet<string>, { live, project, cluster, projectClusters }: Facts): string | undefined {
  const { group, kind } = key;
  const served = live.known?.find({ group, version, kind });
  if (served === undefined && !brought.has(`${group}/${kind}`)) return missingKind({ group, version, kind }, key.namespace, key.name, live);
  return syncProblem(project, key, served?.namespaced ?? key.namespace !== "", cluster, projectClusters);
}
