import { objectsOf } from "../../tree.ts";
import type { TreeNode } from "../../types.ts";
import { graphTree, type GraphNode, type Grouping } from "./grouping.ts";
import { CARD, layoutTree } from "./layout.ts";

const node = (kind: string, name: string, owner?: TreeNode): TreeNode => ({ kind, name, namespace: "team", health: { status: "Healthy" }, parentRefs: owner === undefined ? null : [{ kind: owner.kind, name: owner.name, namespace: "team" }] });
const many = (count: number, kind: string, owner?: TreeNode): TreeNode[] => Array.from({ length: count }, (_, index) => node(kind, `${kind.toLowerCase()}-${index}`, owner));
const pictured = (nodes: TreeNode[], options: { by?: Grouping; turned?: string[]; hidden?: string[] } = {}) =>
  graphTree(objectsOf({ nodes }, []), { by: options.by ?? "auto", turned: new Set(options.turned), isShown: (object) => !(options.hidden ?? []).includes(object.node.name) });
const text = (tree: GraphNode, depth = 0): string[] => [
  `${" ".repeat(depth)}${tree.what === "object" ? `${tree.object.node.kind} ${tree.object.node.name}${tree.hidden > 0 ? ` +${tree.hidden}` : ""}` : tree.what === "group" ? `${tree.by} ${tree.label} ×${tree.members.length}` : "application"}`,
  ...tree.children.flatMap((child) => text(child, depth + 1)),
];

const web = node("Deployment", "web");
const current = node("ReplicaSet", "web-9", web);
const pod = node("Pod", "web-9-a", current);

describe("graphTree", () => {
  it("makes one heap of many that are alike, until it is opened", () => {
    const nodes = [web, ...many(9, "ConfigMap")];
    expect(text(pictured(nodes))).toEqual(["application", " kind ConfigMap ×9", " Deployment web"]);
    expect(text(pictured(nodes, { turned: ["application>kind:ConfigMap"] }))).toHaveLength(12);
    expect(text(pictured(nodes, { by: "none" }))).toHaveLength(11);
  });

  it("leaves few as they are", () => {
    expect(text(pictured([web, ...many(8, "ConfigMap")]))).toHaveLength(10);
  });

  it("puts the sets aside that have no pods any more", () => {
    expect(text(pictured([web, current, pod, ...many(3, "ReplicaSet", web)]))).toEqual(["application", " Deployment web", "  old ReplicaSet ×3", "  ReplicaSet web-9", "   Pod web-9-a"]);
  });

  it("says how many are folded away", () => {
    expect(text(pictured([web, current, pod], { turned: ["/Deployment/team/web"] }))).toEqual(["application", " Deployment web +2"]);
  });

  it("groups what Git declares by kind, namespace or wave", () => {
    expect(text(pictured([node("Service", "a"), node("Service", "b"), web], { by: "kind" }))).toEqual(["application", " kind Service ×2", " Deployment web"]);
    expect(text(pictured([node("Service", "a"), web], { by: "namespace" }))).toEqual(["application", " namespace team ×2"]);
    expect(text(pictured([node("Service", "a"), web], { by: "wave" }))).toEqual(["application", " wave 0 ×2"]);
  });

  it("counts only what fits the filter", () => {
    expect(text(pictured([web, ...many(9, "ConfigMap")], { hidden: ["configmap-0"] }))).toHaveLength(10);
  });
});

describe("layoutTree", () => {
  it("gives each node a place of its own, owners left of and not below what they own", () => {
    const tree = pictured([web, current, pod, node("Pod", "web-9-b", current), node("Service", "web"), ...many(5, "ConfigMap")], { by: "none" });
    const { places, width, height } = layoutTree(tree);
    expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(11);
    const at = (id: string) => places.get(id)!;
    expect(at("/ReplicaSet/team/web-9").x).toBeGreaterThan(at("/Deployment/team/web").x);
    expect(at("/ReplicaSet/team/web-9").y).toBe(at("/Deployment/team/web").y);
    expect(at("/Pod/team/web-9-b").y - at("/Pod/team/web-9-a").y).toBeGreaterThanOrEqual(CARD.height);
    expect(Math.max(...[...places.values()].map(({ x }) => x)) + CARD.width).toBe(width);
    expect(Math.max(...[...places.values()].map(({ y }) => y)) + CARD.height).toBeLessThanOrEqual(height);
  });

  it("lays thousands out, no two on the same spot, with one line to each", () => {
    const { places, lines } = layoutTree(pictured([...many(1000, "Service"), ...many(1000, "Pod", node("Service", "service-7"))], { by: "none" }));
    expect(places.size).toBe(2001);
    expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(2001);
    expect(lines.split("M")).toHaveLength(2001);
  });
});
