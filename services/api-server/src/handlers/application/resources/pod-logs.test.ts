import { podsBelow } from "./pod-logs.ts";

const pod = (name: string, owner: string) => ({ kind: "Pod", namespace: "n", name, uid: name, parentRefs: [{ group: "apps", kind: "ReplicaSet", namespace: "n", name: owner }] });
const set = (name: string, owner: string) => ({ group: "apps", kind: "ReplicaSet", namespace: "n", name, uid: name, parentRefs: [{ group: "apps", kind: "Deployment", namespace: "n", name: owner }] });
const nodes = [{ group: "apps", kind: "Deployment", namespace: "n", name: "web", uid: "d" }, set("web-1", "web"), pod("web-1-a", "web-1"), set("db-1", "db"), pod("db-1-a", "db-1"), { ...pod("planned", "web-1"), uid: "" }];

describe(podsBelow, () => {
  test.each([
    { wanted: {}, want: ["web-1-a", "db-1-a"] },
    { wanted: { kind: "Deployment", group: "apps", resourceName: "web" }, want: ["web-1-a"] },
    { wanted: { kind: "Pod", resourceName: "db-1-a", namespace: "n" }, want: ["db-1-a"] },
    { wanted: { kind: "Pod", resourceName: "absent" }, want: [] },
    { wanted: { kind: "Pod", resourceName: "db-1-a", namespace: "other" }, want: [] },
  ])("$wanted gives $want", ({ wanted, want }) => expect(podsBelow(nodes, wanted).map((node) => node.name)).toEqual(want));

  it("does not run in circles", () => {
    const a = { kind: "Pod", namespace: "n", name: "a", uid: "a", parentRefs: [{ kind: "Pod", namespace: "n", name: "b" }] };
    const b = { kind: "Pod", namespace: "n", name: "b", uid: "b", parentRefs: [{ kind: "Pod", namespace: "n", name: "a" }] };
    expect(podsBelow([a, b], { kind: "Job" })).toEqual([]);
  });
});
