import { isAutomated } from "@trireme/gitops";
import type { Reconciler } from "./applications/reconciler.ts";
import type { Deps } from "./deps.ts";

/** Argo's gauges over what the caches hold, read when they are asked for. */
export function controllerMetrics(deps: Deps, reconciler: Reconciler): void {
  const { metrics } = deps.ctx;
  const labels = ["namespace", "name", "project", "autosync_enabled", "repo", "dest_server", "dest_namespace", "sync_status", "health_status", "operation"] as const;
  metrics.gauge("argocd_app_info", "Information about application.", labels, (gauge) => {
    gauge.reset();
    for (const app of deps.plane.apps()) {
      if (!reconciler.owns(app)) continue;
      gauge.set(
        {
          namespace: app.metadata.namespace ?? "",
          name: app.metadata.name ?? "",
          project: app.spec.project || "default",
          autosync_enabled: String(isAutomated(app.spec.syncPolicy)),
          repo: app.spec.source?.repoURL ?? app.spec.sources?.[0]?.repoURL ?? "",
          dest_server: app.spec.destination.server ?? "",
          dest_namespace: app.spec.destination.namespace ?? "",
          sync_status: app.status?.sync?.status ?? "Unknown",
          health_status: app.status?.health?.status ?? "Unknown",
          operation: app.operation === undefined ? "" : app.operation.sync === undefined ? "" : "sync",
        },
        1,
      );
    }
  });
  metrics.gauge("argocd_cluster_api_resource_objects", "Number of k8s resource objects in the cache.", ["server"], (gauge) => {
    gauge.reset();
    for (const live of deps.clusters.opened()) gauge.set({ server: live.id }, live.counts.resources);
  });
  metrics.gauge("trireme_controller_visits_running", "Visits to applications that are under way.", [], (gauge) => gauge.set(reconciler.executor.busy));
}
