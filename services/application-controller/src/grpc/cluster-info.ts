import { trimServer } from "@trireme/settings";
import { rfc3339 } from "@trireme/runtime";
import type { Reconciler } from "../applications/reconciler.ts";
import type { Deps } from "../deps.ts";

/** Argo's ClusterInfo of each cluster that this replica owns. */
export function clusterInfo(deps: Deps, reconciler: Reconciler, server: string): [string, unknown][] {
  const { plane, clusters, ctx } = deps;
  const all = plane.settings().clusters.all.filter((cluster) => server === "" || cluster.server === trimServer(server));
  const now = rfc3339(ctx.clock.now());
  return all.map((cluster) => {
    const applicationsCount = plane.apps().filter((app) => {
      const { destination } = app.spec;
      return (destination.server ? trimServer(destination.server) === cluster.server : destination.name === cluster.name) && reconciler.owns(app);
    }).length;
    const live = clusters.opened().find((each) => each.id === cluster.server);
    const discovery = live?.known;
    const failure = live?.failure;
    const connectionState =
      live === undefined || (discovery === undefined && failure === undefined)
        ? { status: "Unknown", message: applicationsCount === 0 ? "Cluster has no applications and is not being monitored." : "", attemptedAt: now }
        : failure !== undefined
          ? { status: "Failed", message: failure, attemptedAt: now }
          : { status: "Successful", message: "", attemptedAt: now };
    const info = {
      connectionState,
      ...(discovery && { serverVersion: discovery.serverVersion.gitVersion }),
      cacheInfo: { ...(live && { resourcesCount: live.counts.resources, apisCount: live.counts.kinds, ...(live.lastSync > 0 && { lastCacheSyncTime: rfc3339(live.lastSync) }) }) },
      applicationsCount,
      ...(discovery && { apiVersions: [...new Set(discovery.resources.map(({ group, version, kind }) => `${group === "" ? "" : `${group}/`}${version}/${kind}`))].sort() }),
    };
    return [cluster.server, info];
  });
}
