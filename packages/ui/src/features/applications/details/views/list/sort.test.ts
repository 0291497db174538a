import { objectsOf } from "../../tree.ts";
import type { TreeNode } from "../../types.ts";
import { orderOf, sortedObjects, turned } from "./sort.ts";

const NODES: TreeNode[] = [
  { kind: "Service", name: "web", namespace: "b", createdAt: "2026-01-02T00:00:00Z", health: { status: "Healthy" } },
  { kind: "Pod", name: "web-1", namespace: "a", createdAt: "2026-01-03T00:00:00Z", health: { status: "Degraded" } },
  { kind: "ConfigMap", name: "app", namespace: "a", createdAt: "2026-01-01T00:00:00Z" },
];
const objects = [...objectsOf({ nodes: NODES }, []).all.values()];

describe("the list of objects", () => {
  test.each<{ parameter: string | null; kinds: string[] }>([
    { parameter: null, kinds: ["ConfigMap", "Pod", "Service"] },
    { parameter: "-kind", kinds: ["Service", "Pod", "ConfigMap"] },
    { parameter: "health", kinds: ["Pod", "Service", "ConfigMap"] },
    { parameter: "-created", kinds: ["Pod", "Service", "ConfigMap"] },
    { parameter: "namespace", kinds: ["ConfigMap", "Pod", "Service"] },
    { parameter: "nonsense", kinds: ["ConfigMap", "Pod", "Service"] },
  ])("is in the order $parameter", ({ parameter, kinds }) => {
    expect(sortedObjects(objects, orderOf(parameter)).map(({ node }) => node.kind)).toEqual(kinds);
  });

  it("turns round at the second click", () => {
    expect([turned(orderOf("name"), "name"), turned(orderOf("-name"), "name"), turned(orderOf("name"), "health")]).toEqual(["-name", "name", "health"]);
  });
});
