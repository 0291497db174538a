import { IN_CLUSTER, type ClusterId } from "@trireme/api";
import type { ApplicationDestination } from "@trireme/api/argo";
import type { TrackingSettings } from "@trireme/gitops";
import { connectionFromClusterSecret, createKubeClient, type KubeClient, type KubeResponseEvent } from "@trireme/kube";
import { AppError, Code, type Logger } from "@trireme/runtime";
import type { Cluster, Settings } from "@trireme/settings";
import { LiveCluster, type LiveEvent } from "./live-cluster.ts";

export interface ClusterRegistry extends AsyncDisposable {
  /** The cluster that a destination means. Throws where there is none, or more than one. */
  resolve(destination: ApplicationDestination): Cluster;
  /** Its live state; opened at the first use. */
  live(cluster: Cluster): LiveCluster;
  opened(): readonly LiveCluster[];
  /** Closes what settings do not have any more, or have otherwise. */
  settingsChanged(): void;
}

/** Destination clusters by their Secrets. The control plane's own needs none: it is reached by the controller's identity. */
export function clusterRegistry(options: {
  control: KubeClient;
  /** Told of every answer of an API server that is not the control plane's own. */
  answered(event: KubeResponseEvent): void;
  settings(): Settings;
  tracking(): TrackingSettings;
  redact(value: Uint8Array): string;
  onEvent(event: LiveEvent): void;
  onState(cluster: ClusterId): void;
  syncTimeoutMs: number;
  log: Logger;
}): ClusterRegistry {
  const { control, settings, log } = options;
  const open = new Map<ClusterId, { live: LiveCluster; identity: string }>();

  const clientOf = (cluster: Cluster): KubeClient => {
    if (cluster.server === IN_CLUSTER && Object.keys(cluster.config.tlsClientConfig ?? {}).every((key) => key === "insecure") && !cluster.config.bearerToken && !cluster.config.username && !cluster.config.execProviderConfig && !cluster.config.awsAuthConfig) return shared(control);
    return createKubeClient({ cluster: cluster.server, connection: connectionFromClusterSecret(cluster.config, cluster.server), userAgent: "trireme-application-controller", onResponse: (event) => options.answered(event) });
  };
  const identityOf = (cluster: Cluster): string => JSON.stringify([cluster.config, cluster.namespaces, cluster.clusterResources, cluster.refreshRequestedAt]);
  const closeOne = (id: ClusterId) => {
    const entry = open.get(id);
    open.delete(id);
    void entry?.live[Symbol.asyncDispose]().catch((error: unknown) => log.warn({ cluster: id, error }, "cluster did not close cleanly"));
  };

  return {
    resolve(destination) {
      const { clusters } = settings();
      if (destination.server) {
        const cluster = clusters.byServer(destination.server);
        if (cluster === undefined) throw new AppError(`There are no clusters with this server: ${destination.server}`, { reason: "ClusterNotFound", code: Code.NotFound, retry: "later" });
        return cluster;
      }
      const named = clusters.byName(destination.name ?? "");
      if (named.length === 0) throw new AppError(`there are no clusters with this name: ${destination.name}`, { reason: "ClusterNotFound", code: Code.NotFound, retry: "later" });
      if (named.length > 1) throw new AppError(`there are ${named.length} clusters with the same name: [${named.map((cluster) => cluster.server).join(" ")}]`, { reason: "ClusterAmbiguous", code: Code.FailedPrecondition, retry: "later" });
      return named[0]!;
    },
    live(cluster) {
      const identity = identityOf(cluster);
      const entry = open.get(cluster.server);
      if (entry?.identity === identity) return entry.live;
      if (entry !== undefined) closeOne(cluster.server);
      const live = new LiveCluster({
        cluster: cluster.server,
        client: clientOf(cluster),
        namespaces: cluster.namespaces,
        clusterResources: cluster.clusterResources,
        tracking: options.tracking,
        redact: options.redact,
        onEvent: options.onEvent,
        onState: () => options.onState(cluster.server),
        syncTimeoutMs: options.syncTimeoutMs,
        log,
      });
      open.set(cluster.server, { live, identity });
      return live;
    },
    opened: () => [...open.values()].map((entry) => entry.live),
    settingsChanged() {
      for (const [id, entry] of open) {
        const cluster = settings().clusters.byServer(id);
        if (cluster === undefined || identityOf(cluster) !== entry.identity) closeOne(id);
        else entry.live.reindex();
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...open.values()].map((entry) => entry.live[Symbol.asyncDispose]()));
      open.clear();
    },
  };
}

/** The same client for somebody who does not own its connections. */
function shared(client: KubeClient): KubeClient {
  return new Proxy(client, { get: (target, name) => (name === "close" ? () => Promise.resolve() : typeof (target as any)[name] === "function" ? (target as any)[name].bind(target) : (target as any)[name]) });
}
