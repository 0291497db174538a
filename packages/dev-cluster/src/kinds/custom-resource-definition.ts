import type { KubeObject } from "@trireme/api";
import { CLEANUP, cleanUp, terminating } from "../crd/cleanup.ts";
import { establishedStatus, typesOfCrd } from "../crd/establish.ts";
import { invalidValue, required } from "../rest/metadata.ts";
import { timestamp, type ApiContext } from "../server/context.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

/** CRDs: names completed, established at once, and what they serve kept in step with the registry. */
export const crdStrategy: Strategy = {
  generation: true,
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
  prepareCreate(object, ctx) {
    object.status = establishedStatus({ ...object, status: undefined }, timestamp(ctx.now()));
  },
  prepareUpdate(object, old, ctx) {
    object.status = old.metadata.deletionTimestamp ? old.status : establishedStatus({ ...object, status: old.status }, timestamp(ctx.now()));
  },
  validate: causes,
  afterWrite: serve,
  beforeDelete(object, ctx) {
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), CLEANUP])];
    object.status = terminating(object, ctx.now());
  },
  afterDelete: (object, ctx) => ctx.types.setCustom(object.metadata.name!, []),
};

function serve(object: KubeObject, _old: KubeObject | undefined, ctx: ApiContext): void {
  ctx.types.setCustom(object.metadata.name!, typesOfCrd(object));
  cleanUp(object, ctx);
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
    if (!version.schema?.openAPIV3Schema && !object.spec.preserveUnknownFields) found.push(required(`spec.versions[${index}].schema.openAPIV3Schema`, "schemas are required"));
  }
  return found;
}
