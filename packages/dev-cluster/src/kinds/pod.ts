import type { KubeObject } from "@trireme/api";
import { subdomainProblems } from "../rest/names.ts";
import { sameJson } from "../rest/objects.ts";
import { parseQuantity } from "../schema/quantity.ts";
import { timestamp, type ApiContext } from "../server/context.ts";
import type { Cause } from "../server/status-error.ts";
import { dropDisabledPodStatus } from "./disabled-fields.ts";
import { defaultPod } from "./pod-spec.ts";
import { podSpecCauses } from "./pod-spec-validation.ts";
import type { Strategy } from "./strategy.ts";

const TOLERATED = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

export const podStrategy: Strategy = {
  generation: true,
  returnsDeleted: true,
  defaults(object) {
    defaultPod((object.spec ??= {}));
    if (object.status) settleAddresses(object.status);
  },
  prepareCreate(object, ctx) {
    object.status = { phase: "Pending", qosClass: qosClass(object.spec), ...(object.spec.schedulingGates?.length && { conditions: [gated(ctx)] }) };
    object.spec.preemptionPolicy ??= "PreemptLowerPriority";
    object.spec.priority ??= 0;
    addTolerations(object.spec);
  },
  prepareUpdate(object, old) {
    object.status = old.status;
    addTolerations(object.spec);
    object.spec.priority ??= old.spec.priority;
    object.spec.preemptionPolicy ??= old.spec.preemptionPolicy;
  },
  prepareStatus(object, old) {
    dropDisabledPodStatus(object.status, old.status);
    object.spec = old.spec;
    if (object.status && old.status?.qosClass) object.status.qosClass ??= old.status.qosClass;
  },
  nameProblems: subdomainProblems,
  validate(object, old) {
    return [...podSpecCauses(object.spec, "spec"), ...(old ? unchangeable(object, old) : [])];
  },
};

function gated(ctx: ApiContext): Record<string, unknown> {
  return { type: "PodScheduled", status: "False", lastProbeTime: null, lastTransitionTime: timestamp(ctx.now()), reason: "SchedulingGated", message: "Scheduling is blocked due to non-empty scheduling gates" };
}

/** The one address is the first of the list; where both are given and differ, the one wins. */
function settleAddresses(status: Record<string, any>): void {
  if (status.podIP && status.podIPs?.[0]?.ip !== status.podIP) status.podIPs = [{ ip: status.podIP }];
  else if (!status.podIP && status.podIPs?.[0]?.ip) status.podIP = status.podIPs[0].ip;
}

/** Pods leave a lost node after five minutes unless they say otherwise. */
function addTolerations(spec: Record<string, any>): void {
  const present: any[] = spec.tolerations ?? [];
  const missing = TOLERATED.filter((key) => !present.some((one) => (!one.key || one.key === key) && (!one.effect || one.effect === "NoExecute")));
  if (missing.length) spec.tolerations = [...present, ...missing.map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }))];
}

export function qosClass(spec: Record<string, any>): string {
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  const named = (container: any, part: string): Record<string, string> => container.resources?.[part] ?? {};
  const positive = (text: string | undefined): boolean => text !== undefined && (parseQuantity(text)?.nano ?? 0n) > 0n;
  const anything = containers.some((container) => ["limits", "requests"].some((part) => ["cpu", "memory"].some((name) => positive(named(container, part)[name]))));
  if (!anything) return "BestEffort";
  const guaranteed = containers.every((container) => ["cpu", "memory"].every((name) => {
    const limit = named(container, "limits")[name];
    return positive(limit) && (named(container, "requests")[name] ?? limit) === limit;
  }));
  return guaranteed ? "Guaranteed" : "Burstable";
}

function unchangeable(object: KubeObject, old: KubeObject): Cause[] {
  const comparable = (pod: KubeObject, base: KubeObject): unknown => ({
    ...pod.spec,
    containers: pod.spec.containers?.map((container: any, index: number) => ({ ...container, image: base.spec.containers?.[index]?.image })),
    initContainers: pod.spec.initContainers?.map((container: any, index: number) => ({ ...container, image: base.spec.initContainers?.[index]?.image })),
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
    terminationGracePeriodSeconds: undefined,
    nodeName: base.spec.nodeName || pod.spec.nodeName ? old.spec.nodeName : undefined,
    schedulingGates: undefined,
    nodeSelector: old.spec.schedulingGates?.length ? undefined : pod.spec.nodeSelector,
  });
  if (sameJson(comparable(object, object), comparable(old, object)) && (object.spec.nodeName ?? "") === (old.spec.nodeName ?? "")) return [];
  return [{ reason: "FieldValueForbidden", message: "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)", field: "spec" }];
}
