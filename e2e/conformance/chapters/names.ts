import { chapter } from "../call.ts";
import { APPLY, get, map, MERGE, patch, post, put, remove, service } from "../words.ts";

const named = (metadata: unknown): any => ({ apiVersion: "v1", kind: "ConfigMap", metadata });
/** Five characters that a server chooses. */
const masked = (body: any): unknown => JSON.parse(JSON.stringify(body).replaceAll(/(gen-|x{58})[bcdfghjklmnpqrstvwxz2456789]{5}/g, "$1<5>"));

export const names = chapter("names", ({ core, apps }) => [
  post("generated", core("configmaps"), named({ generateName: "gen-" }), { look: masked }),
  post("generated and given", core("configmaps"), named({ generateName: "gen-", name: "given" })),
  post("generated from a long one", core("configmaps"), named({ generateName: "x".repeat(80) }), { look: (body) => ({ ...body, metadata: { ...body.metadata, name: body.metadata?.name?.length } }) }),
  post("generated from a bad one", core("configmaps"), named({ generateName: "Bad_" }), { look: (body) => ({ code: body.code, reason: body.reason }) }),
  post("neither", core("configmaps"), named({})),
  post("generated in a dry run", core("configmaps?dryRun=All"), named({ generateName: "gen-" }), { look: masked }),
  post("253 characters", core("configmaps"), map("n".repeat(253))),
  post("254 characters", core("configmaps"), map("n".repeat(254))),
  post("a dot", core("configmaps"), map("a.b")),
  post("two dots", core("configmaps"), map("a..b")),
  post("upper case", core("configmaps"), map("A")),
  post("an underscore", core("configmaps"), map("a_b")),
  post("a slash", core("configmaps"), map("a/b")),
  post("a per cent", core("configmaps"), map("a%b")),
  post("a hyphen at the end", core("configmaps"), map("a-")),
  post("a service with a dot", core("services"), service("a.b")),
  post("a service of 64 characters", core("services"), service("s".repeat(64))),
  post("a role with a colon", "/apis/rbac.authorization.k8s.io/v1/clusterroles", { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "c-names:role" } }),
  post("a role with a slash", "/apis/rbac.authorization.k8s.io/v1/clusterroles", { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "c-names/role" } }),
  post("a namespace with a dot", "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "c-names.dot" } }),
  post("a namespace that is reserved", "/api/v1/namespaces/kube-system/configmaps?dryRun=All", map("m")),
  patch("applied under another name", core("configmaps/one?fieldManager=me"), APPLY, named({ name: "two" })),
  patch("applied without a name", core("configmaps/one?fieldManager=me"), APPLY, named({})),
  patch("applied with a generated name", core("configmaps/one?fieldManager=me"), APPLY, named({ generateName: "gen-" })),
  put("updated without a name", core("configmaps/one"), named({})),
  get("with an encoded name", core("configmaps/a%2Fb")),
  get("with a bad name", core("configmaps/Bad_")),
  remove("the deletion of a bad name", core("configmaps/Bad_")),
  post("labels at their limits", core("configmaps"), named({ name: "labels", labels: { ["k".repeat(63)]: "v".repeat(63), [`${"p".repeat(60)}.dev/k`]: "" } })),
  post("labels over their limits", core("configmaps"), named({ name: "labels-2", labels: { ["k".repeat(64)]: "v".repeat(64), "-a": "b-", "a/b/c": "x", "/b": "x" } })),
  post("annotations over their limit", core("configmaps"), named({ name: "large", annotations: { a: "x".repeat(262_144) } })),
  post("a deployment of 64 characters", apps("deployments"), { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d".repeat(64) }, spec: { selector: { matchLabels: { a: "b" } }, template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } } } }),
  patch("a number for a label", core("configmaps/labels"), MERGE, { metadata: { labels: { a: 1 } } }),
  patch("null for a label", core("configmaps/labels"), MERGE, { metadata: { labels: { a: null } } }),
]);
