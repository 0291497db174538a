import { gvkOf, keyOf, keyText, type KubeObject, type ObjectKey } from "@trireme/api";
import { isLivePermitted, isSelfReferenced, sameJson, serverSideApply, trackedBy, type AppProject, type ComparedObject, type Condition, type ProjectCluster, type TrackingSettings } from "@trireme/gitops";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { ClusterSchemas } from "../clusters/schemas.ts";
import type { Desired } from "./memory.ts";

/** One object's comparison, good as long as both sides are the very objects that it saw. */
export interface ObjectComparison extends ComparedObject {
  predicted: KubeObject | undefined;
  normalizedLive: KubeObject | undefined;
}

export interface Comparison {
  objects: ObjectComparison[];
  conditions: Condition[];
}

export interface CompareInput {
  desired: Desired;
  live: LiveCluster;
  schemas: ClusterSchemas;
  project: AppProject;
  cluster: ProjectCluster;
  projectClusters: readonly ProjectCluster[];
  tracking: TrackingSettings;
  instance: string;
  appName: string;
  now: string;
}

/** Compares what is wanted with what is there; objects that have not changed since `before` are not looked at again. */
export function compareAll(input: CompareInput, before: ReadonlyMap<string, ObjectComparison>): Comparison & { byKey: Map<string, ObjectComparison> } {
  const { desired, live, project, cluster, projectClusters, tracking, instance } = input;
  const conditions: Condition[] = [...desired.conditions];
  const byKey = new Map<string, ObjectComparison>();
  const permitted = (object: KubeObject) => isLivePermitted(project.spec, keyOf(object), cluster, projectClusters);
  const add = (id: string, key: ObjectKey, target: KubeObject | undefined, found: KubeObject | undefined) => {
    const known = before.get(id);
    byKey.set(id, known !== undefined && known.target === target && known.live === found ? known : compareOne(input, key, target, found));
  };
  for (const [id, target] of desired.targets) {
    const key = keyOf(target);
    const there = live.get(key);
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
  if (target === undefined || live === undefined || !isSelfReferenced(live, target, input.tracking)) return { key, target, live, modified: true, predicted: target, normalizedLive: live };
  const schema = input.schemas.of(gvkOf(target));
  const { object } = serverSideApply({ live, config: target, manager: "argocd-controller", now: input.now, schema, force: true });
  const predicted = plain(object);
  const normalizedLive = plain(live);
  return { key, target, live, modified: !sameJson(predicted, normalizedLive), predicted, normalizedLive };
}

function plain(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

export const comparisonKey = (object: KubeObject): string => keyText(keyOf(object));
