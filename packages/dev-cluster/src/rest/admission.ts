import type { KubeObject } from "@trireme/api";
import { checkEscalation } from "../auth/escalation.ts";
import { STANDARD_FINALIZERS } from "./metadata.ts";
import { checkLimits, defaultLimits } from "./limit-ranges.ts";
import { chargeQuotas } from "./quotas.ts";
import { admitPod } from "./pod-admission.ts";
import { outgrowsItsClass } from "../kinds/claim.ts";
import type { ApiContext, Call } from "../server/context.ts";
import type { StatusError } from "../server/status-error.ts";
import { forbidden, notFound } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

const IMMORTAL_NAMESPACES = new Set(["default", "kube-system", "kube-public"]);

/** Built-in admission of new objects: the namespace must be there and not on its way out. */
export function admitCreate(object: KubeObject, call: Call, type: ResourceType, ctx: ApiContext): void {
  if (type.namespaced) checkNamespace(object, call.info.namespace, type, ctx);
  checkEscalation(ctx.rbac, object, undefined, call, type);
  warnOfFinalizers(object, undefined, call, type);
  if (type.bucket === "pods") {
    defaultLimits(object, ctx);
    admitPod(object, ctx);
  }
  if (type.bucket === "nodes") taintNewNode(object);
}

export function admitUpdate(object: KubeObject, old: KubeObject, call: Call, type: ResourceType, ctx: ApiContext): void {
  checkEscalation(ctx.rbac, object, old, call, type);
  warnOfFinalizers(object, old, call, type);
}

/** What is checked last, of an object that is valid: what its namespace allows. `old` is what it changes. */
export function admitUsage(object: KubeObject, old: KubeObject | undefined, call: Call, type: ResourceType, ctx: ApiContext): void {
  if (call.info.subresource !== "" || old?.metadata.deletionTimestamp) return;
  if (old === undefined || type.bucket !== "pods") checkLimits(object, type, ctx);
  if (old !== undefined && type.bucket === "persistentvolumeclaims" && outgrowsItsClass(object, old, ctx)) throw forbidden(type, object.metadata.name ?? "", "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
  chargeQuotas(object, old, call, type, ctx);
}

/** Custom objects may carry finalizers without a domain; those that are new are warned of. */
function warnOfFinalizers(object: KubeObject, old: KubeObject | undefined, call: Call, type: ResourceType): void {
  if (!type.custom) return;
  for (const finalizer of object.metadata.finalizers ?? []) {
    if (finalizer.includes("/") || STANDARD_FINALIZERS.has(finalizer) || old?.metadata.finalizers?.includes(finalizer)) continue;
    call.warnings.push(`metadata.finalizers: ${JSON.stringify(finalizer)}: prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`);
  }
}

const NOT_READY = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** Nothing is scheduled to a node before it says that it is ready. */
function taintNewNode(node: KubeObject): void {
  const taints: { key: string; effect: string }[] = node.spec?.taints ?? [];
  if (!taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect)) node.spec = { ...node.spec, taints: [...taints, { ...NOT_READY }] };
}

/** Namespaces that the cluster cannot be without are not deleted. */
export function admitDelete(type: ResourceType, name: string): void {
  if (type.bucket === "namespaces" && IMMORTAL_NAMESPACES.has(name)) throw forbidden(type, name, "this namespace may not be deleted");
}

function checkNamespace(object: KubeObject, namespace: string, type: ResourceType, ctx: ApiContext): void {
  const found = ctx.store.get("namespaces", namespace)?.object;
  if (!found) throw notFound({ group: "", resource: "namespaces" }, namespace);
  if (!found.metadata.deletionTimestamp) return;
  const name = object.metadata.name ?? "";
  const error: StatusError = forbidden(type, name, `unable to create new content in namespace ${namespace} because it is being terminated`);
  error.status.details!.causes = [{ reason: "NamespaceTerminating", message: `namespace ${namespace} is being terminated`, field: "metadata.namespace" }];
  throw error;
}
