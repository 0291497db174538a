import type { ResourceType } from "../types/resource-type.ts";
import { schemaNameOf } from "./openapi.ts";

const REF = "#/components/schemas/";
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
type Operation = Record<string, unknown>;

const query = (name: string, type = "string"): Operation => ({ name, in: "query", schema: { type, uniqueItems: true } });
const inPath = (name: string): Operation => ({ name, in: "path", required: true, schema: { type: "string", uniqueItems: true } });
const LIST_PARAMETERS = [query("allowWatchBookmarks", "boolean"), query("continue"), query("fieldSelector"), query("labelSelector"), query("limit", "integer"), query("resourceVersion"), query("resourceVersionMatch"), query("sendInitialEvents", "boolean"), query("timeoutSeconds", "integer"), query("watch", "boolean")];
const WRITE_PARAMETERS = [query("dryRun"), query("fieldManager"), query("fieldValidation")];
const PATCH_BODIES = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];

/** The paths of some types with their operations, as far as clients read them: kinds, actions, parameters, bodies. */
export function pathsOf(types: readonly ResourceType[]): Record<string, Operation> {
  const paths: Record<string, Operation> = {};
  const first = types[0]!;
  const base = first.group === "" ? `/api/${first.version}` : `/apis/${first.group}/${first.version}`;
  paths[`${base}/`] = { get: { tags: [tagOf(first)], description: "get available resources", operationId: `get${idOf(first)}APIResources`, responses: { "200": answer(`${META}APIResourceList`) } } };

  for (const type of types) {
    const name = schemaNameOf(type);
    const scope = type.namespaced ? `${base}/namespaces/{namespace}` : base;
    const collection = operations(type, name, [["list", "get"], ["create", "post"], ["deletecollection", "delete"]]);
    if (Object.keys(collection).length) paths[`${scope}/${type.resource}`] = { ...collection, parameters: [...(type.namespaced ? [inPath("namespace")] : []), query("pretty")] };
    if (type.namespaced && type.verbs.includes("list")) paths[`${base}/${type.resource}`] = { ...operations(type, name, [["list", "get"]]), parameters: LIST_PARAMETERS };
    const single = operations(type, name, [["get", "get"], ["update", "put"], ["patch", "patch"], ["delete", "delete"]]);
    if (Object.keys(single).length) paths[`${scope}/${type.resource}/{name}`] = { ...single, parameters: [inPath("name"), ...(type.namespaced ? [inPath("namespace")] : []), query("pretty")] };
    for (const sub of type.subresources.values()) {
      const kind = sub.kind.kind === type.kind ? name : sub.kind.kind === "Scale" ? "io.k8s.api.autoscaling.v1.Scale" : name;
      const found = operations({ ...type, verbs: sub.verbs, kind: sub.kind.kind, group: sub.kind.group, version: sub.kind.version }, kind, [["get", "get"], ["update", "put"], ["patch", "patch"], ["create", "post"]]);
      paths[`${scope}/${type.resource}/{name}/${sub.name}`] = { ...found, parameters: [inPath("name"), ...(type.namespaced ? [inPath("namespace")] : []), query("pretty")] };
    }
  }
  return paths;
}

function operations(type: ResourceType, schema: string, wanted: readonly (readonly [string, string])[]): Record<string, Operation> {
  const out: Record<string, Operation> = {};
  for (const [verb, method] of wanted) if (type.verbs.includes(verb)) out[method] = operation(verb, type, schema);
  return out;
}

function operation(verb: string, type: ResourceType, schema: string): Operation {
  const action = { list: "list", create: "post", deletecollection: "deletecollection", get: "get", update: "put", patch: "patch", delete: "delete" }[verb];
  const gvk = { group: type.group, kind: type.kind, version: type.version };
  const result = verb === "list" ? `${schema}List` : verb === "delete" || verb === "deletecollection" ? `${META}Status` : schema;
  const common = { tags: [tagOf(type)], operationId: `${verb}${idOf(type)}${type.namespaced ? "Namespaced" : ""}${type.kind}`, responses: { "200": answer(result), "401": { description: "Unauthorized" } }, "x-kubernetes-action": action, "x-kubernetes-group-version-kind": gvk };
  switch (verb) {
    case "list":
      return { ...common, parameters: LIST_PARAMETERS };
    case "create":
    case "update":
      return { ...common, parameters: WRITE_PARAMETERS, requestBody: { content: { "*/*": { schema: { $ref: REF + schema } } }, required: true } };
    case "patch":
      return { ...common, parameters: [...WRITE_PARAMETERS, query("force", "boolean")], requestBody: { content: Object.fromEntries(PATCH_BODIES.filter((one) => !(type.custom && one.includes("strategic"))).map((one) => [one, { schema: { $ref: `${REF}${META}Patch` } }])), required: true } };
    case "delete":
    case "deletecollection":
      return { ...common, parameters: [query("dryRun"), query("gracePeriodSeconds", "integer"), query("orphanDependents", "boolean"), query("propagationPolicy")], requestBody: { content: { "*/*": { schema: { $ref: `${REF}${META}DeleteOptions` } } } } };
    default:
      return common;
  }
}

function answer(schema: string): Operation {
  return { description: "OK", content: { "application/json": { schema: { $ref: REF + schema } }, "application/yaml": { schema: { $ref: REF + schema } } } };
}

function tagOf(type: ResourceType): string {
  return type.group === "" ? `core_${type.version}` : `${type.group.replace(/\.k8s\.io$/, "").replaceAll(".", "_")}_${type.version}`;
}

function idOf(type: ResourceType): string {
  const camel = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
  return (type.group === "" ? "Core" : type.group.replace(/\.k8s\.io$/, "").split(".").map(camel).join("")) + camel(type.version);
}
