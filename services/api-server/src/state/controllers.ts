import type { KubeObject } from "@trireme/api";
import type { WatchCache } from "@trireme/kube";
import { clusters, createClient, type TlsFiles } from "@trireme/rpc";
import { shardOf, type Cluster, type Settings, type ShardingAlgorithm } from "@trireme/settings";

const LEASE = /^trireme-shard-(\d+)$/;

/** The application-controller's replicas, by the shard that each owns. */
export interface Controllers extends Disposable {
  /** The owner of a cluster; of shard 0 for a destination that nobody knows. */
  of(cluster: Cluster | undefined): clusters.ClustersClient;
  shardOf(cluster: Cluster | undefined): number;
  /** Shards that somebody owns now, by their Leases; all configured ones while none is seen. */
  shards(): number[];
  byShard(shard: number): clusters.ClustersClient;
}

export function createControllers(options: { address: string; replicas: number; algorithm: ShardingAlgorithm; tls: TlsFiles | undefined; leases: WatchCache<KubeObject>; settings: () => Settings; applicationsPerCluster: () => ReadonlyMap<string, number> }): Controllers {
  const clients = new Map<string, clusters.ClustersClient & Disposable>();

  const live = (): number[] => {
    const held = options.leases.list().flatMap((lease) => {
      const number = LEASE.exec(lease.metadata.name ?? "")?.[1];
      return number !== undefined && lease["spec"]?.holderIdentity ? [Number(number)] : [];
    });
    return held.length > 0 ? held.sort((a, b) => a - b) : Array.from({ length: options.replicas }, (_, i) => i);
  };
  const replicas = () => Math.max(options.replicas, ...live().map((shard) => shard + 1));
  const byShard = (shard: number) => {
    const address = options.address.replaceAll("{shard}", String(shard));
    let client = clients.get(address);
    if (client === undefined) {
      client = createClient<clusters.ClustersClient>(clusters.CLUSTERS_SERVICE, address, options.tls ? { tls: options.tls, peer: "application-controller", deadlineMs: 10_000 } : { deadlineMs: 10_000 });
      clients.set(address, client);
    }
    return client;
  };
  const shard = (cluster: Cluster | undefined) => Math.max(0, shardOf(cluster, { replicas: replicas(), algorithm: options.algorithm, clusters: options.settings().clusters.all, applications: options.applicationsPerCluster() }));

  return {
    shardOf: shard,
    shards: live,
    byShard,
    of: (cluster) => byShard(shard(cluster)),
    [Symbol.dispose]() {
      for (const client of clients.values()) client[Symbol.dispose]();
    },
  };
}
