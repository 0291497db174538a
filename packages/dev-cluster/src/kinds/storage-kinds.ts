import { required } from "../rest/metadata.ts";
import { timestamp } from "../server/context.ts";
import type { Strategy } from "./strategy.ts";

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

export const storageClassStrategy: Strategy = {
  returnsDeleted: true,
  defaults(object) {
    object.reclaimPolicy ??= "Delete";
    object.volumeBindingMode ??= "Immediate";
  },
  validate: (object) => (object.provisioner ? [] : [required("provisioner")]),
};
