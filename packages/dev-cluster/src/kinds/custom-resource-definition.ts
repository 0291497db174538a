import type { KubeObject } from "@trireme/api";
import { trackUpdate } from "@trireme/gitops/merge";
import { crdCauses } from "../crd/causes.ts";
import { CLEANUP, cleanUp, terminating } from "../crd/cleanup.ts";
import { RULES, rules } from "../crd/rules/load.ts";
import { establishedStatus, typesOfCrd } from "../crd/establish.ts";
import { kindSchema } from "../rest/field-manager.ts";
import { sameJson, save } from "../rest/objects.ts";
import { timestamp, type ApiContext } from "../server/context.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

/** CRDs: names completed, established at once, and what they serve kept in step with the registry. */
export const crdStrategy: Strategy = {
  generation: true,
  marksPlainly: true,
  defaults(object) {
    const { names } = object.spec ?? {};
    if (names?.kind) {
      names.singular ||= String(names.kind).toLowerCase();
      names.listKind ||= `${names.kind}List`;
    }
    if (object.spec) {
      object.spec.conversion ??= { strategy: "None" };
      if (object.spec.preserveUnknownFields === false) delete object.spec.preserveUnknownFields;
    }
  },
  prepareCreate(object) {
    object.status = { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: storageVersions(object, []) };
  },
  prepareUpdate(object, old) {
    object.status = { ...old.status, storedVersions: storageVersions(object, old.status?.storedVersions ?? []) };
  },
  validate: causes,
  afterWrite: serve,
  beforeDelete(object, ctx) {
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), CLEANUP])];
    object.status = terminating(object, ctx.now());
  },
  afterDelete(object, ctx) {
    ctx.types.setCustom(object.metadata.name!, []);
    acceptNamesAgain(object, ctx);
  },
};

/** Establishes what is new, serves what is established, and ends what is being deleted. */
function serve(object: KubeObject, _old: KubeObject | undefined, ctx: ApiContext): void {
  if (!object.metadata.deletionTimestamp && !namesAreSettled(object, ctx)) {
    // A write of the server's own, after the client's: the client is answered with what it wrote.
    queueMicrotask(() => establish(object.metadata.name!, ctx));
    return;
  }
  ctx.types.setCustom(object.metadata.name!, typesOfCrd(object));
  cleanUp(object, ctx);
}

function namesAreSettled(crd: KubeObject, ctx: ApiContext): boolean {
  const { acceptedNames, conditions = [] } = establishedStatus(crd, "", othersOf(crd, ctx)) as { acceptedNames: unknown; conditions?: any[] };
  const told = (type: string, all: any[]): unknown => {
    const { status, reason, message } = all.find((one) => one.type === type) ?? {};
    return { status, reason, message };
  };
  return sameJson(crd.status?.acceptedNames, acceptedNames) && sameJson(told("NamesAccepted", conditions), told("NamesAccepted", crd.status?.conditions ?? []));
}

/** Names that are free now may have been wanted by others. */
function acceptNamesAgain(gone: KubeObject, ctx: ApiContext): void {
  queueMicrotask(() => {
    for (const other of othersOf(gone, ctx)) if (!namesAreSettled(other, ctx)) establish(other.metadata.name!, ctx);
  });
}

/** The CRDs of the same group. */
function othersOf(crd: KubeObject, ctx: ApiContext): KubeObject[] {
  return ctx.store.list("customresourcedefinitions.apiextensions.k8s.io").map(({ object }) => object).filter((other) => other.metadata.name !== crd.metadata.name && other.spec.group === crd.spec.group);
}

function establish(name: string, ctx: ApiContext): void {
  const type = ctx.types.find("apiextensions.k8s.io", "v1", "customresourcedefinitions")!;
  const old = ctx.store.get(type.bucket, name)?.object;
  if (!old || old.metadata.deletionTimestamp) return;
  const now = timestamp(ctx.now());
  const tracked = trackUpdate({ ...kindSchema(ctx, type, "status"), live: old, updated: { ...old, status: establishedStatus(old, now, othersOf(old, ctx)) }, manager: "kube-apiserver", subresource: "status", now });
  serve(save(ctx, type, tracked).object, old, ctx);
}

function storageVersions(crd: KubeObject, stored: readonly string[]): string[] {
  const storage: string | undefined = (crd.spec?.versions ?? []).find((version: any) => version.storage)?.name;
  return storage && !stored.includes(storage) ? [...stored, storage] : [...stored];
}

/** Makes the registry serve every CRD that is in the store, after a start. */
export function serveStoredCrds(ctx: ApiContext): void {
  for (const { object } of ctx.store.list("customresourcedefinitions.apiextensions.k8s.io")) serve(object, undefined, ctx);
}

function causes(object: KubeObject, old: KubeObject | undefined): Cause[] {
  const found = crdCauses(object, old);
  return found.length > 0 || !JSON.stringify(object.spec.versions).includes(RULES) ? found : rules().crdRuleCauses(object);
}
