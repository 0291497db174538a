import { objectsOf } from "../../tree.ts";
import type { TreeNode } from "../../types.ts";
import { podsBy } from "./hosts.ts";

const NODES: TreeNode[] = [
  { group: "apps", kind: "Deployment", name: "web" },
  { group: "apps", kind: "ReplicaSet", name: "web-1", parentRefs: [{ group: "apps", kind: "Deployment", name: "web" }] },
  ...["b", "a", ""].map((node, index): TreeNode => ({ kind: "Pod", name: `web-1-${index}`, parentRefs: [{ group: "apps", kind: "ReplicaSet", name: "web-1" }], info: node === "" ? null : [{ name: "Node", value: node }] })),
  { kind: "Pod", name: "alone", info: [{ name: "Node", value: "a" }] },
];
const objects = objectsOf({ nodes: NODES }, []);
const text = (by: "node" | "owner", names = "") => podsBy(objects, [{ name: "a", resourcesInfo: [] }], by, ({ node }) => node.name.includes(names)).map(({ title, host, pods }) => `${title}${host ? " known" : ""}: ${pods.map(({ node }) => node.name).sort().join(" ")}`);

describe("podsBy", () => {
  it("groups pods by their node, those without one last", () => expect(text("node")).toEqual(["a known: alone web-1-1", "b: web-1-0", ": web-1-2"]));
  it("groups pods by what owns them in the end", () => expect(text("owner")).toEqual(["Deployment web: web-1-0 web-1-1 web-1-2", ": alone"]));
  it("divides each group the other way", () => {
    const parts = (by: "node" | "owner") => podsBy(objects, [], by, () => true).map(({ title, parts }) => `${title}: ${parts.map((part) => `${part.title} ×${part.pods.length}`).join(", ")}`);
    expect(parts("node")).toEqual(["a: Deployment web ×1,  ×1", "b: Deployment web ×1", ": Deployment web ×1"]);
    expect(parts("owner")).toEqual(["Deployment web: a ×1, b ×1,  ×1", ": a ×1"]);
  });
  it("leaves out what does not fit", () => expect(text("node", "alone")).toEqual(["a known: alone"]));
});
