import { keyOf, keyText, type GroupKind, type KubeObject } from "@trireme/api";
import type { Application, ApplicationCondition, AppProject } from "@trireme/api/argo";
import { isLivePermitted, orphansOf, trackedBy } from "@trireme/gitops";
import type { Cluster, Settings } from "@trireme/settings";
import type { LiveCluster } from "../clusters/live-cluster.ts";
import type { Comparison } from "./compare.ts";

/** What has to be watched beside an application's own kinds where its project asks for orphans: every kind of a namespace. */
export function orphanKinds(project: AppProject, live: LiveCluster, settings: Settings): GroupKind[] {
  if (!project.spec.orphanedResources) return [];
  return (live.known?.resources ?? []).filter((info) => info.namespaced && info.verbs.includes("list") && info.verbs.includes("watch") && !settings.resources.excludes(info.group, info.kind, live.id)).map(({ group, kind }) => ({ group, kind }));
}

/** Objects in the destination's namespace that belong to nobody. */
export function orphans(facts: { app: Application; project: AppProject; cluster: Cluster; projectClusters: readonly Cluster[]; live: LiveCluster; settings: Settings }, comparison: Comparison, isApp: (instance: string) => boolean): KubeObject[] {
  const { app, project, cluster, projectClusters, live, settings } = facts;
  const namespace = app.spec.destination.namespace ?? "";
  if (!project.spec.orphanedResources || namespace === "") return [];
  const own = new Set(comparison.objects.map(({ key }) => keyText(key)));
  const here = orphanKinds(project, live, settings).flatMap((kind) => live.list(kind).filter((object) => object.metadata.namespace === namespace));
  return orphansOf(here, {
    project: project.spec,
    isPermitted: (key) => isLivePermitted(project.spec, key, cluster, projectClusters),
    isManaged: (object) => own.has(keyText(keyOf(object))) || isApp(trackedBy(object, settings.tracking)),
  });
}

/** Told only where the project asks to be warned. */
export function orphanCondition(project: AppProject, found: readonly KubeObject[]): ApplicationCondition[] {
  if (found.length === 0 || project.spec.orphanedResources?.warn !== true) return [];
  return [{ type: "OrphanedResourceWarning", message: `Application has ${found.length} orphaned resources` }];
}
