import { gvkOf, keyOf, type KubeObject, type ObjectKey } from "@trireme/api";
import type { Application, ApplicationCondition, AppProject } from "@trireme/api/argo";
import { CLIENT_SIDE_MANAGER, diff, isLivePermitted, resourceOption, trackedBy, type ComparedObject, type DiffOptions, type FieldDifference, type IgnoreRule, type ProjectCluster, type TrackingSettings } from "@trireme/gitops";
import type { CompareOptions, Settings } from "@trireme/settings";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { ClusterSchemas } from "../clusters/schemas.ts";
import type { Desired } from "./memory.ts";

/** One object's comparison, good as long as both sides are the very objects that it saw. */
export interface ObjectComparison extends ComparedObject {
  predicted: KubeObject | undefined;
  normalizedLive: KubeObject | undefined;
  differences: readonly FieldDifference[];
}

export interface Comparison {
  objects: ObjectComparison[];
  conditions: ApplicationCondition[];
}

export interface CompareInput {
  desired: Desired;
  /** What is wanted of it, stray fields left out. */
  targets: Desired["targets"];
  live: LiveCluster;
  schemas: ClusterSchemas;
  project: AppProject;
  cluster: ProjectCluster;
  projectClusters: readonly ProjectCluster[];
  tracking: TrackingSettings;
  instance: string;
  appName: string;
  syncOptions: readonly string[];
  ignoreDifferences: readonly IgnoreRule[];
  compareOptions: CompareOptions;
  /** Live objects in the version that Git writes, by key. */
  converted: ReadonlyMap<string, { from: KubeObject; object: KubeObject }>;
}

/** Compares what is wanted with what is there; objects that have not changed since `before` are not looked at again. */
export function compareAll(input: CompareInput, before: ReadonlyMap<string, ObjectComparison>): Comparison & { byKey: Map<string, ObjectComparison> } {
  const { desired, live, project, cluster, projectClusters, tracking, instance } = input;
  const conditions: ApplicationCondition[] = [...desired.conditions];
  const byKey = new Map<string, ObjectComparison>();
  const permitted = (object: KubeObject) => isLivePermitted(project.spec, keyOf(object), cluster, projectClusters);
  const add = (id: string, key: ObjectKey, target: KubeObject | undefined, found: KubeObject | undefined) => {
    const known = before.get(id);
    byKey.set(id, known !== undefined && known.target === target && known.live === found ? known : compareOne(input, key, target, found));
  };
  for (const [id, target] of input.targets) {
    const key = keyOf(target);
    const watched = live.get(key);
    const there = input.converted.get(id)?.from === watched ? input.converted.get(id)?.object : watched;
    const found = there !== undefined && permitted(there) ? there : undefined;
    add(id, key, target, found);
    const owner = found === undefined ? "" : trackedBy(found, tracking);
    if (owner !== "" && owner !== instance) {
      conditions.push({ type: "SharedResourceWarning", message: `${key.kind}/${key.name} is part of applications ${input.appName} and ${owner.replaceAll("_", "/")}` });
    }
  }
  for (const [id, found] of live.tracked(instance)) {
    if (byKey.has(id) || (found.metadata.ownerReferences?.length ?? 0) > 0 || !permitted(found)) continue;
    add(id, keyOf(found), undefined, found);
  }
  return { objects: [...byKey.values()], conditions, byKey };
}

function compareOne(input: CompareInput, key: ObjectKey, target: KubeObject | undefined, live: KubeObject | undefined): ObjectComparison {
  if (target === undefined || live === undefined) return { key, target, live, modified: true, predicted: target, normalizedLive: live, differences: [] };
  const options: DiffOptions = {
    desired: target,
    live,
    schema: input.schemas.of(gvkOf(target)),
    apply: appliesOnServer(target, input.syncOptions) ? "server" : "client",
    migratedManagers: migratesClientSide(input.syncOptions) ? [CLIENT_SIDE_MANAGER] : [],
    ignoreDifferences: input.ignoreDifferences,
    ignoreResourceStatusField: input.compareOptions.ignoreResourceStatusField,
    ignoreAggregatedRoles: input.compareOptions.ignoreAggregatedRoles,
  };
  // A program that only a real jq can run is passed over, as one that fails is: its answer is none.
  const programs = input.ignoreDifferences.reduce((sum, rule) => sum + (rule.jqPathExpressions?.length ?? 0), 0);
  const answer = diff({ ...options, answers: new Array<undefined>(programs).fill(undefined) });
  if ("question" in answer) return { key, target, live, modified: true, predicted: target, normalizedLive: live, differences: [] };
  return { key, target, live, modified: answer.modified, predicted: answer.predictedLive, normalizedLive: answer.normalizedLive, differences: answer.differences };
}

/** Whether the fields of client-side applies become this manager's before its first server-side apply. */
export function migratesClientSide(syncOptions: readonly string[]): boolean {
  return !syncOptions.includes("ClientSideApplyMigration=false");
}

/** Whether an object is applied by the server's own merge; its annotation may say no where the application says yes. */
export function appliesOnServer(target: KubeObject, syncOptions: readonly string[]): boolean {
  return resourceOption(target, syncOptions, "ServerSideApply") === "true";
}

/** The rules of the application and those of the system, as one list. */
export function ignoreRules(app: Application, settings: Settings): IgnoreRule[] {
  const system = [...settings.overrides].flatMap(([id, override]): IgnoreRule[] => {
    const rules = override.ignoreDifferences;
    if (rules === undefined) return [];
    const slash = id.indexOf("/");
    return [
      {
        group: slash < 0 ? "" : id.slice(0, slash),
        kind: slash < 0 ? id : id.slice(slash + 1),
        ...(rules.jsonPointers && { jsonPointers: rules.jsonPointers.filter((pointer) => pointer !== "/status") }),
        ...(rules.jqPathExpressions && { jqPathExpressions: rules.jqPathExpressions }),
        ...(rules.managedFieldsManagers && { managedFieldsManagers: rules.managedFieldsManagers }),
      },
    ];
  });
  return [...(app.spec.ignoreDifferences ?? []), ...system];
}
