import { invalidValue, required } from "../rest/metadata.ts";
import { sameJson } from "../rest/objects.ts";
import type { Cause } from "../server/status-error.ts";
import { dropFields } from "./disabled-fields.ts";
import type { Strategy } from "./strategy.ts";

export const autoscalerStrategy: Strategy = {
  defaults(object) {
    const spec = (object.spec ??= {});
    spec.minReplicas ??= 1;
    if (object.apiVersion !== "autoscaling/v2") return;
    if ((spec.metrics ?? []).length === 0) spec.metrics = [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }];
    for (const direction of spec.behavior ? ["scaleUp", "scaleDown"] : []) {
      const rules = (spec.behavior[direction] ??= {});
      rules.selectPolicy ??= "Max";
      rules.policies ??= direction === "scaleUp" ? [{ type: "Pods", value: 4, periodSeconds: 15 }, { type: "Percent", value: 100, periodSeconds: 15 }] : [{ type: "Percent", value: 100, periodSeconds: 15 }];
      if (direction === "scaleUp") rules.stabilizationWindowSeconds ??= 0;
    }
  },
  prepareCreate(object) {
    object.status = object.apiVersion === "autoscaling/v2" ? { desiredReplicas: 0, currentMetrics: null } : { currentReplicas: 0, desiredReplicas: 0 };
  },
  validate(object) {
    const causes: Cause[] = [];
    const { spec } = object;
    if (!spec.scaleTargetRef?.kind) causes.push(required("spec.scaleTargetRef.kind"));
    if (!spec.scaleTargetRef?.name) causes.push(required("spec.scaleTargetRef.name"));
    if (!(spec.maxReplicas > 0)) causes.push(invalidValue("spec.maxReplicas", spec.maxReplicas ?? 0, "must be greater than 0"));
    if (spec.maxReplicas < spec.minReplicas) causes.push(invalidValue("spec.maxReplicas", spec.maxReplicas, "must be greater than or equal to `minReplicas`"));
    return causes;
  },
};

export const disruptionBudgetStrategy: Strategy = {
  generation: true,
  needsResourceVersion: true,
  prepareCreate(object) {
    object.status = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  validate(object) {
    const { minAvailable, maxUnavailable } = object.spec ?? {};
    return minAvailable !== undefined && maxUnavailable !== undefined ? [invalidValue("spec", {}, "minAvailable and maxUnavailable cannot be both set")] : [];
  },
};

export const priorityClassStrategy: Strategy = {
  prepareCreate(object) {
    object.metadata.generation = 1;
  },
  defaults(object) {
    object.preemptionPolicy ??= "PreemptLowerPriority";
  },
  validate(object, old) {
    return old && !sameJson(object.value, old.value) ? [{ reason: "FieldValueForbidden", message: "Forbidden: may not be changed in an update.", field: "value" }] : [];
  },
};

const COORDINATED = ["strategy", "preferredHolder"];

export const leaseStrategy: Strategy = {
  createsOnUpdate: true,
  needsResourceVersion: true,
  prepareCreate: (object) => dropFields(object.spec, undefined, COORDINATED),
  prepareUpdate: (object, old) => dropFields(object.spec, old.spec, COORDINATED),
};

/** Webhook configurations carry many defaults of their own. */
export const webhookStrategy: Strategy = {
  generation: true,
  needsResourceVersion: true,
  defaults(object) {
    for (const hook of object.webhooks ?? []) {
      hook.failurePolicy ??= "Fail";
      hook.matchPolicy ??= "Equivalent";
      hook.namespaceSelector ??= {};
      hook.objectSelector ??= {};
      hook.timeoutSeconds ??= 10;
      if (object.kind === "MutatingWebhookConfiguration") hook.reinvocationPolicy ??= "Never";
      if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443;
      for (const rule of hook.rules ?? []) rule.scope ??= "*";
    }
  },
};
