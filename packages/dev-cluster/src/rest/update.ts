import { randomUUID } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { admitUpdate, admitUsage } from "./admission.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { conflict, invalid, MODIFIED, notFound, StatusError } from "../server/status-error.ts";
import type { Stored } from "../storage/store.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { decodeBody } from "./body.ts";
import { isDryRun } from "./options.ts";
import { causesOf, createObject, hasGeneration, refuse } from "./create.ts";
import { finishDeletion } from "./delete.ts";
import { trackCreate, trackUpdate } from "./field-manager.ts";
import { etcdKey, keepMetadata, settleNames } from "./metadata.ts";
import { dropLeftovers, hadEmpty } from "../schema/typed.ts";
import { wasPruned } from "./patch.ts";
import { find, sameJson, save, view, viewJson } from "./objects.ts";

/** PUT of an object, or of its status. */
export async function update(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const object = decodeBody(call, type, ctx);
  settleNames(object, call, type);
  const stored = find(ctx, type, call.info.namespace, call.info.name);
  if (!stored) {
    if (!ctx.strategyOf(type).createsOnUpdate || call.info.subresource) throw missing(object, type, call.info.name);
    trackCreate(ctx, type, object, call);
    return createObject(object, call, type, ctx);
  }
  checkResourceVersion(object, stored, type, ctx);
  const old = view(stored, type);
  const next = trackUpdate(ctx, type, old, object, call);
  return { ...store(next, stored, call, type, ctx), code: 200 };
}

/** Whoever names a version or a uid of what is not there lost a race. */
function missing(object: KubeObject, type: ResourceType, name: string): StatusError {
  const { uid, resourceVersion } = object.metadata;
  if (type.custom) return notFound(type, name);
  if (uid) return conflict(type, name, `StorageError: invalid object, Code: 4, Key: ${etcdKey(object, type)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${randomUUID()}`);
  return resourceVersion && resourceVersion !== "0" ? conflict(type, name, MODIFIED) : notFound(type, name);
}

function checkResourceVersion(object: KubeObject, stored: Stored, type: ResourceType, ctx: ApiContext): void {
  const { resourceVersion } = object.metadata;
  const name = object.metadata.name ?? "";
  if (!resourceVersion || resourceVersion === "0") {
    if (type.custom || ctx.strategyOf(type).needsResourceVersion) {
      throw invalid({ group: type.group, kind: type.resource }, name, [{ reason: "FieldValueInvalid", message: "Invalid value: 0: must be specified for an update", field: "metadata.resourceVersion" }]);
    }
    return;
  }
  if (!/^\d+$/.test(resourceVersion)) throw new StatusError(500, "", `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`);
  if (resourceVersion !== stored.object.metadata.resourceVersion) throw conflict(type, name, MODIFIED);
}

/**
 * Everything between a changed, tracked object and the store: kept fields, status or spec put back by the kind of
 * write, generation, admission, validation, and the end of a deletion whose last finalizer went. Nothing is written
 * when nothing changed.
 */
export function store(object: KubeObject, stored: Stored, call: Call, type: ResourceType, ctx: ApiContext): Answer {
  const old = view(stored, type);
  const strategy = ctx.strategyOf(type);
  const status = call.info.subresource === "status";
  if (object.metadata.uid === undefined) object.metadata.uid = old.metadata.uid!;
  keepMetadata(object, old, type, call.info.verb);
  dropLeftovers(object);
  object.metadata.resourceVersion = old.metadata.resourceVersion!;

  if (status) {
    keepAllButStatus(object, old, type);
    strategy.prepareStatus?.(object, old, ctx);
  } else {
    if (!strategy.keepsStatus && type.subresources.has("status")) {
      if (old.status === undefined) delete object.status;
      else object.status = old.status;
    }
    strategy.prepareUpdate?.(object, old, ctx);
    if (hasGeneration(type, strategy.generation)) {
      const changed = !sameJson(desiredPart(object, type), desiredPart(old, type)) || (strategy.countsEmptiness === true && hadEmpty(object.spec)) || (type.custom !== undefined && wasPruned(object.spec));
      object.metadata.generation = (old.metadata.generation ?? (type.custom ? 1 : 0)) + (changed ? 1 : 0);
    }
    strategy.afterGeneration?.(object, old);
  }
  admitUpdate(object, old, call, type, ctx);
  refuse(type, old.metadata.name ?? "", causesOf(object, old, type, ctx, call));
  if (!status) call.warnings.push(...(strategy.warnings?.(object) ?? []));

  admitUsage(object, old, call, type, ctx);
  if (sameJson(object, old)) return { code: 200, object: old, json: viewJson(stored, type), type };
  if (isDryRun(call)) return { code: 200, object, type };
  if (object.metadata.deletionTimestamp && (object.metadata.finalizers ?? []).length === 0 && !object.metadata.deletionGracePeriodSeconds && !pendingSpecFinalizers(object)) {
    // The last finalizer went: watchers see the end and nothing before it.
    finishDeletion(ctx, type, old);
    return { code: 200, object, type };
  }
  const written = save(ctx, type, object);
  strategy.afterWrite?.(written.object, old, ctx);
  return { code: 200, object: view(written, type), json: viewJson(written, type), type };
}

/** A namespace lives until its own finalizers are gone. */
export function pendingSpecFinalizers(object: KubeObject): boolean {
  return object.kind === "Namespace" && object.apiVersion === "v1" && (object.spec?.finalizers ?? []).length > 0;
}

/** A status write takes only the status (and managedFields), for CRDs' kinds without other metadata. */
function keepAllButStatus(object: KubeObject, old: KubeObject, type: ResourceType): void {
  for (const key of Object.keys(object)) if (key !== "status" && key !== "metadata" && !(key in old)) delete object[key];
  for (const [key, value] of Object.entries(old)) if (key !== "status" && key !== "metadata") object[key] = value;
  const { managedFields, labels, annotations, finalizers, ownerReferences } = object.metadata;
  object.metadata = { ...old.metadata };
  if (managedFields) object.metadata.managedFields = managedFields;
  else delete object.metadata.managedFields;
  if (type.custom) return;
  // Built-in kinds take labels, annotations, finalizers and owners with a status write.
  for (const [key, value] of Object.entries({ ...(type.kind === "Deployment" ? {} : { labels }), annotations, finalizers, ...(STATUS_KEEPS_OWNERS.has(type.kind) ? {} : { ownerReferences }) })) {
    if (value === undefined) delete object.metadata[key];
    else object.metadata[key] = value;
  }
}

const STATUS_KEEPS_OWNERS = new Set(["Pod"]);

/** What generation counts: everything but metadata and status. */
function desiredPart(object: KubeObject, type: ResourceType): unknown {
  const { metadata, status, ...rest } = object;
  if (type.bucket === "endpointslices.discovery.k8s.io") return { ...rest, labels: metadata.labels };
  if (type.bucket === "deployments.apps") return { ...rest, annotations: metadata.annotations };
  if (type.custom) return type.subresources.has("status") ? rest : { ...rest, status };
  return rest;
}
