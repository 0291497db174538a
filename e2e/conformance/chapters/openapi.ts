import { createHash } from "node:crypto";
import { chapter } from "../call.ts";
import { CRDS, get, post } from "../words.ts";

/** Doors that this project does not open; a real server describes what it would pass on to a node. */
const STREAMS = /\/(exec|attach|portforward|proxy)(\/|$)/;

/** Each operation as a digest of what it says without its prose, and the names of the schemas: a whole document is megabytes. */
function described(document: any): unknown {
  const operations = Object.entries<any>(document.paths ?? {}).filter(([path]) => !STREAMS.test(path)).flatMap(([path, { parameters, ...methods }]) => [
    ...(parameters ? [[`${path} parameters`, digest(parameters)]] : []),
    ...Object.entries<any>(methods).map(([method, operation]) => [`${method} ${path} ${operation.operationId}`, digest(operation)]),
  ]);
  return { openapi: document.openapi, operations: Object.fromEntries(operations.sort(([a], [b]) => (a! < b! ? -1 : 1))), schemas: Object.keys(document.components?.schemas ?? {}).sort() };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(withoutProse(value))).digest("hex").slice(0, 12);
}

function withoutProse(value: any): any {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).filter((key) => !(key === "description" && typeof value[key] === "string")).sort().map((key) => [key, withoutProse(value[key])]));
}

const GROUPS = ["api/v1", "apis/apps/v1", "apis/autoscaling/v1", "apis/autoscaling/v2", "apis/batch/v1", "apis/coordination.k8s.io/v1", "apis/discovery.k8s.io/v1", "apis/events.k8s.io/v1", "apis/networking.k8s.io/v1", "apis/policy/v1", "apis/rbac.authorization.k8s.io/v1", "apis/scheduling.k8s.io/v1", "apis/storage.k8s.io/v1", "apis/admissionregistration.k8s.io/v1"];

const gadgets = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.openapi.dev" },
  spec: { group: "openapi.dev", scope: "Namespaced", names: { plural: "gadgets", kind: "Gadget" }, versions: [{ name: "v1", served: true, storage: true, subresources: { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" } }, schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { replicas: { type: "integer" } } }, status: { type: "object", properties: { replicas: { type: "integer" } } } } } } }] },
};

export const openapi = chapter("openapi", () => [
  get("where the documents are", "/openapi/v3", { look: (body) => Object.keys(body.paths).filter((key) => GROUPS.includes(key)).sort() }),
  ...GROUPS.map((group) => get(group, `/openapi/v3/${group}`, { look: described })),
  get("of a group that is none", "/openapi/v3/apis/nothing.dev/v1"),
  post("a kind of our own", CRDS, gadgets, { look: (body) => body.kind }),
  get("its document", "/openapi/v3/apis/openapi.dev/v1", { until: (said) => said.code === 200 && JSON.stringify(said.body).includes("/gadgets/{name}/scale"), look: described }),
]);
