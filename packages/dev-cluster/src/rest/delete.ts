import type { KubeObject } from "@trireme/api";
import { timestamp, type Answer, type ApiContext, type Call } from "../server/context.ts";
import { conflict, invalid } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";
import { deleteOptions } from "./body.ts";
import { isDryRun } from "./options.ts";
import { itemObject, matching } from "./list.ts";
import { copyOf, mustFind, save, storeKey, view } from "./objects.ts";
import { pendingSpecFinalizers } from "./update.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** DELETE of one object. */
export async function remove(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const options = deleteOptions(call);
  const dryRun = isTried(call, options);
  if (type.bucket === "jobs.batch" && options.propagationPolicy === undefined && options.orphanDependents === undefined) {
    call.warnings.push("child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning");
  }
  return removeObject(ctx, type, call.info.namespace, call.info.name, { ...options, dryRun });
}

/** A dry run by its body, or by its query where there is no body. Refuses what is neither. */
function isTried(call: Call, { dryRun = [] }: { dryRun?: string[] }): boolean {
  if (call.body.length === 0) return isDryRun(call);
  if (dryRun.some((one) => one !== "All")) throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [{ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`, field: "dryRun" }]);
  return dryRun.length > 0;
}

export interface RemoveOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: boolean;
}

/** Deletes at once, or marks for deletion when finalizers or a pod's grace period stand before it. */
export function removeObject(ctx: ApiContext, type: ResourceType, namespace: string, name: string, options: RemoveOptions): Answer {
  const stored = mustFind(ctx, type, namespace, name);
  const old = view(stored, type);
  const strategy = ctx.strategyOf(type);
  checkPolicy(options);
  checkPreconditions(old, type, options.preconditions);
  strategy.checkDelete?.(old, ctx);

  const object = copyOf(old);
  if (!old.metadata.deletionTimestamp) strategy.beforeDelete?.(object, ctx);
  const finalizers = deletionFinalizers(object.metadata.finalizers ?? [], options, strategy.orphansByDefault === true);
  const grace = graceSeconds(old, options);
  const waits = finalizers.length > 0 || grace > 0 || pendingSpecFinalizers(object);
  if (!waits) {
    const last = options.dryRun ? object : (finishDeletion(ctx, type, old) ?? object);
    if (!isPod(old)) return deleted(last, type, strategy.returnsDeleted);
    const metadata = { ...last.metadata, deletionTimestamp: old.metadata.deletionTimestamp ?? timestamp(ctx.now()), deletionGracePeriodSeconds: 0, ...(last.metadata.generation !== undefined && !old.metadata.deletionTimestamp && { generation: last.metadata.generation + 1 }) };
    return deleted({ ...last, metadata }, type, strategy.returnsDeleted);
  }

  if (finalizers.length > 0) object.metadata.finalizers = finalizers;
  else delete object.metadata.finalizers;
  const shorter = old.metadata.deletionTimestamp !== undefined && grace < (old.metadata.deletionGracePeriodSeconds ?? 0);
  if (!old.metadata.deletionTimestamp || shorter) {
    const from = old.metadata.deletionTimestamp ? Date.parse(old.metadata.deletionTimestamp) - (old.metadata.deletionGracePeriodSeconds ?? 0) * 1000 : ctx.now();
    object.metadata.deletionTimestamp = timestamp(from + grace * 1000);
    // Namespaces and CRDs are marked by doors of their own, which leave these two alone.
    if (!strategy.marksPlainly) {
      object.metadata.deletionGracePeriodSeconds = grace;
      if (object.metadata.generation !== undefined) object.metadata.generation++;
    }
  }
  if (object.kind === "Namespace" && object.apiVersion === "v1") object.status = { ...object.status, phase: "Terminating" };
  if (options.dryRun) return { code: 200, object, type };
  const unchanged = old.metadata.deletionTimestamp !== undefined && !shorter && JSON.stringify(old.metadata.finalizers ?? []) === JSON.stringify(finalizers);
  const result = unchanged ? stored : save(ctx, type, object);
  if (!unchanged) strategy.afterWrite?.(result.object, old, ctx);
  return { code: 200, object: view(result, type), type };
}

/** Takes the object out of the store and tells what depends on it. */
export function finishDeletion(ctx: ApiContext, type: ResourceType, object: KubeObject): KubeObject | undefined {
  const last = ctx.store.remove(type.bucket, storeKey(type, object.metadata.namespace ?? "", object.metadata.name!));
  if (!last) return undefined;
  ctx.strategyOf(type).afterDelete?.(last.object, ctx);
  return view(last, type);
}

/** DELETE of a collection: each matching object as by itself. */
export async function removeCollection(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const options = deleteOptions(call);
  const dryRun = isTried(call, options);
  const found = matching(call, type, ctx);
  for (const { object } of found) removeObject(ctx, type, object.metadata.namespace ?? "", object.metadata.name!, { ...options, dryRun });
  const list = { kind: type.listKind, apiVersion: type.group ? `${type.group}/${type.version}` : type.version, metadata: { resourceVersion: String(ctx.store.revision), ...(type.custom && { continue: "" }) }, items: found.map((stored) => itemObject(stored, type)) };
  return { code: 200, object: list, type };
}

function checkPreconditions(object: KubeObject, type: ResourceType, preconditions: RemoveOptions["preconditions"]): void {
  const { uid, resourceVersion } = preconditions ?? {};
  // The server names the kind here where it names the resource elsewhere.
  const refuse = (why: string): never => {
    throw conflict({ group: type.group, resource: type.kind }, object.metadata.name ?? "", why);
  };
  if (uid !== undefined && uid !== object.metadata.uid) refuse(`the UID in the precondition (${uid}) does not match the UID in record (${object.metadata.uid}). The object might have been deleted and then recreated`);
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) refuse(`the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${object.metadata.resourceVersion}). The object might have been modified`);
}

function checkPolicy({ propagationPolicy, orphanDependents }: RemoveOptions): void {
  if (propagationPolicy === undefined) return;
  const refuse = (reason: string, message: string): never => {
    throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [{ reason, message, field: "propagationPolicy" }]);
  };
  if (orphanDependents !== undefined) refuse("FieldValueInvalid", `Invalid value: ${JSON.stringify(propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`);
  if (!["Foreground", "Background", "Orphan"].includes(propagationPolicy)) refuse("FieldValueNotSupported", `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`);
}

function deletionFinalizers(present: readonly string[], options: RemoveOptions, orphansByDefault: boolean): string[] {
  const others = present.filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN);
  if (options.orphanDependents === true || options.propagationPolicy === "Orphan") return [...others, ORPHAN];
  if (options.propagationPolicy === "Foreground") return [...others, FOREGROUND];
  if (options.orphanDependents === false || options.propagationPolicy === "Background") return others;
  return orphansByDefault && !present.includes(FOREGROUND) && !present.includes(ORPHAN) ? [...present, ORPHAN] : [...present];
}

/** Only pods wait: their own grace period, unless they never ran or are over. */
function graceSeconds(object: KubeObject, options: RemoveOptions): number {
  if (!isPod(object)) return 0;
  const asked = options.gracePeriodSeconds ?? object.spec?.terminationGracePeriodSeconds ?? 30;
  if (!object.spec?.nodeName) return 0;
  if (object.status?.phase === "Failed" || object.status?.phase === "Succeeded") return 0;
  return Math.max(asked, asked < 0 ? 1 : 0);
}

function isPod(object: KubeObject): boolean {
  return object.kind === "Pod" && object.apiVersion === "v1";
}

function deleted(object: KubeObject, type: ResourceType, returnsObject: boolean | undefined): Answer {
  if (returnsObject) return { code: 200, object, type };
  return {
    code: 200,
    object: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: object.metadata.name, ...(type.group && { group: type.group }), kind: type.resource, uid: object.metadata.uid },
    },
  };
}
