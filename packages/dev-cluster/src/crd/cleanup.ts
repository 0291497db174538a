import type { KubeObject } from "@trireme/api";
import { finishDeletion, removeObject } from "../rest/delete.ts";
import { copyOf, save } from "../rest/objects.ts";
import { timestamp, type ApiContext } from "../server/context.ts";
import type { ResourceType } from "../types/resource-type.ts";

export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";
const CRDS = "customresourcedefinitions.apiextensions.k8s.io";

/** The status of a CRD whose deletion waits for its objects. */
export function terminating(crd: KubeObject, now: number): Record<string, unknown> {
  const conditions: any[] = (crd.status?.conditions ?? []).filter((one: any) => one.type !== "Terminating");
  return { ...crd.status, conditions: [...conditions, { type: "Terminating", status: "True", lastTransitionTime: timestamp(now), reason: "InstanceDeletionPending", message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon" }] };
}

/**
 * Ends the objects of a CRD that is being deleted, each with its own finalizers, and the CRD itself when the last is
 * gone. Called after every write of the CRD; harmless when nothing is being deleted.
 */
export function cleanUp(crd: KubeObject, ctx: ApiContext): void {
  if (!crd.metadata.deletionTimestamp || !(crd.metadata.finalizers ?? []).includes(CLEANUP)) return;
  const bucket = `${crd.spec.names.plural}.${crd.spec.group}`;
  const [type] = ctx.types.all().filter((one) => one.bucket === bucket);
  const finish = (): boolean => {
    if (ctx.store.list(bucket).length > 0) return false;
    finishCrd(crd.metadata.name!, ctx);
    return true;
  };
  // Outside the write that brought us here: the client's answer comes first.
  queueMicrotask(() => {
    if (type) for (const { object } of ctx.store.list(bucket)) removeObject(ctx, type, object.metadata.namespace ?? "", object.metadata.name!, {});
    if (finish()) return;
    const stop = ctx.store.onWrite(bucket, (change) => {
      if (change.type === "DELETED" && finish()) stop();
    });
  });
}

function finishCrd(name: string, ctx: ApiContext): void {
  const type = ctx.types.find("apiextensions.k8s.io", "v1", "customresourcedefinitions") as ResourceType;
  const stored = ctx.store.get(CRDS, name);
  if (!stored) return;
  const crd = copyOf(stored.object);
  const finalizers = (crd.metadata.finalizers ?? []).filter((one) => one !== CLEANUP);
  if (finalizers.length > 0) {
    crd.metadata.finalizers = finalizers;
    save(ctx, type, crd);
    return;
  }
  finishDeletion(ctx, type, crd);
}
