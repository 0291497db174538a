import { invalidValue, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import { parseQuantity } from "../schema/quantity.ts";
import { timestamp, type ApiContext } from "../server/context.ts";
import type { Cause } from "../server/status-error.ts";
import type { Strategy } from "./strategy.ts";

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

export const claimStrategy: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.volumeMode ??= "Filesystem";
    if (object.status) object.status.phase ||= "Pending";
  },
  prepareUpdate: (object, old) => settleSource(object.spec, old.spec),
  prepareCreate(object, ctx) {
    settleSource(object.spec, undefined);
    object.status = { phase: "Pending" };
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), "kubernetes.io/pvc-protection"])];
    if (object.spec.storageClassName === undefined) {
      const found = defaultClass(ctx);
      if (found) object.spec.storageClassName = found;
    }
  },
  validate(object, old) {
    const causes: Cause[] = [];
    const { spec } = object;
    if ((spec.accessModes ?? []).length === 0) causes.push(required("spec.accessModes", "at least 1 access mode is required"));
    const size = spec.resources?.requests?.storage;
    if (size === undefined) causes.push(required("spec.resources[storage]"));
    else if ((parseQuantity(size)?.nano ?? 0n) <= 0n) causes.push(invalidValue("spec.resources[storage]", size, "must be greater than zero"));
    if (old) {
      const { resources: _a, volumeName: _b, volumeAttributesClassName: _c, ...rest } = spec;
      const { resources: _d, volumeName: _e, volumeAttributesClassName: _f, ...before } = old.spec;
      if (!sameJson(rest, before) || (old.spec.volumeName && spec.volumeName !== old.spec.volumeName)) causes.push({ reason: "FieldValueForbidden", message: "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims", field: "spec" });
      const [asked, had] = [parseQuantity(size ?? "0"), parseQuantity(old.spec.resources?.requests?.storage ?? "0")];
      if (asked && had && asked.nano < had.nano) causes.push({ reason: "FieldValueForbidden", message: "Forbidden: field can not be less than status.capacity", field: "spec.resources.requests.storage" });
    }
    return causes;
  },
};

export const volumeStrategy: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.persistentVolumeReclaimPolicy ||= "Retain";
    spec.volumeMode ??= "Filesystem";
    if (spec.hostPath) spec.hostPath.type ??= "";
    if (object.status) object.status.phase ||= "Pending";
  },
  prepareCreate(object, ctx) {
    object.status = { phase: "Pending", lastPhaseTransitionTime: timestamp(ctx.now()) };
    object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), "kubernetes.io/pv-protection"])];
  },
  prepareStatus(object, old, ctx) {
    const [status, before] = [(object.status ??= {}), old.status ?? {}];
    status.phase ||= "Pending";
    if (status.phase === before.phase) status.lastPhaseTransitionTime ??= before.lastPhaseTransitionTime;
    else if (status.lastPhaseTransitionTime === undefined || status.lastPhaseTransitionTime === before.lastPhaseTransitionTime) status.lastPhaseTransitionTime = timestamp(ctx.now());
    if (status.lastPhaseTransitionTime === undefined) delete status.lastPhaseTransitionTime;
  },
};

/** `dataSource` and `dataSourceRef` say the same; the older one takes claims and snapshots only. */
function settleSource(spec: Record<string, any>, old: Record<string, any> | undefined): void {
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef;
  if (!old?.dataSource && !spec.dataSourceRef && spec.dataSource && !isClaimOrSnapshot(spec.dataSource)) delete spec.dataSource;
  if (spec.dataSource && !spec.dataSourceRef) spec.dataSourceRef = { ...spec.dataSource };
  else if (spec.dataSourceRef && !spec.dataSource && !spec.dataSourceRef.namespace) spec.dataSource = withoutNamespace(spec.dataSourceRef);
}

function isClaimOrSnapshot({ apiGroup = "", kind }: Record<string, any>): boolean {
  return (kind === "PersistentVolumeClaim" && apiGroup === "") || (kind === "VolumeSnapshot" && apiGroup === "snapshot.storage.k8s.io");
}

function withoutNamespace({ namespace: _, ...rest }: Record<string, any>): Record<string, any> {
  return rest;
}

export const storageClassStrategy: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    object.reclaimPolicy ??= "Delete";
    object.volumeBindingMode ??= "Immediate";
  },
  validate: (object) => (object.provisioner ? [] : [required("provisioner")]),
};

function defaultClass(ctx: ApiContext): string | undefined {
  return ctx.store.list("storageclasses.storage.k8s.io").map(({ object }) => object).find((object) => object.metadata.annotations?.[DEFAULT_CLASS] === "true")?.metadata.name;
}
