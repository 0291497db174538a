import type { Application } from "@trireme/api/argo";
import { isAutomated } from "@trireme/gitops";
import type { Metrics } from "@trireme/runtime";
import type { Reconciler } from "./applications/reconciler.ts";
import type { Deps } from "./deps.ts";

export interface ControllerMetrics {
  /** One comparison of an application, in milliseconds. */
  reconciled(app: Application, ms: number): void;
  /** The end of an operation. */
  synced(app: Application, phase: string): void;
}

/** Argo's counters of what was done. */
export function workMetrics(metrics: Metrics): ControllerMetrics {
  const reconciles = metrics.histogram("argocd_app_reconcile", "Application reconciliation performance in seconds.", ["namespace", "dest_server"], [0.25, 0.5, 1, 2, 4, 8, 16]);
  const syncs = metrics.counter("argocd_app_sync_total", "Number of application syncs.", ["namespace", "name", "project", "dest_server", "phase", "dry_run"]);
  return {
    reconciled: (app, ms) => reconciles.observe({ namespace: app.metadata.namespace ?? "", dest_server: app.spec.destination.server ?? "" }, ms / 1000),
    synced: (app, phase) => syncs.inc({ namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "", project: app.spec.project || "default", dest_server: app.spec.destination.server ?? "", phase, dry_run: String(app.status?.operationState?.operation.sync?.dryRun === true) }),
  };
}

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
