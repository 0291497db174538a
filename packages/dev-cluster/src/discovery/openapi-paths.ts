import { strategyOf } from "../kinds/index.ts";
import type { ResourceType, Subresource } from "../types/resource-type.ts";
import { schemaNameOf } from "./openapi.ts";

const REF = "#/components/schemas/";
const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

interface Parameter {
  name: string;
  in: "query" | "path";
  required?: true;
  schema: { type: string; uniqueItems: true };
}

interface Operation {
  parameters?: Parameter[];
  [field: string]: unknown;
}

const query = (name: string, type = "string"): Parameter => ({ name, in: "query", schema: { type, uniqueItems: true } });
const inPath = (name: string): Parameter => ({ name, in: "path", required: true, schema: { type: "string", uniqueItems: true } });

const PRETTY = query("pretty");
const LIST = [query("allowWatchBookmarks", "boolean"), query("continue"), query("fieldSelector"), query("labelSelector"), query("limit", "integer"), query("resourceVersion"), query("resourceVersionMatch"), query("sendInitialEvents", "boolean"), query("shardSelector"), query("timeoutSeconds", "integer"), query("watch", "boolean")];
const WRITE = [query("dryRun"), query("fieldManager"), query("fieldValidation")];
const DELETE = [query("dryRun"), query("gracePeriodSeconds", "integer"), query("ignoreStoreReadErrorWithClusterBreakingPotential", "boolean"), query("orphanDependents", "boolean"), query("propagationPolicy")];
const DELETE_COLLECTION = [...DELETE, ...LIST.filter(({ name }) => name !== "allowWatchBookmarks" && name !== "watch")];
const LOG = [query("container"), query("follow", "boolean"), query("insecureSkipTLSVerifyBackend", "boolean"), query("limitBytes", "integer"), query("previous", "boolean"), query("sinceSeconds", "integer"), query("stream"), query("tailLines", "integer"), query("timestamps", "boolean")];

const PATCHES = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"];
const ANSWERS = ["application/json", "application/vnd.kubernetes.protobuf", "application/yaml"];
const STREAMS = ["application/json", "application/json;stream=watch", "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf;stream=watch", "application/yaml"];
const STREAMED_TO_US = new Set(["exec", "attach", "portforward", "proxy"]);

/** The paths of some types with their operations, made from what discovery says of them, as the server's own generator does. */
export function pathsOf(types: readonly ResourceType[]): Record<string, Operation> {
  const paths: Record<string, Operation> = {};
  const first = types[0]!;
  const base = first.group === "" ? `/api/${first.version}` : `/apis/${first.group}/${first.version}`;
  if (!first.custom) paths[`${base}/`] = { get: { tags: [tagOf(first)], description: "get available resources", operationId: `get${idOf(first)}APIResources`, responses: answers({ type: first, schema: `${META}APIResourceList`, codes: ["200"] }) } };

  for (const type of types) {
    const scope = type.namespaced ? `${base}/namespaces/{namespace}` : base;
    const own = type.namespaced ? [inPath("namespace"), PRETTY] : [PRETTY];
    const one = [inPath("name"), ...own];
    add(paths, `${scope}/${type.resource}`, type, own, { get: "list", post: "create", delete: "deletecollection" });
    add(paths, `${scope}/${type.resource}/{name}`, type, one, { get: "get", put: "update", patch: "patch", delete: "delete" });
    if (type.namespaced && type.verbs.includes("list")) paths[`${base}/${type.resource}`] = hoisted({ get: listOf(type, `list${idOf(type)}${type.kind}ForAllNamespaces`, [PRETTY]) });
    for (const sub of type.subresources.values()) addSubresource(paths, `${scope}/${type.resource}/{name}`, type, sub, one);
    if (type.verbs.includes("watch") && !type.custom) addWatches(paths, base, type, own, one);
  }
  return paths;
}

function add(paths: Record<string, Operation>, path: string, type: ResourceType, parameters: readonly Parameter[], methods: Readonly<Record<string, string>>): void {
  const found: Record<string, Operation> = {};
  for (const [method, verb] of Object.entries(methods)) if (type.verbs.includes(verb)) found[method] = operation(verb, type, parameters);
  if (Object.keys(found).length > 0) paths[path] = hoisted(found);
}

const WORDS: Readonly<Record<string, string>> = { get: "read", update: "replace", patch: "patch", delete: "delete", create: "create", deletecollection: "delete" };
const ACTIONS: Readonly<Record<string, string>> = { create: "post", update: "put" };

function operation(verb: string, type: ResourceType, parameters: readonly Parameter[]): Operation {
  const place = `${verb === "deletecollection" ? "Collection" : ""}${type.namespaced ? "Namespaced" : ""}${type.kind}`;
  if (verb === "list") return listOf(type, `list${idOf(type)}${place}`, parameters);
  const common = described(type, verb, `${WORDS[verb]}${idOf(type)}${place}`);
  const schema = schemaNameOf(type);
  switch (verb) {
    case "deletecollection":
      return { ...common, parameters: [...(type.custom ? LIST : DELETE_COLLECTION), ...parameters], ...(!type.custom && deleteBody(type)), responses: answers({ type, schema: `${META}Status`, codes: ["200"] }) };
    case "delete":
      return { ...common, parameters: [...DELETE, ...parameters], ...deleteBody(type), responses: answers({ type, schema: strategyOf(type).returnsDeleted && type.bucket !== "namespaces" ? schema : `${META}Status`, codes: ["200", "202"] }) };
    default:
      return { ...common, ...read(verb, type, schema, parameters) };
  }
}

/** Parameters, body and answers of what reads or writes one object of a schema. */
function read(verb: string, type: ResourceType, schema: string, parameters: readonly Parameter[]): Operation {
  const body = (types: readonly string[], name: string) => ({ requestBody: { content: Object.fromEntries(types.map((one) => [one, { schema: { $ref: REF + name } }])), required: true } });
  switch (verb) {
    case "create":
      return { parameters: [...WRITE, ...parameters], ...body(bodyTypes(type), schema), responses: answers({ type, schema, codes: ["200", "201", "202"] }) };
    case "update":
      return { parameters: [...WRITE, ...parameters], ...body(bodyTypes(type), schema), responses: answers({ type, schema, codes: ["200", "201"] }) };
    case "patch":
      return { parameters: [...WRITE, query("force", "boolean"), ...parameters], ...body(PATCHES.filter((one) => !(type.custom && one.includes("strategic"))), `${META}Patch`), responses: answers({ type, schema, codes: type.custom ? ["200"] : ["200", "201"] }) };
    default:
      return { parameters: [...(type.custom ? [query("resourceVersion")] : []), ...parameters], responses: answers({ type, schema, codes: ["200"] }) };
  }
}

function addSubresource(paths: Record<string, Operation>, path: string, type: ResourceType, sub: Subresource, parameters: readonly Parameter[]): void {
  if (STREAMED_TO_US.has(sub.name)) return;
  const found: Record<string, Operation> = {};
  const suffix = sub.name.charAt(0).toUpperCase() + sub.name.slice(1);
  const schema = sub.kind.kind === type.kind ? schemaNameOf(type) : subSchema(sub);
  for (const [method, verb] of Object.entries({ get: "get", post: "create", put: "update", patch: "patch" })) {
    if (!sub.verbs.includes(verb)) continue;
    const common = described(type.custom ? type : { ...type, ...sub.kind }, verb, `${WORDS[verb]}${idOf(type)}${type.namespaced ? "Namespaced" : ""}${type.kind}${suffix}`);
    const isLog = sub.name === "log";
    found[method] = { ...common, tags: [tagOf(type)], ...read(verb, type, schema, [...(isLog ? LOG : []), ...parameters]), ...(isLog && { responses: { "200": { description: "OK", content: Object.fromEntries([...ANSWERS, "text/plain"].map((one) => [one, { schema: { type: "string" } }])) }, "401": UNAUTHORIZED } }) };
  }
  if (Object.keys(found).length > 0) paths[`${path}/${sub.name}`] = hoisted(found);
}

function subSchema({ kind }: Subresource): string {
  const groups: Readonly<Record<string, string>> = { "": "core", autoscaling: "autoscaling", policy: "policy", "authentication.k8s.io": "authentication" };
  return `io.k8s.api.${groups[kind.group] ?? kind.group}.${kind.version}.${kind.kind}`;
}

function addWatches(paths: Record<string, Operation>, base: string, type: ResourceType, own: readonly Parameter[], one: readonly Parameter[]): void {
  const scope = type.namespaced ? `${base}/watch/namespaces/{namespace}` : `${base}/watch`;
  const watch = (id: string, action: string, parameters: readonly Parameter[]): Operation => hoisted({ get: { ...described(type, action, id), parameters: [...LIST, ...parameters], responses: answers({ type, schema: `${META}WatchEvent`, codes: ["200"], streams: true }) } });
  const place = `${type.namespaced ? "Namespaced" : ""}${type.kind}`;
  paths[`${scope}/${type.resource}`] = watch(`watch${idOf(type)}${place}List`, "watchlist", own);
  if (type.verbs.includes("get")) paths[`${scope}/${type.resource}/{name}`] = watch(`watch${idOf(type)}${place}`, "watch", one);
  if (type.namespaced) paths[`${base}/watch/${type.resource}`] = watch(`watch${idOf(type)}${type.kind}ListForAllNamespaces`, "watchlist", [PRETTY]);
}

function listOf(type: ResourceType, id: string, parameters: readonly Parameter[]): Operation {
  return { ...described(type, "list", id), parameters: [...LIST, ...parameters], responses: answers({ type, schema: `${schemaNameOf(type)}List`, codes: ["200"], streams: !type.custom }) };
}

function described(type: Pick<ResourceType, "group" | "version" | "kind">, verb: string, operationId: string): Operation {
  return { tags: [tagOf(type)], operationId, "x-kubernetes-action": ACTIONS[verb] ?? verb, "x-kubernetes-group-version-kind": { group: type.group, kind: type.kind, version: type.version } };
}

function deleteBody(type: ResourceType): Operation {
  return { requestBody: { content: Object.fromEntries(bodyTypes(type).map((one) => [one, { schema: { $ref: `${REF}${META}DeleteOptions` } }])) } };
}

function bodyTypes(type: ResourceType): readonly string[] {
  return type.custom ? ["application/json", "application/yaml"] : ["*/*"];
}

const UNAUTHORIZED = { description: "Unauthorized" };
const SAYS: Readonly<Record<string, string>> = { "200": "OK", "201": "Created", "202": "Accepted" };

function answers({ type, schema, codes, streams = false }: { type: ResourceType; schema: string; codes: readonly string[]; streams?: boolean }): Record<string, unknown> {
  const types = streams ? STREAMS : type.custom ? ["application/json", "application/yaml"] : ANSWERS;
  return { ...Object.fromEntries(codes.map((code) => [code, { description: SAYS[code], content: Object.fromEntries(types.map((one) => [one, { schema: { $ref: REF + schema } }])) }])), "401": UNAUTHORIZED };
}

/** Parameters that every operation of a path has stand at the path. */
function hoisted(operations: Record<string, Operation>): Operation {
  const lists = Object.values(operations).map(({ parameters = [] }) => parameters);
  const shared = lists[0]!.filter(({ name }) => lists.every((list) => list.some((other) => other.name === name)));
  const names = new Set(shared.map(({ name }) => name));
  const out: Operation = {};
  for (const [method, { parameters = [], ...rest }] of Object.entries(operations)) {
    const left = parameters.filter(({ name }) => !names.has(name)).sort(byName);
    out[method] = { ...rest, ...(left.length > 0 && { parameters: left }) };
  }
  return { ...out, ...(shared.length > 0 && { parameters: shared.sort(byName) }) };
}

function byName(a: Parameter, b: Parameter): number {
  return a.name < b.name ? -1 : 1;
}

function tagOf(type: Pick<ResourceType, "group" | "version">): string {
  const name = groupName(type);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}_${type.version}`;
}

function idOf(type: Pick<ResourceType, "group" | "version">): string {
  return groupName(type) + camel(type.version);
}

function groupName({ group }: Pick<ResourceType, "group">): string {
  return group === "" ? "Core" : group.replace(/\.k8s\.io$/, "").split(".").map(camel).join("");
}

function camel(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
