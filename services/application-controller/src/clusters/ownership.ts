import type { Application } from "@trireme/api/argo";
import { sameJson } from "@trireme/gitops";
import { shardOf, type Cluster } from "@trireme/settings";
import type { Config } from "../config.ts";
import type { Context } from "../context.ts";
import type { ControlPlane } from "../control-plane/objects.ts";
import type { ClusterRegistry } from "./registry.ts";

/** Which clusters, and so which applications, are this shard's; one answer for everything that reconciles. */
export interface Ownership {
  owns(app: Application): boolean;
  ownsCluster(cluster: Cluster | undefined): boolean;
  /** Called when applications that come or go have moved clusters between shards. */
  onMoved(listener: () => void): void;
}

const SETTLE_MS = 1_000;

export function createOwnership({ config, ctx, plane, clusters }: { config: Config; ctx: Context; plane: ControlPlane; clusters: ClusterRegistry }): Ownership {
  const isWeighed = config.shardingAlgorithm === "consistent-hashing";
  const listeners: (() => void)[] = [];
  let applications: ReadonlyMap<string, number> = isWeighed ? countApplications() : new Map();
  let known: { basis: object; shards: Map<Cluster | undefined, number> } = { basis: {}, shards: new Map() };

  function countApplications(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const app of plane.apps()) {
      const server = clusterOf(app)?.server;
      if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
    }
    return counts;
  }
  /** An unknown destination is no cluster, and belongs to shard 0. */
  function clusterOf(app: Application): Cluster | undefined {
    try {
      return clusters.resolve(app.spec.destination);
    } catch {
      return undefined;
    }
  }
  const shard = (cluster: Cluster | undefined): number => {
    const { clusters: basis } = plane.settings();
    if (known.basis !== basis) known = { basis, shards: new Map() };
    let found = known.shards.get(cluster);
    if (found === undefined) known.shards.set(cluster, (found = shardOf(cluster, { replicas: config.replicas, algorithm: config.shardingAlgorithm, clusters: basis.all, applications })));
    return found;
  };
  const ownsCluster = (cluster: Cluster | undefined) => cluster?.skipReconcile !== true && shard(cluster) === config.shard;

  if (isWeighed) {
    const recount = () => {
      const { all } = plane.settings().clusters;
      const before = all.map(shard);
      applications = countApplications();
      known = { basis: {}, shards: new Map() };
      if (!sameJson(before, all.map(shard))) for (const listener of listeners) listener();
    };
    plane.onApp((event) => {
      if (event.type !== "modified" || !sameJson(event.object.spec.destination, event.old?.spec.destination)) ctx.wheel.setNoLater("ownership", ctx.clock.now() + SETTLE_MS, recount);
    });
  }
  return { owns: (app) => ownsCluster(clusterOf(app)), ownsCluster, onMoved: (listener) => void listeners.push(listener) };
}
