import type { KubeObject } from "@trireme/api";
import { applyJsonMergePatch, applyJsonPatch, applyStrategicMergePatch, conflictStatus, goText, serverSideApply, type ApplyConflict, type JsonPatchOperation } from "@trireme/gitops/merge";
import { isObject } from "../schema/typed.ts";
import { timestamp, type Answer, type ApiContext, type Call } from "../server/context.ts";
import { isTrue } from "../server/request-info.ts";
import { badRequest, conflict, invalid, MODIFIED, notFound, StatusError, tooLarge, unsupportedMediaType } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { decode, decodeAs, mediaType, reportUnknown } from "./body.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { fieldValidation } from "./options.ts";
import { parseYamlBody } from "./yaml-body.ts";
import { restoreError } from "../schema/restore-error.ts";
import { createObject } from "./create.ts";
import { kindSchema, managerOf, schemaOf, trackUpdate } from "./field-manager.ts";
import { settleNames } from "./metadata.ts";
import { find, sameJson, view } from "./objects.ts";
import { store } from "./update.ts";

const MAX_OPERATIONS = 10_000;

export const PATCH_TYPES = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** PATCH of an object or its status, by content type. */
export async function patch(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const media = mediaType(call);
  const allowed = Object.values(PATCH_TYPES).filter((one) => !(type.custom && one === PATCH_TYPES.strategic));
  if (!(Object.values(PATCH_TYPES) as string[]).includes(media)) throw new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  if (!(allowed as string[]).includes(media)) throw unsupportedMediaType(allowed);
  if (media === PATCH_TYPES.apply) return apply(call, type, ctx);
  if (call.info.query.has("force")) {
    throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [{ reason: "FieldValueForbidden", message: "Forbidden: may not be specified for non-apply patch", field: "force" }]);
  }
  const stored = find(ctx, type, call.info.namespace, call.info.name);
  if (!stored) throw notFound(type, call.info.name);
  const old = view(stored, type);

  const object = patchedObject(old, call, type, ctx);
  const next = trackUpdate(ctx, type, old, object, call);
  return store(next, stored, call, type, ctx);
}

/** The object after a patch that is no apply: decoded, defaulted, its names checked. */
export function patchedObject(old: KubeObject, call: Call, type: ResourceType, ctx: ApiContext): KubeObject {
  const patched = patchedValue(old, call, mediaType(call), type);
  if (!isObject(patched)) throw badRequest("the patched document is not an object");
  const object = decodePatched(patched, call, type, ctx, mediaType(call));
  checkPatched(object, old, type);
  settleNames(object, call, type);
  return object;
}

/** What does not fit the kind after a patch is the patch's fault: 422, with the patched document. */
function decodePatched(patched: Record<string, any>, call: Call, type: ResourceType, ctx: ApiContext, media: string): KubeObject {
  const strategic = media === PATCH_TYPES.strategic;
  const duplicates = media === PATCH_TYPES.json ? duplicateFields(call.body.toString("utf8")).map((one) => `json patch ${one}`) : strategic ? [] : duplicateFields(call.body.toString("utf8"));
  try {
    return decodeAs(sortedKeys(patched), type.custom ? [] : duplicates, call, type, ctx);
  } catch (error) {
    if (type.custom || !(error instanceof StatusError) || error.code !== 400) throw error;
    const why = withoutSubject(error.message);
    const value = strategic ? goText(JSON.parse(call.body.toString("utf8"))) : JSON.stringify(patched);
    throw invalid({ group: "", kind: "" }, "", [{ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: ${strategic ? restoreError(why) : why}`, field: "patch" }]);
  }
}

/** The server patches maps, which it reads in the order of their keys. */
function sortedKeys(value: any): any {
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, value[key]]));
}

function patchedValue(old: KubeObject, call: Call, media: string, type: ResourceType): unknown {
  let body: unknown;
  try {
    body = JSON.parse(call.body.toString("utf8"));
  } catch (error) {
    throw badRequest(`error decoding patch: ${(error as Error).message}`);
  }
  if (media === PATCH_TYPES.json) {
    if (!isOperations(body)) throw badRequest("error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
    if (body.length > MAX_OPERATIONS) throw tooLarge(`The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${body.length}`);
    try {
      return applyJsonPatch<unknown>(old, body);
    } catch (error) {
      throw new StatusError(422, "Invalid", "the server rejected our request due to an error in our request", {}, { cause: error });
    }
  }
  if (!isObject(body)) throw badRequest("error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}");
  if (media === PATCH_TYPES.merge) return applyJsonMergePatch<unknown>(old, body);
  try {
    return applyStrategicMergePatch(old, body, schemaOf(type));
  } catch (error) {
    const { message } = error as Error;
    throw /^unknown patch type:|declared merge key/.test(message) ? new StatusError(500, "", message) : badRequest(message);
  }
}

function isOperations(body: unknown): body is JsonPatchOperation[] {
  return Array.isArray(body) && body.every((one) => isObject(one) && typeof one.op === "string" && typeof one.path === "string");
}

/** A patch that names a resourceVersion is refused when that is not the present one. */
function checkPatched(object: KubeObject, old: KubeObject, type: ResourceType): void {
  const { resourceVersion } = object.metadata;
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(type, old.metadata.name ?? "", MODIFIED);
}

/** Server-side apply: merges, creates what is missing, answers conflicts with 409. */
function apply(call: Call, type: ResourceType, ctx: ApiContext): Answer {
  const { query, name, subresource } = call.info;
  if (!query.get("fieldManager")) {
    throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [{ reason: "FieldValueRequired", message: "Required value: is required for apply patch", field: "fieldManager" }]);
  }
  const config = appliedConfig(call, type);
  const stored = find(ctx, type, call.info.namespace, name);
  if (!stored && subresource) throw notFound(type, name);
  const live = stored && view(stored, type);
  if (live && config.metadata.resourceVersion && config.metadata.resourceVersion !== live.metadata.resourceVersion) throw conflict(type, name, MODIFIED);

  const result = applied(() => serverSideApply({
    ...kindSchema(ctx, type, subresource),
    live,
    config,
    manager: managerOf(call),
    force: isTrue(query.get("force")),
    ...(subresource && { subresource }),
    now: timestamp(ctx.now()),
  }));
  if (result.conflicts.length > 0) throw applyConflict(result.conflicts);

  const problems: string[] = [];
  const object = decodeMerged(result.object as Record<string, any>, config, type, problems);
  if (type.custom && problems.length > 0 && isObject(object.spec)) prunedSpecs.add(object.spec);
  reportUnknown(problems, call, type);
  ctx.strategyOf(type).defaults?.(object);
  settleNames(object, call, type);
  if (!stored) {
    delete object.metadata.resourceVersion;
    return createObject(object, call, type, ctx);
  }
  // Times of managedFields alone are not a change.
  if (sameButTimes(object, live!)) object.metadata = { ...object.metadata, managedFields: live!.metadata.managedFields! };
  return store(object, stored, call, type, ctx);
}

const prunedSpecs = new WeakSet<object>();

/** Whether an apply brought fields that the kind's schema has not: a real server drops them only when it stores, after it counted a change. */
export function wasPruned(spec: unknown): boolean {
  return isObject(spec) && prunedSpecs.has(spec);
}

/** What was merged and is no object of its kind is the server's failure, not the request's. */
function decodeMerged(merged: Record<string, any>, { apiVersion, kind, metadata }: KubeObject, type: ResourceType, problems: string[]): KubeObject {
  try {
    return decode(merged, type, problems, true);
  } catch (error) {
    if (type.custom || !(error instanceof StatusError) || error.code !== 400) throw error;
    const gvk = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
    throw new StatusError(500, "", `failed to convert new object (${metadata.namespace ?? ""}/${metadata.name ?? ""}; ${gvk}, Kind=${kind}) to proper version: unable to convert unstructured object to ${gvk}, Kind=${kind}: ${withoutSubject(error.message)}`);
  }
}

function withoutSubject(message: string): string {
  return message.replace(/^.*? cannot be handled as a \w+: /s, "");
}

function appliedConfig(call: Call, type: ResourceType): KubeObject {
  let config: unknown;
  try {
    const { value, duplicates } = parseYamlBody(call.body.toString("utf8"));
    if (duplicates.length > 0 && fieldValidation(call) === "Strict") throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${duplicates[0]}`);
    config = value;
  } catch (error) {
    if (error instanceof StatusError) throw error;
    throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: ${(error as Error).message.split("\n")[0]}`);
  }
  if (!isObject(config)) throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(config) ? "array" : typeof config} into Go value of type map[string]interface {}`);
  const wanted = type.group === "" ? type.version : `${type.group}/${type.version}`;
  if (config.apiVersion !== wanted || config.kind !== type.kind) throw badRequest(`invalid object type: ${kindText(config)}`);
  config.metadata ??= {};
  if (!config.metadata.name) throw badRequest(`the name of the object (${call.info.name} based on URL) was undeterminable: name must be provided`);
  return config as unknown as KubeObject;
}

/** `/v1, Kind=ConfigMap`, as Go writes a group, version and kind. */
function kindText({ apiVersion = "", kind = "" }: Record<string, any>): string {
  return `${String(apiVersion).includes("/") ? "" : "/"}${apiVersion}, Kind=${kind}`;
}

function applied<T>(merge: () => T): T {
  try {
    return merge();
  } catch (error) {
    if ((error as { reason?: string }).reason === undefined) throw error;
    const { message } = error as Error;
    if (message.includes("must be nil")) throw badRequest(message);
    throw new StatusError(500, "", message.replace(/; (v\d\w*), Kind=/, "; /$1, Kind="));
  }
}

function applyConflict(conflicts: readonly ApplyConflict[]): StatusError {
  const { code, reason = "", message = "", details } = conflictStatus(conflicts);
  return new StatusError(code, reason, message, details);
}

function sameButTimes(object: KubeObject, live: KubeObject): boolean {
  const strip = (entries: readonly { time?: string }[] | undefined): unknown => entries?.map(({ time: _time, ...rest }) => rest);
  const { managedFields: a, resourceVersion: _a, ...metadata } = object.metadata;
  const { managedFields: b, resourceVersion: _b, ...liveMetadata } = live.metadata;
  return sameJson(strip(a), strip(b)) && sameJson({ ...object, metadata }, { ...live, metadata: liveMetadata });
}
