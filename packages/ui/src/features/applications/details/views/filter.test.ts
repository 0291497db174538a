import type { ResourceStatus } from "@trireme/api/argo";
import { objectsOf } from "../tree.ts";
import type { TreeNode } from "../types.ts";
import { countedObjects, fits, fittingWithOwners, isEmptyFilter, objectFilterOf, objectFilterText } from "./filter.ts";

const NODES: TreeNode[] = [
  { kind: "Deployment", name: "web", health: { status: "Degraded" } },
  { kind: "ReplicaSet", name: "web-1", parentRefs: [{ kind: "Deployment", name: "web" }], health: { status: "Healthy" } },
  { kind: "Pod", name: "web-1-a", parentRefs: [{ kind: "ReplicaSet", name: "web-1" }], health: { status: "Degraded" } },
  { kind: "Service", name: "web", health: { status: "Healthy" } },
];
const objects = objectsOf({ nodes: NODES }, [{ kind: "Service", name: "web", status: "OutOfSync" }] as ResourceStatus[]);

describe("the filter of objects", () => {
  test.each<{ parameter: string; found: string[] }>([
    { parameter: "", found: ["Service web", "Deployment web", "ReplicaSet web-1", "Pod web-1-a"] },
    { parameter: "kind:Pod", found: ["Pod web-1-a"] },
    { parameter: "kind:Pod,kind:Service", found: ["Service web", "Pod web-1-a"] },
    { parameter: "health:Degraded,kind:Deployment", found: ["Deployment web"] },
    { parameter: "sync:OutOfSync", found: ["Service web"] },
    { parameter: "name:WEB-1", found: ["ReplicaSet web-1", "Pod web-1-a"] },
  ])("finds with “$parameter”", ({ parameter, found }) => {
    const filter = objectFilterOf(parameter);
    expect([...objects.all.values()].filter((object) => fits(object, filter)).map(({ node }) => `${node.kind} ${node.name}`)).toEqual(found);
    expect(objectFilterOf(objectFilterText(filter))).toEqual(filter);
  });

  it("is empty where the address says nothing that it knows", () => {
    expect([null, "", "colour:red", "name:", "x"].map((parameter) => isEmptyFilter(objectFilterOf(parameter)))).toEqual([true, true, true, true, true]);
  });

  it("keeps what a found object hangs below", () => {
    expect([...fittingWithOwners(objects, objectFilterOf("kind:Pod"))].map(({ node }) => node.kind).sort()).toEqual(["Deployment", "Pod", "ReplicaSet"]);
  });

  it("counts what there is", () => {
    expect(countedObjects(objects.all.values(), "health")).toEqual([["Degraded", 2], ["Healthy", 2]]);
  });
});
