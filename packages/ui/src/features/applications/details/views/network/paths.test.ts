import { objectsOf } from "../../tree.ts";
import type { TreeNode } from "../../types.ts";
import { waysIn, type Way } from "./paths.ts";

const pod = (name: string, labels: Record<string, string>, namespace = "team"): TreeNode => ({ kind: "Pod", name, namespace, networkingInfo: { labels } });
const service = (name: string, targetLabels?: Record<string, string>): TreeNode => ({ kind: "Service", name, namespace: "team", networkingInfo: { ...(targetLabels && { targetLabels }) } });
const ingress: TreeNode = { group: "networking.k8s.io", kind: "Ingress", name: "web", namespace: "team", networkingInfo: { targetRefs: [{ kind: "Service", namespace: "team", name: "web" }, { kind: "Service", namespace: "team", name: "gone" }], externalURLs: ["https://shop.example.com/"], ingress: [{ ip: "10.0.0.1" }] } };
const text = (ways: readonly Way[], depth = 0): string[] => ways.flatMap(({ object: { node }, to }) => [`${" ".repeat(depth)}${node.kind} ${node.name}`, ...text(to, depth + 1)]);
const shown = (nodes: TreeNode[]) => text(waysIn(objectsOf({ nodes }, [])));

describe("waysIn", () => {
  it("goes from an Ingress over Services to the pods that they select", () => {
    expect(shown([ingress, service("web", { app: "web" }), service("alone", { app: "api", tier: "x" }), pod("web-1", { app: "web", hash: "1" }), pod("api-1", { app: "api", tier: "x" }), pod("api-2", { app: "api" }), pod("web-2", { app: "web" }, "elsewhere")])).toEqual(["Service alone", " Pod api-1", "Ingress web", " Service web", "  Pod web-1"]);
  });

  it("says under which addresses it is reached", () => {
    expect(waysIn(objectsOf({ nodes: [ingress] }, []))).toMatchObject([{ urls: ["https://shop.example.com/"], hosts: ["10.0.0.1"], to: [] }]);
  });

  it("leaves out what leads nowhere", () => {
    expect(shown([service("headless"), pod("web-1", { app: "web" })])).toEqual([]);
  });
});
