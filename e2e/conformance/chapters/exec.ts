import { chapter } from "../call.ts";
import { as, get, post, patch, MERGE } from "../words.ts";

const UPGRADE = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "c2F5IHdoYXQgaXQgaXM=", "sec-websocket-protocol": "v5.channel.k8s.io" };

/** What the API server itself says before it calls a kubelet. */
export const exec = chapter("exec", ({ NS, core, rbac }) => {
  const at = (pod: string, query: string): string => core(`pods/${pod}/exec?command=ls&stdout=true${query}`);
  const upgraded = (name: string, path: string) => get(name, path, { headers: UPGRADE });
  const two = { apiVersion: "v1", kind: "Pod", metadata: { name: "two" }, spec: { containers: [{ name: "a", image: "i:1" }, { name: "b", image: "i:1" }], initContainers: [{ name: "i", image: "i:1" }] } };
  const one = (name: string, node?: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers: [{ name: "c", image: "i:1" }], ...(node && { nodeName: node }) } });
  return [
    upgraded("in a pod that is none", at("none", "")),
    get("in a pod that is none, without an upgrade", at("none", "")),
    post("two containers", core("pods"), two),
    upgraded("in no container in particular", at("two", "")),
    upgraded("in a container that is none", at("two", "&container=none")),
    upgraded("in a pod without a node", at("two", "&container=a")),
    upgraded("in an init container without a node", at("two", "&container=i")),
    post("on a node that is none", core("pods"), one("lost", `node-${NS}-none`)),
    upgraded("in a pod on a node that is none", at("lost", "")),
    post("a node", "/api/v1/nodes", { apiVersion: "v1", kind: "Node", metadata: { name: `node-${NS}` } }),
    patch("its address", `/api/v1/nodes/node-${NS}/status`, MERGE, { status: { addresses: [{ type: "InternalIP", address: "127.0.0.1" }], daemonEndpoints: { kubeletEndpoint: { Port: 1 } } } }),
    post("on it", core("pods"), one("bound", `node-${NS}`)),
    get("without an upgrade", at("bound", "")),
    post("without an upgrade, posted", at("bound", ""), undefined),
    patch("with another method", at("bound", ""), MERGE, {}),
    post("a role that only reads", rbac("roles"), { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "reader" }, rules: [{ apiGroups: [""], resources: ["pods/exec"], verbs: ["get"] }] }),
    post("bound to a reader", rbac("rolebindings"), { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name: "reader" }, subjects: [{ kind: "User", name: "reader", apiGroup: "rbac.authorization.k8s.io" }], roleRef: { kind: "Role", name: "reader", apiGroup: "rbac.authorization.k8s.io" } }),
    // A new binding counts once the authorizer has seen it.
    get("by somebody who may only get", at("bound", ""), { headers: { ...as("reader").headers, ...UPGRADE }, until: ({ body }) => !JSON.stringify(body).includes("cannot get") }),
    get("by somebody who may nothing", at("bound", ""), { headers: { ...as("nobody").headers, ...UPGRADE } }),
  ];
});
