import type { KubeObject } from "@trireme/api";
import { trackUpdate } from "@trireme/gitops/merge";
import { CLEANUP, cleanUp, terminating } from "../crd/cleanup.ts";
import { establishedStatus, typesOfCrd } from "../crd/establish.ts";
import { kindSchema } from "../rest/field-manager.ts";
import { sameJson, save } from "../rest/objects.ts";
import { invalidValue, required } from "../rest/metadata.ts";
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
  afterDelete: (object, ctx) => ctx.types.setCustom(object.metadata.name!, []),
};

/** Establishes what is new, serves what is established, and ends what is being deleted. */
function serve(object: KubeObject, _old: KubeObject | undefined, ctx: ApiContext): void {
  if (!object.metadata.deletionTimestamp && !sameJson(object.status?.acceptedNames, object.spec.names)) {
    // A write of the server's own, after the client's: the client is answered with what it wrote.
    queueMicrotask(() => establish(object.metadata.name!, ctx));
    return;
  }
  ctx.types.setCustom(object.metadata.name!, typesOfCrd(object));
  cleanUp(object, ctx);
}

function establish(name: string, ctx: ApiContext): void {
  const type = ctx.types.find("apiextensions.k8s.io", "v1", "customresourcedefinitions")!;
  const old = ctx.store.get(type.bucket, name)?.object;
  if (!old || old.metadata.deletionTimestamp) return;
  const now = timestamp(ctx.now());
  const tracked = trackUpdate({ ...kindSchema(ctx, type, "status"), live: old, updated: { ...old, status: establishedStatus(old, now) }, manager: "kube-apiserver", subresource: "status", now });
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

function causes(object: KubeObject): Cause[] {
  const { group, names, versions, scope } = object.spec ?? {};
  const found: Cause[] = [];
  if (!group) found.push(required("spec.group"));
  if (!names?.plural) found.push(required("spec.names.plural"));
  if (!names?.kind) found.push(required("spec.names.kind"));
  if (scope !== "Namespaced" && scope !== "Cluster") found.push({ reason: "FieldValueNotSupported", message: `Unsupported value: ${JSON.stringify(scope ?? "")}: supported values: "Cluster", "Namespaced"`, field: "spec.scope" });
  const wanted = `${names?.plural}.${group}`;
  if (group && names?.plural && object.metadata.name !== wanted) found.push(invalidValue("metadata.name", object.metadata.name, `must be spec.names.plural+"."+spec.group`));
  const storage = (versions ?? []).filter((version: any) => version.storage).length;
  if (storage !== 1) found.push(invalidValue("spec.versions", versions ?? null, "must have exactly one version marked as storage version"));
  for (const [index, version] of (versions ?? []).entries()) {
    if (!version.schema?.openAPIV3Schema && !object.spec.preserveUnknownFields) found.push(required(`spec.versions[${index}].schema.openAPIV3Schema`));
  }
  return found;
}
