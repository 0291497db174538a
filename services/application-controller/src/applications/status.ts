import { applicationHealth, healthOf, hasMultipleSources, isKindPermitted, missingNode, nodeOf, parentsOf, resourceStatuses, sameJson, summaryOf, withConditions, type ConditionType, type ResourceNode } from "@trireme/gitops";
import type { KubeObject } from "@trireme/api";
import type { Application, ApplicationCondition, ApplicationStatus, AppProject, HealthStatus, SyncStatus } from "@trireme/api/argo";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { Comparison } from "./compare.ts";
import type { Desired } from "./memory.ts";

/** Condition types that a comparison answers for. */
export const COMPARED: readonly ConditionType[] = ["ComparisonError", "InvalidSpecError", "UnknownError", "SharedResourceWarning", "RepeatedResourceWarning", "ExcludedResourceWarning", "OrphanedResourceWarning", "ManifestWarning"];

export interface StatusFacts {
  app: Application;
  project: AppProject;
  desired: Desired;
  comparison: Comparison;
  live: LiveCluster;
  controllerNamespace: string;
  persistResourceHealth: boolean;
  tracking: Parameters<typeof resourceStatuses>[1]["tracking"];
  conditions: readonly ApplicationCondition[];
  /** RFC3339. */
  now: string;
  /** The comparison was with the latest: the status says when. */
  latest: boolean;
}

/** The status that a comparison says, everything else as it was. */
export function comparedStatus(facts: StatusFacts): ApplicationStatus {
  const { app, desired, comparison, live, now } = facts;
  const before = app.status ?? {};
  const unknown = facts.conditions.some((condition) => condition.type === "ComparisonError");
  const { status, resources } = resourceStatuses(comparison.objects, {
    app,
    tracking: facts.tracking,
    unknown,
    namespaceMetadataChanged: namespaceMetadataChanged(app),
    hooks: desired.hooks,
    isPermitted: (key) => isKindPermitted(facts.project.spec, key, key.name, live.isNamespaced(key) ?? key.namespace !== ""),
  });
  const healths = comparison.objects.map(({ target, live: object }) => ({ target, live: object, health: object === undefined ? undefined : healthOf(object) }));
  const health = applicationHealth(healths, { namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" });
  if (facts.persistResourceHealth) {
    for (const [index, { live: object, health: found }] of healths.entries()) {
      const { key } = comparison.objects[index]!;
      const resource = resources.find((each) => (each.group ?? "") === key.group && each.kind === key.kind && (each.namespace ?? "") === key.namespace && each.name === key.name);
      const shown: HealthStatus | undefined = object === undefined ? { status: "Missing" } : found;
      if (resource !== undefined && shown !== undefined) resource.health = shown;
    }
  }
  const many = hasMultipleSources(app.spec);
  const sync: SyncStatus = {
    status,
    comparedTo: { ...(many ? { sources: desired.sources } : { source: desired.sources[0]! }), destination: app.spec.destination, ...(app.spec.ignoreDifferences !== undefined && { ignoreDifferences: app.spec.ignoreDifferences }) },
    ...(many ? { revisions: desired.revisions } : { revision: desired.revisions[0] ?? "" }),
  };
  const conditions = withConditions(before.conditions, COMPARED, [...comparison.conditions, ...desired.warnings, ...facts.conditions], now);
  const { conditions: _, sourceType: __, sourceTypes: ___, resources: ____, ...kept } = before;
  return {
    ...kept,
    controllerNamespace: facts.controllerNamespace,
    ...(conditions.length > 0 && { conditions }),
    health: { status: health, ...(before.health?.status === health ? before.health.lastTransitionTime !== undefined && { lastTransitionTime: before.health.lastTransitionTime } : { lastTransitionTime: now }) },
    reconciledAt: facts.latest || before.reconciledAt === undefined ? now : before.reconciledAt,
    ...(facts.persistResourceHealth ? {} : { resourceHealthSource: "appTree" }),
    ...(resources.length > 0 && { resources }),
    sourceHydrator: before.sourceHydrator ?? {},
    ...(many ? { sourceTypes: desired.sourceTypes } : desired.sourceTypes[0] !== undefined && desired.sourceTypes[0] !== "" && { sourceType: desired.sourceTypes[0] }),
    summary: summaryOf(treeNodes(comparison, live), app),
    sync,
  };
}

/** The status of an application that could not be compared: unknown, with the reason; what was known of its objects is said to be unknown too. */
export function unknownStatus(app: Application, conditions: readonly ApplicationCondition[], options: { controllerNamespace: string; now: string; specError: boolean }): ApplicationStatus {
  const before = app.status ?? {};
  const merged = withConditions(before.conditions, COMPARED, conditions, options.now);
  const { conditions: _, ...kept } = before;
  const health = options.specError ? "Unknown" : (before.health?.status ?? "Unknown");
  return {
    ...kept,
    controllerNamespace: options.controllerNamespace,
    ...(merged.length > 0 && { conditions: merged }),
    health: { status: health, ...(before.health?.status === health ? before.health?.lastTransitionTime !== undefined && { lastTransitionTime: before.health.lastTransitionTime } : { lastTransitionTime: options.now }) },
    reconciledAt: options.now,
    ...(before.resources !== undefined && { resources: before.resources.map((resource) => (resource.status === undefined ? resource : { ...resource, status: "Unknown" as const })) }),
    sourceHydrator: before.sourceHydrator ?? {},
    summary: before.summary ?? {},
    sync: {
      ...before.sync,
      status: "Unknown",
      comparedTo: {
        ...(hasMultipleSources(app.spec) ? { sources: app.spec.sources! } : app.spec.source !== undefined && { source: app.spec.source }),
        destination: app.spec.destination,
        ...(app.spec.ignoreDifferences !== undefined && { ignoreDifferences: app.spec.ignoreDifferences }),
      },
    },
  };
}

/** Nodes of what is managed and of everything below it. */
export function treeNodes(comparison: Comparison, live: LiveCluster, customLabels: readonly string[] = []): ResourceNode[] {
  const nodes: ResourceNode[] = [];
  const seen = new Set<string>();
  const visit = (object: KubeObject) => {
    const uid = object.metadata.uid ?? "";
    if (seen.has(uid)) return;
    seen.add(uid);
    nodes.push(nodeOf(object, parentsOf(object, live), { customLabels }));
    for (const child of live.childrenOf(object)) visit(child);
  };
  for (const { target, live: object } of comparison.objects) {
    if (object !== undefined) visit(object);
    else if (target !== undefined) nodes.push(missingNode(target));
  }
  return nodes;
}

function namespaceMetadataChanged(app: Application): boolean {
  const result = app.status?.operationState?.syncResult;
  const wanted = app.spec.syncPolicy?.managedNamespaceMetadata;
  if (wanted === undefined || wanted === null || result === undefined || result === null) return false;
  return !sameJson(wanted, result.managedNamespaceMetadata);
}
