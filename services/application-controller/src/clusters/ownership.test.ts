import type { Application } from "@trireme/api/argo";
import { ManualClock, TimerWheel } from "@trireme/runtime";
import { inCluster, shardOf, type Cluster } from "@trireme/settings";
import type { Config } from "../config.ts";
import { createOwnership } from "./ownership.ts";

const clusters: Cluster[] = Array.from({ length: 12 }, (_, i) => ({ ...inCluster(), id: `id-${i}`, server: `https://cluster-${i}` }));
const app = (server: string): Application => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name: "web" }, spec: { project: "default", destination: { server } } });

function given(shardingAlgorithm: Config["shardingAlgorithm"], shard: number, apps: Application[]) {
  const clock = new ManualClock(0);
  const listeners: ((event: object) => void)[] = [];
  const all = { all: clusters };
  const ownership = createOwnership({
    config: { replicas: 3, shard, shardingAlgorithm } as Config,
    ctx: { clock, wheel: new TimerWheel(clock) },
    plane: { apps: () => apps, settings: () => ({ clusters: all }), onApp: (listener: (event: object) => void) => listeners.push(listener) },
    clusters: {
      resolve({ server }: { server?: string }) {
        const found = clusters.find((cluster) => cluster.server === server);
        if (found === undefined) throw new Error(`There are no clusters with this server: ${server}`);
        return found;
      },
    },
  } as unknown as Parameters<typeof createOwnership>[0]);
  return { clock, ownership, changed: (event: object) => listeners.forEach((listener) => listener(event)) };
}

describe(createOwnership, () => {
  test.each(["legacy", "round-robin", "consistent-hashing"] as const)("gives every cluster to one of the replicas, the same as the api-server asks (%s)", (algorithm) => {
    const apps = clusters.flatMap(({ server }, i) => Array.from({ length: i % 5 }, () => app(server)));
    const applications = new Map(clusters.map(({ server }, i) => [server, i % 5]));
    const owners = [0, 1, 2].map((shard) => given(algorithm, shard, apps).ownership);
    for (const cluster of clusters) {
      const asked = shardOf(cluster, { replicas: 3, algorithm, clusters, applications });
      expect(owners.map((ownership) => ownership.owns(app(cluster.server)))).toEqual([0, 1, 2].map((shard) => shard === asked));
    }
  });

  it("gives applications whose destination is unknown to shard 0, and a cluster that is to be skipped to nobody", () => {
    expect([0, 1].map((shard) => given("legacy", shard, []).ownership.owns(app("https://elsewhere")))).toEqual([true, false]);
    const skipped = { ...clusters[0]!, skipReconcile: true };
    expect([0, 1, 2].some((shard) => given("legacy", shard, []).ownership.ownsCluster(skipped))).toBe(false);
  });

  it("tells when applications that come move clusters between shards, where they are weighed", () => {
    const apps = clusters.map(({ server }) => app(server));
    const replicas = [0, 1, 2].map((shard) => given("consistent-hashing", shard, apps));
    let moved = 0;
    for (const { ownership } of replicas) ownership.onMoved(() => moved++);
    const before = clusters.map((cluster) => replicas.findIndex(({ ownership }) => ownership.ownsCluster(cluster)));
    apps.push(...Array.from({ length: 60 }, () => app(clusters[3]!.server)));
    for (const { changed, clock } of replicas) {
      changed({ type: "added", object: apps.at(-1) });
      clock.advance(2_000);
    }
    const after = clusters.map((cluster) => replicas.findIndex(({ ownership }) => ownership.ownsCluster(cluster)));
    expect(after).not.toEqual(before);
    expect(moved).toBe(3);
  });
});
