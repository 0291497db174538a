import { ManualClock, TimerWheel } from "@trireme/runtime";
import { watchOtherController } from "../src/rollouts/other-controller.ts";
import { TestCluster } from "./_cluster.ts";

const lease = (renewTime: string, holderIdentity = "argo-rollouts-7f") => ({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "argo-rollouts-controller-lock", namespace: "argo-rollouts" }, spec: { holderIdentity, leaseDurationSeconds: 15, renewTime } });

function watching(cluster: TestCluster, clock: ManualClock) {
  let changes = 0;
  const waiting = new Set<() => void>();
  const other = watchOtherController(cluster, {
    clock,
    wheel: new TimerWheel(clock),
    onChange: () => {
      changes++;
      for (const each of waiting) each();
    },
  });
  /** Resolves once the holder is as wanted. */
  const becomes = async (wanted: string | undefined) => {
    while (other.holder !== wanted) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  return { other, becomes, changes: () => changes };
}

describe(watchOtherController, () => {
  it("holds back until the Leases are known, and lets go when there is none", async () => {
    const { other, becomes } = watching(new TestCluster(), new ManualClock());
    await using _ = other;
    expect(other.holder).toBe("unknown: Leases were not read yet");
    await becomes(undefined);
  });

  it("names who renews the Lease, until it is silent for 30 s", async () => {
    const clock = new ManualClock();
    const cluster = new TestCluster();
    cluster.put(lease(new Date(clock.now() - 5_000).toISOString()));
    const { other, becomes } = watching(cluster, clock);
    await using _ = other;
    await becomes("argo-rollouts-7f (Lease argo-rollouts/argo-rollouts-controller-lock)");
    clock.advance(26_000);
    expect(other.holder).toBeUndefined();
    cluster.put(lease("1999-01-01T00:00:00Z"));
    // Seen to change now: whatever time the other machine thinks it is.
    await becomes("argo-rollouts-7f (Lease argo-rollouts/argo-rollouts-controller-lock)");
  });

  it("does not mind a Lease that was left behind", async () => {
    const clock = new ManualClock();
    const cluster = new TestCluster();
    cluster.put(lease(new Date(clock.now() - 3_600_000).toISOString()));
    const { other, becomes } = watching(cluster, clock);
    await using _ = other;
    await becomes(undefined);
  });
});
