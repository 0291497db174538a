import type { KubeObject } from "@trireme/api";
import { applyJsonMergePatch, applyJsonPatch, conflictStatus, serverSideApply, type JsonPatchOperation } from "@trireme/gitops/merge";
import { kindSchema, managerOf, trackUpdate } from "../rest/field-manager.ts";
import { PATCH_TYPES } from "../rest/patch.ts";
import { parseYamlBody } from "../rest/yaml-body.ts";
import { isTrue } from "../server/request-info.ts";
import { mediaType, parseBody } from "../rest/body.ts";
import { copyOf, mustFind, view } from "../rest/objects.ts";
import { store } from "../rest/update.ts";
import { decodeObject, isObject } from "../schema/typed.ts";
import { selectorText } from "../select/labels.ts";
import { timestamp, type Answer, type ApiContext, type Call } from "../server/context.ts";
import { badRequest, conflict, invalid, MODIFIED, StatusError, unsupportedMediaType } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

const SCALE = { group: "autoscaling", kind: "Scale" };

/** GET, PUT and PATCH of `…/scale`, for workloads and for kinds of CRDs that declare it. */
export async function scale(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const stored = mustFind(ctx, type, call.info.namespace, call.info.name);
  const old = view(stored, type);
  const current = scaleOf(old, type);
  if (call.info.verb === "get") return { code: 200, object: current };

  const wanted = call.info.verb === "update" ? decoded(parseBody(call).value) : patched(current, call);
  const { replicas = 0 } = wanted.spec ?? {};
  const given = wanted.metadata ?? {};
  if (given.name && given.name !== call.info.name) throw badRequest(`the name of the object (${given.name}) does not match the name on the URL (${call.info.name})`);
  if (given.resourceVersion && given.resourceVersion !== old.metadata.resourceVersion) throw conflict(type, call.info.name, MODIFIED);
  if (given.uid && given.uid !== old.metadata.uid) throw conflict(type, call.info.name, `Precondition failed: UID in precondition: ${given.uid}, UID in object meta: ${old.metadata.uid}`);
  if (replicas < 0) throw invalid(SCALE, call.info.name, [{ reason: "FieldValueInvalid", message: `Invalid value: ${replicas}: must be greater than or equal to 0`, field: "spec.replicas" }]);

  const object = copyOf(old);
  write(object, pathOf(type, "specReplicasPath", ["spec", "replicas"]), replicas);
  const inner: Call = { ...call, info: { ...call.info, subresource: "" } };
  const tracked = withoutTime(isApply(call) ? appliedScale(ctx, type, old, object, call) : trackUpdate(ctx, type, old, object, call), old);
  const answer = store(tracked, stored, inner, type, ctx);
  return { code: 200, object: scaleOf(answer.object as KubeObject, type) };
}

function isApply(call: Call): boolean {
  return call.info.verb === "patch" && mediaType(call) === PATCH_TYPES.apply;
}

/** An apply of a Scale is one of the replicas alone, on the object that has them. */
function appliedScale(ctx: ApiContext, type: ResourceType, old: KubeObject, wanted: KubeObject, call: Call): KubeObject {
  const config: KubeObject = { apiVersion: old.apiVersion, kind: old.kind, metadata: { name: old.metadata.name! } };
  const path = pathOf(type, "specReplicasPath", ["spec", "replicas"]);
  write(config, path, read(wanted, path));
  const { object, conflicts } = serverSideApply({ ...kindSchema(ctx, type, "scale"), live: old, config, manager: managerOf(call), force: isTrue(call.info.query.get("force")), subresource: "scale", now: timestamp(ctx.now()) });
  if (conflicts.length > 0) {
    const { code, reason = "", message = "", details } = conflictStatus(conflicts);
    throw new StatusError(code, reason, message, details);
  }
  return object;
}

/** Ownership that came through a Scale carries no time. */
function withoutTime(object: KubeObject, old: KubeObject): KubeObject {
  // A Scale writes no replicas where there are none, and nobody owns what is not written.
  const none = isObject(object["spec"]) && object["spec"]["replicas"] === 0;
  const managedFields = object.metadata.managedFields?.filter(({ subresource }) => !(none && subresource === "scale")).map((entry) => {
    if (entry.subresource !== "scale") return entry;
    const before = old.metadata.managedFields?.find((one) => one.subresource === "scale" && one.manager === entry.manager && one.operation === entry.operation);
    const { time, ...rest } = entry;
    return before?.time !== undefined && before.time === time ? entry : rest;
  });
  return managedFields ? { ...object, metadata: { ...object.metadata, managedFields } } : object;
}

function decoded(value: unknown): any {
  if (!isObject(value)) throw badRequest("expected a Scale object");
  const { apiVersion = "autoscaling/v1", kind = "Scale" } = value;
  const version = String(apiVersion).slice(String(apiVersion).lastIndexOf("/") + 1);
  if (kind !== "Scale") throw badRequest(`${kind} in version "${version}" cannot be handled as a Scale: converting (${version}.${kind}) to (autoscaling.Scale): unknown conversion`);
  return decodeObject("io.k8s.api.autoscaling.v1.Scale", { kind: "Scale", version: "v1" }, value, []);
}

function patched(current: unknown, call: Call): any {
  const body: unknown = mediaType(call) === PATCH_TYPES.apply ? undefined : JSON.parse(call.body.toString("utf8"));
  switch (mediaType(call)) {
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
      return decoded(applyJsonMergePatch<unknown>(current, body));
    case PATCH_TYPES.apply:
      return decoded(parseYamlBody(call.body.toString("utf8")).value);
    case "application/json-patch+json":
      return decoded(applyJsonPatch<unknown>(current, body as JsonPatchOperation[]));
    default:
      throw unsupportedMediaType(["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json"]);
  }
}

/** The Scale that an object is seen as. */
export function scaleOf(object: KubeObject, type: ResourceType): Record<string, unknown> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = read(object, pathOf(type, "specReplicasPath", ["spec", "replicas"]));
  const selector = type.custom ? customSelector(object, type) : textOfSelector(object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...(replicas ? { replicas } : {}) },
    status: { replicas: Number(read(object, pathOf(type, "statusReplicasPath", ["status", "replicas"])) ?? 0), ...(selector && { selector }) },
  };
}

function textOfSelector(object: KubeObject): string {
  const { selector } = object.spec ?? {};
  return object.kind === "ReplicationController" ? selectorText({ matchLabels: selector ?? {} }) : selectorText(selector ?? {});
}

function customSelector(object: KubeObject, type: ResourceType): string {
  const path = type.custom?.scale?.labelSelectorPath;
  return path ? String(read(object, steps(path)) ?? "") : "";
}

function pathOf(type: ResourceType, field: "specReplicasPath" | "statusReplicasPath", otherwise: string[]): string[] {
  const path = type.custom?.scale?.[field];
  return path ? steps(path) : otherwise;
}

function steps(path: string): string[] {
  return path.split(".").filter(Boolean);
}

function read(object: any, path: readonly string[]): unknown {
  return path.reduce((at, step) => at?.[step], object);
}

function write(object: any, path: readonly string[], value: unknown): void {
  let at = object;
  for (const step of path.slice(0, -1)) at = at[step] ??= {};
  at[path.at(-1)!] = value;
}
