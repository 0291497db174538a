import { selects } from "@trireme/api";
import type { KubeObject } from "@trireme/api";
import { forbiddenField, invalidValue, labelCauses, notSupported, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import type { Cause } from "../server/status-error.ts";
import { dropFields } from "./disabled-fields.ts";
import { defaultPodSpec } from "./pod-spec.ts";
import { podSpecCauses } from "./pod-spec-validation.ts";
import type { Strategy } from "./strategy.ts";

const IMMUTABLE = "field is immutable";
/** How often a DaemonSet's template changed, kept where the old API kept it. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const deploymentStrategy: Strategy = {
  generation: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
    const strategy = (spec.strategy ??= {});
    strategy.type ||= "RollingUpdate";
    if (strategy.type === "RollingUpdate") {
      strategy.rollingUpdate ??= {};
      strategy.rollingUpdate.maxUnavailable ??= "25%";
      strategy.rollingUpdate.maxSurge ??= "25%";
    }
    defaultTemplate(spec);
  },
  validate(object, old) {
    const { spec } = object;
    const causes = [...replicasCauses(spec), ...selectorCauses(object, old), ...templateCauses(spec, ["Always"])];
    const { strategy } = spec;
    if (!["RollingUpdate", "Recreate"].includes(strategy.type)) causes.push(notSupported("spec.strategy", { Type: strategy.type, RollingUpdate: strategy.rollingUpdate ? { MaxUnavailable: strategy.rollingUpdate.maxUnavailable, MaxSurge: strategy.rollingUpdate.maxSurge } : null }, ["Recreate", "RollingUpdate"]));
    if (strategy.type === "Recreate" && strategy.rollingUpdate) causes.push(forbiddenField("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
    if (strategy.rollingUpdate && isZero(strategy.rollingUpdate.maxUnavailable) && isZero(strategy.rollingUpdate.maxSurge)) causes.push(invalidValue("spec.strategy.rollingUpdate.maxUnavailable", strategy.rollingUpdate.maxUnavailable, "may not be 0 when `maxSurge` is 0"));
    if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)) causes.push(invalidValue("spec.progressDeadlineSeconds", spec.progressDeadlineSeconds, "must be greater than minReadySeconds"));
    return causes;
  },
};

export const replicaSetStrategy: Strategy = {
  generation: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.replicas ??= 1;
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object.status = { replicas: 0 };
  },
  validate: (object, old) => [...replicasCauses(object.spec), ...selectorCauses(object, old), ...templateCauses(object.spec, ["Always"])],
};

export const replicationControllerStrategy: Strategy = {
  generation: true,
  orphansByDefault: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.replicas ??= 1;
    if (spec.template) {
      const labels = spec.template.metadata?.labels;
      if (labels && !spec.selector) spec.selector = { ...labels };
      if (labels && !object.metadata.labels) object.metadata.labels = { ...labels };
      defaultTemplate(spec);
    }
  },
};

export const statefulSetStrategy: Strategy = {
  generation: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    spec.podManagementPolicy ||= "OrderedReady";
    const strategy = (spec.updateStrategy ??= {});
    if (!strategy.type) {
      strategy.type = "RollingUpdate";
      strategy.rollingUpdate ??= {};
    }
    if (strategy.type === "RollingUpdate" && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
    spec.persistentVolumeClaimRetentionPolicy ??= {};
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= "Retain";
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= "Retain";
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.kind = "PersistentVolumeClaim";
      claim.apiVersion = "v1";
      claim.spec.volumeMode ??= "Filesystem";
      claim.status = { phase: "Pending", ...claim.status };
    }
    defaultTemplate(spec);
  },
  prepareCreate: (object) => dropFields(object.spec.updateStrategy.rollingUpdate, undefined, ["maxUnavailable"]),
  prepareUpdate: (object, old) => dropFields(object.spec.updateStrategy.rollingUpdate, old.spec.updateStrategy.rollingUpdate, ["maxUnavailable"]),
  validate(object, old) {
    const causes = [...replicasCauses(object.spec), ...selectorCauses(object, undefined), ...templateCauses(object.spec, ["Always"])];
    if (!["OrderedReady", "Parallel"].includes(object.spec.podManagementPolicy)) causes.push(invalidValue("spec.podManagementPolicy", object.spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
    const { type, rollingUpdate } = object.spec.updateStrategy;
    if (type === "OnDelete" && rollingUpdate) {
      const value = { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: rollingUpdate.maxUnavailable ?? null };
      causes.push({ reason: "FieldValueInvalid", message: `Invalid value: ${JSON.stringify(value)}: only allowed for updateStrategy 'RollingUpdate'`, field: "spec.updateStrategy.rollingUpdate" });
    }
    if (old) {
      const { replicas: _a, template: _b, updateStrategy: _c, persistentVolumeClaimRetentionPolicy: _d, minReadySeconds: _e, ordinals: _f, revisionHistoryLimit: _g, ...rest } = object.spec;
      const { replicas: _h, template: _i, updateStrategy: _j, persistentVolumeClaimRetentionPolicy: _k, minReadySeconds: _l, ordinals: _m, revisionHistoryLimit: _n, ...before } = old.spec;
      if (!sameJson(rest, before)) causes.push(forbiddenField("spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"));
    }
    return causes;
  },
};

export const daemonSetStrategy: Strategy = {
  generation: true,
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.revisionHistoryLimit ??= 10;
    object.metadata.annotations = { [TEMPLATE_GENERATION]: "0", ...object.metadata.annotations };
    const strategy = (spec.updateStrategy ??= {});
    strategy.type ||= "RollingUpdate";
    if (strategy.type === "RollingUpdate") {
      strategy.rollingUpdate ??= {};
      strategy.rollingUpdate.maxUnavailable ??= 1;
      strategy.rollingUpdate.maxSurge ??= 0;
    } else if (strategy.rollingUpdate) {
      // No defaults, but the server's own form of it has no absent ones.
      strategy.rollingUpdate.maxUnavailable ??= 0;
      strategy.rollingUpdate.maxSurge ??= 0;
    }
    defaultTemplate(spec);
  },
  prepareCreate(object) {
    object.metadata.annotations![TEMPLATE_GENERATION] = "1";
  },
  prepareUpdate(object, old) {
    const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? "0");
    object.metadata.annotations![TEMPLATE_GENERATION] = String(sameJson(object.spec.template, old.spec.template) ? before : before + 1);
  },
  validate: (object, old) => [...selectorCauses(object, old), ...templateCauses(object.spec, ["Always"])],
};

/** ReplicaSets and Deployments share their names with pods. */
export function defaultTemplate(spec: Record<string, any>): void {
  const template = (spec.template ??= {});
  template.metadata ??= {};
  defaultPodSpec((template.spec ??= {}));
}

export function templateCauses(spec: Record<string, any>, restartPolicies: readonly string[], path = "spec.template"): Cause[] {
  const causes = [...labelCauses(spec.template.metadata?.labels, `${path}.labels`), ...podSpecCauses(spec.template.spec, `${path}.spec`)];
  const { restartPolicy } = spec.template.spec;
  if (["Always", "OnFailure", "Never"].includes(restartPolicy) && !restartPolicies.includes(restartPolicy)) causes.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy, restartPolicies));
  return causes;
}

function replicasCauses(spec: Record<string, any>): Cause[] {
  const causes: Cause[] = [];
  for (const field of ["replicas", "minReadySeconds", "revisionHistoryLimit"]) if (spec[field] < 0) causes.push(invalidValue(`spec.${field}`, spec[field], "must be greater than or equal to 0"));
  return causes;
}

/** The selector is required, chooses the template's pods, and stays as it was. */
function selectorCauses(object: KubeObject, old: KubeObject | undefined): Cause[] {
  const { selector, template } = object.spec;
  const causes: Cause[] = [];
  if (!selector) causes.push(required("spec.selector"));
  else if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0) causes.push(invalidValue("spec.selector", selector, `empty selector is invalid for ${object.kind.toLowerCase()}`));
  if (!selector || !selects(selector, template.metadata?.labels)) causes.push(invalidValue("spec.template.metadata.labels", template.metadata?.labels ?? null, "`selector` does not match template `labels`"));
  if (old && !sameJson(selector, old.spec.selector)) causes.push(invalidValue("spec.selector", selector, IMMUTABLE));
  return causes;
}

function isZero(value: unknown): boolean {
  return value === 0 || value === "0" || value === "0%";
}

export { IMMUTABLE };
