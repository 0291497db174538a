import { descendants, parseObjectKey, subjectOf } from "./subject.ts";

const node = (kind: string, name: string, parent?: string) => ({ kind, namespace: "team", name, ...(parent && { parentRefs: [{ kind: parent.split(" ")[0]!, namespace: "team", name: parent.split(" ")[1]! }] }) });
const TREE = { nodes: [node("Deployment", "web"), node("ReplicaSet", "web-1", "Deployment web"), node("Pod", "web-1-a", "ReplicaSet web-1"), node("Service", "web")], orphanedNodes: [node("ConfigMap", "left")] };

describe("parseObjectKey", () => {
  test.each([
    ["apps/Deployment/team/web", { group: "apps", kind: "Deployment", namespace: "team", name: "web" }],
    ["/Pod/team/web-1/0", { group: "", kind: "Pod", namespace: "team", name: "web-1" }],
    ["/Namespace//team", { group: "", kind: "Namespace", namespace: "", name: "team" }],
    ["web", undefined],
    ["/Pod/team/", undefined],
  ])("reads %s", (text, name) => expect(parseObjectKey(text)).toEqual(name));
});

describe("subjectOf", () => {
  it("finds what is in the cluster, what is in Git alone, and nothing else", () => {
    expect(subjectOf("/Deployment/team/web", TREE, [])?.node?.name).toBe("web");
    expect(subjectOf("/ConfigMap/team/left", TREE, [])?.node?.name).toBe("left");
    expect(subjectOf("/Secret/team/key", TREE, [{ kind: "Secret", namespace: "team", name: "key", version: "v1" }])).toMatchObject({ node: undefined, declared: { name: "key" } });
    expect(subjectOf("/Secret/team/gone", TREE, [])).toBeUndefined();
  });
});

describe("descendants", () => {
  it("are what hangs below, and not what stands beside", () => {
    expect(descendants(TREE, "/Deployment/team/web").map(({ name }) => name)).toEqual(["web-1", "web-1-a"]);
  });

  it("end where owners own each other", () => {
    const round = { nodes: [node("A", "a", "B b"), node("B", "b", "A a")] };
    expect(descendants(round, "/A/team/a").map(({ name }) => name)).toEqual(["b"]);
  });
});
