import type { ReplicaSet } from "../replica-set.ts";
import { limits, newSetSize, oldSetSizes, proportionalSizes } from "./arithmetic.ts";
import type { Deployment } from "./types.ts";

const aDeployment = (replicas: number, maxSurge: number | string, maxUnavailable: number | string) => ({ metadata: {}, spec: { replicas, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } } } }) as unknown as Deployment;
const aSet = (uid: string, replicas: number, availableReplicas = replicas) => ({ metadata: { uid, name: uid, creationTimestamp: "2026-01-01T00:00:00Z" }, spec: { replicas }, status: { replicas, availableReplicas } }) as unknown as ReplicaSet;

describe(limits, () => {
  test.each([
    { name: "the defaults round up and down", deployment: { spec: { replicas: 10 } } as Deployment, want: { surge: 3, unavailable: 2 } },
    { name: "a small one has room upwards", deployment: aDeployment(1, "25%", "25%"), want: { surge: 1, unavailable: 0 } },
    { name: "both zero would never move", deployment: aDeployment(5, 0, 0), want: { surge: 0, unavailable: 1 } },
    { name: "never more than there are", deployment: aDeployment(2, 0, 5), want: { surge: 0, unavailable: 2 } },
  ])("$name", ({ deployment, want }) => expect(limits(deployment)).toEqual(want));
});

describe("one step of a rolling update", () => {
  test.each([
    { name: "the new set grows by the surge", deployment: aDeployment(10, 3, 2), old: aSet("old", 10), fresh: aSet("new", 0), grows: 3, shrinks: 8 },
    { name: "old pods go as the new ones work", deployment: aDeployment(10, 3, 2), old: aSet("old", 8), fresh: aSet("new", 5, 5), grows: 5, shrinks: 3 },
    { name: "new pods that do not work let no old ones go", deployment: aDeployment(10, 3, 2), old: aSet("old", 8), fresh: aSet("new", 5, 0), grows: 5, shrinks: undefined },
    { name: "old ones that do not work anyway go first", deployment: aDeployment(4, 1, 0), old: aSet("old", 4, 1), fresh: aSet("new", 1, 0), grows: 1, shrinks: undefined },
    { name: "the end", deployment: aDeployment(10, 3, 2), old: aSet("old", 1), fresh: aSet("new", 10), grows: 10, shrinks: 0 },
  ])("$name", ({ deployment, old, fresh, grows, shrinks }) => {
    expect(newSetSize(deployment, [old, fresh], fresh)).toBe(grows);
    expect(oldSetSizes(deployment, [old, fresh], [old], fresh).get("old")).toBe(shrinks);
  });
});

describe(proportionalSizes, () => {
  it("gives each set its share, and the largest the rest", () => {
    const sizes = proportionalSizes(aDeployment(20, 0, 0), [aSet("big", 7), aSet("small", 3)], () => 10, () => 10);
    expect(Object.fromEntries(sizes)).toEqual({ big: 14, small: 6 });
    const uneven = proportionalSizes(aDeployment(11, 0, 0), [aSet("big", 7), aSet("small", 3)], () => 10, () => 10);
    expect([...uneven.values()].reduce((sum, size) => sum + size, 0)).toBe(11);
  });
});
