import type { KubeObject } from "@trireme/api";
import { applyJsonMergePatch, applyJsonPatch, type JsonPatchOperation } from "@trireme/gitops";
import { trackUpdate } from "../rest/field-manager.ts";
import { mediaType, parseBody } from "../rest/body.ts";
import { copyOf, mustFind, view } from "../rest/objects.ts";
import { store } from "../rest/update.ts";
import { isObject, roundTrip } from "../schema/typed.ts";
import { selectorText } from "../select/labels.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { badRequest, conflict, invalid, MODIFIED, unsupportedMediaType } from "../server/status-error.ts";
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
  const tracked = withoutTime(trackUpdate(ctx, type, old, object, call), old);
  const answer = store(tracked, stored, inner, type, ctx);
  return { code: 200, object: scaleOf(answer.object as KubeObject, type) };
}

/** Ownership that came through a Scale carries no time. */
function withoutTime(object: KubeObject, old: KubeObject): KubeObject {
  const managedFields = object.metadata.managedFields?.map((entry) => {
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
  return roundTrip("io.k8s.api.autoscaling.v1.Scale", value);
}

function patched(current: unknown, call: Call): any {
  const body: unknown = JSON.parse(call.body.toString("utf8"));
  switch (mediaType(call)) {
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
      return decoded(applyJsonMergePatch<unknown>(current, body));
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
