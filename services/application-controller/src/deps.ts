import type { Ownership } from "./clusters/ownership.ts";
import type { ClusterRegistry } from "./clusters/registry.ts";
import { clusterSchemas, type ClusterSchemas } from "./clusters/schemas.ts";
import type { LiveCluster } from "./clusters/live-cluster.ts";
import type { Config } from "./config.ts";
import type { Context } from "./context.ts";
import type { ControlPlane } from "./control-plane/objects.ts";
import type { EventRecorder } from "./events.ts";
import type { ControllerMetrics } from "./metrics.ts";
import type { ReleaseStore } from "./releases/store.ts";

/** What a visit to an application may reach. */
export interface Deps {
  config: Config;
  ctx: Context;
  plane: ControlPlane;
  clusters: ClusterRegistry;
  ownership: Ownership;
  events: EventRecorder;
  releases: ReleaseStore;
  schemas(live: LiveCluster): ClusterSchemas;
  work: ControllerMetrics;
  /** How many visits are under way. */
  busy(): number;
}

/** Schemas are kept with the cluster that they came from, and go with it. */
export function schemaStore(): (live: LiveCluster) => ClusterSchemas {
  const stores = new WeakMap<LiveCluster, ClusterSchemas>();
  return (live) => {
    let store = stores.get(live);
    if (store === undefined) stores.set(live, (store = clusterSchemas(live.client)));
    return store;
  };
}

