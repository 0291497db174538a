import { createHash } from "node:crypto";
import { blake2b64 } from "./blake2b.ts";
import { inCluster, type Cluster } from "./clusters.ts";
import { shardOf } from "./sharding.ts";

const aCluster = (id: string, more: Partial<Cluster> = {}): Cluster => ({ ...inCluster(), id, server: `https://${id}`, ...more });

describe(shardOf, () => {
  it("takes the Secret's own shard, and shard 0 where there are not that many", () => {
    expect(shardOf(aCluster("a", { shard: 2 }), { replicas: 3 })).toBe(2);
    expect(shardOf(aCluster("a", { shard: 5 }), { replicas: 3 })).toBe(0);
  });

  it("gives the cluster without a Secret, and no cluster at all, to shard 0", () => {
    expect(shardOf(inCluster(), { replicas: 3 })).toBe(0);
    expect(shardOf(undefined, { replicas: 3 })).toBe(0);
  });

  it("hashes the id by default", () => {
    // FNV-1a of "a" is 0xe40c292c.
    expect(shardOf(aCluster("a"), { replicas: 7 })).toBe(0xe40c292c % 7);
  });

  it("goes round by rank of id", () => {
    const clusters = ["c", "a", "b"].map((id) => aCluster(id));
    expect(clusters.map((cluster) => shardOf(cluster, { replicas: 2, algorithm: "round-robin", clusters }))).toEqual([0, 0, 1]);
    expect(shardOf(aCluster("gone"), { replicas: 2, algorithm: "round-robin", clusters })).toBe(-1);
  });

  it("spreads by bounded loads and keeps most clusters in place when a shard is added", () => {
    const clusters = Array.from({ length: 60 }, (_, i) => aCluster(`id-${String(i).padStart(2, "0")}`));
    const applications = new Map(clusters.map((cluster) => [cluster.server, 5]));
    const place = (replicas: number) => clusters.map((cluster) => shardOf(cluster, { replicas, algorithm: "consistent-hashing", clusters, applications }));
    const before = place(3);
    const counts = [0, 1, 2].map((shard) => before.filter((one) => one === shard).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(Math.ceil(20 * 1.25) + 1);
    const moved = place(4).filter((shard, i) => shard !== before[i] && shard !== 3).length;
    expect(moved).toBeLessThan(30);
  });
});

describe(blake2b64, () => {
  test.each(["", "a", "0123", "x".repeat(100)])("agrees with the platform on %j", (text) => {
    expect(blake2b64(text)).toBe(createHash("blake2b512").update(text).digest().readBigUInt64LE(0));
  });
});
