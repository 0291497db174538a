import { fnv32a } from "../go-strings.ts";
import type { Cluster } from "./clusters.ts";
import { assignBounded } from "./consistent.ts";

export const ShardingAlgorithm = { Legacy: "legacy", RoundRobin: "round-robin", ConsistentHashing: "consistent-hashing" } as const;
export type ShardingAlgorithm = (typeof ShardingAlgorithm)[keyof typeof ShardingAlgorithm];

export interface ShardingOptions {
  replicas: number;
  /** Default `legacy`. */
  algorithm?: ShardingAlgorithm;
  /** All clusters; round-robin and consistent hashing depend on the others. */
  clusters?: readonly Cluster[];
  /** Applications per cluster URL; only consistent hashing weighs them. */
  applications?: ReadonlyMap<string, number>;
}

/**
 * Which shard owns a cluster, as Argo CD decides it, so that mixed fleets agree: the Secret's own
 * `shard` when there are that many, else the algorithm's. No cluster (an application whose destination
 * is unknown) belongs to shard 0. -1: nobody's (no replicas, or a cluster not among `clusters`).
 */
export function shardOf(cluster: Cluster | undefined, options: ShardingOptions): number {
  const { replicas, clusters = [] } = options;
  if (replicas <= 0) return -1;
  if (cluster === undefined) return 0;
  if (cluster.shard !== undefined && cluster.shard >= 0) return cluster.shard < replicas ? cluster.shard : 0;
  switch (options.algorithm ?? ShardingAlgorithm.Legacy) {
    case ShardingAlgorithm.RoundRobin: {
      const index = sortedById(clusters).findIndex((one) => one.id === cluster.id);
      return index < 0 ? -1 : index % replicas;
    }
    case ShardingAlgorithm.ConsistentHashing:
      return assignBounded(sortedById(clusters), replicas, options.applications ?? new Map()).get(cluster.id) ?? -1;
    case ShardingAlgorithm.Legacy:
      return cluster.id === "" ? 0 : fnv32a(cluster.id) % replicas;
  }
}

function sortedById(clusters: readonly Cluster[]): readonly Cluster[] {
  return [...clusters].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
