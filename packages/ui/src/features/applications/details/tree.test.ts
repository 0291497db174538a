import type { ResourceStatus } from "@trireme/api/argo";
import { objectsOf, treeRows } from "./tree.ts";
import type { TreeNode } from "./types.ts";

const node = (kind: string, name: string, owner?: TreeNode, createdAt = ""): TreeNode => ({ kind, name, namespace: "team", createdAt, parentRefs: owner === undefined ? null : [{ kind: owner.kind, name: owner.name, namespace: "team" }] });
const text = (nodes: TreeNode[], declared: ResourceStatus[] = [], collapsed: string[] = []) => treeRows(objectsOf({ nodes }, declared), new Set(collapsed)).map(({ node: { kind, name }, depth, sync }) => `${" ".repeat(depth)}${kind} ${name}${sync === undefined ? "" : ` ${sync}`}`);

const deployment = node("Deployment", "web");
const old = node("ReplicaSet", "web-1", deployment, "2026-01-01T00:00:00Z");
const current = node("ReplicaSet", "web-2", deployment, "2026-01-02T00:00:00Z");
const NODES = [node("Pod", "web-2-a", current), old, deployment, current, node("Service", "web")];
const DECLARED = [{ kind: "Deployment", namespace: "team", name: "web", status: "Synced" }, { kind: "Ingress", namespace: "team", name: "web", status: "OutOfSync" }] as ResourceStatus[];

describe("treeRows", () => {
  it("hangs each object below its owner, the newest set first, and shows what is missing", () => {
    expect(text(NODES, DECLARED)).toEqual(["Service web", "Ingress web OutOfSync", "Deployment web Synced", " ReplicaSet web-2", "  Pod web-2-a", " ReplicaSet web-1"]);
  });

  it("leaves out what is below a collapsed object", () => {
    expect(text(NODES, [], ["/Deployment/team/web"])).toEqual(["Service web", "Deployment web"]);
  });

  it("shows objects whose owner is not shown, and ends where owners form a circle", () => {
    const a = node("A", "a", { kind: "B", name: "b" });
    const b = node("B", "b", { kind: "A", name: "a" });
    expect(text([node("Pod", "lost", old), a, b])).toEqual(["Pod lost"]);
    expect(text([], DECLARED)).toEqual(["Ingress web OutOfSync", "Deployment web Synced"]);
  });
});
