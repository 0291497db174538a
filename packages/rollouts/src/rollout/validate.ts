import type { Rollout, RolloutAntiAffinity, RolloutBlueGreen, RolloutCanary, RolloutSteps } from "@trireme/api/argo";
import { MAX_WEIGHT } from "../canary/weight.ts";
import { pauseSeconds, progressDeadlineSeconds, revisionHistoryLimit } from "./defaults.ts";
import { replicasOf, type PodTemplate } from "./objects.ts";
import { selects } from "@trireme/api";
import { unsupported } from "./unsupported.ts";

/** The first thing that is wrong with a spec, as `field: Kind of error: detail`; undefined: nothing. Argo Rollouts' order and words. */
export function validateSpec(rollout: Rollout): string | undefined {
  const { spec } = rollout;
  const strategy = spec.strategy ?? {};
  return (
    negative("spec.replicas", replicasOf(rollout)) ??
    validateSelector(rollout) ??
    validateTemplate(rollout) ??
    negative("spec.minReadySeconds", spec.minReadySeconds ?? 0) ??
    negative("spec.revisionHistoryLimit", revisionHistoryLimit(rollout)) ??
    negative("spec.progressDeadlineSeconds", progressDeadlineSeconds(rollout)) ??
    (progressDeadlineSeconds(rollout) <= (spec.minReadySeconds ?? 0) ? invalid("spec.progressDeadlineSeconds", progressDeadlineSeconds(rollout), "must be greater than minReadySeconds") : undefined) ??
    (strategy.blueGreen === undefined && strategy.canary === undefined ? required("spec.strategy.strategy", "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'") : undefined) ??
    (strategy.blueGreen !== undefined && strategy.canary !== undefined ? invalid("spec.strategy.strategy", "blueGreen: true canary: true", "Multiple Strategies can not be listed") : undefined) ??
    (strategy.blueGreen === undefined ? undefined : validateBlueGreen(rollout, strategy.blueGreen)) ??
    (strategy.canary === undefined ? undefined : validateCanary(strategy.canary)) ??
    refuseUnsupported(rollout)
  );
}

export const invalid = (path: string, value: string | number, detail: string): string => `${path}: Invalid value: ${typeof value === "string" ? JSON.stringify(value) : value}: ${detail}`;
export const required = (path: string, detail: string): string => `${path}: Required value: ${detail}`;

const negative = (path: string, value: number): string | undefined => (value < 0 ? invalid(path, value, "must be greater than or equal to 0") : undefined);

function validateSelector({ spec }: Rollout): string | undefined {
  const { selector } = spec;
  if (selector === undefined) return required("spec.selector", "Rollout has missing field '.spec.selector'");
  const isEmpty = Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  return isEmpty ? invalid("spec.selector", "", "empty selector is invalid for deployment") : undefined;
}

/** What would let no set be made, or none that the selector finds. The API server says the rest when a set is created. */
function validateTemplate({ spec }: Rollout): string | undefined {
  const template = (spec.template ?? {}) as unknown as PodTemplate;
  const labels = template.metadata?.labels;
  if (!selects(spec.selector, labels)) return invalid("spec.template.metadata.labels", `${JSON.stringify(labels ?? {})}`, "`selector` does not match template `labels`");
  const containers: { name?: string; image?: string }[] = template.spec?.["containers"] ?? [];
  if (containers.length === 0) return required("spec.template.spec.containers", "must have at least one container");
  for (const [index, { name, image }] of containers.entries()) {
    const path = `spec.template.spec.containers[${index}]`;
    if (!name) return required(`${path}.name`, "a container needs a name");
    if (containers.findIndex((other) => other.name === name) !== index) return `${path}.name: Duplicate value: ${JSON.stringify(name)}`;
    if (!image) return required(`${path}.image`, `container '${name}' needs an image`);
  }
  const policy = template.spec?.["restartPolicy"] ?? "Always";
  return policy === "Always" ? undefined : `spec.template.spec.restartPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Always"`;
}

function validateBlueGreen(rollout: Rollout, strategy: RolloutBlueGreen): string | undefined {
  if (strategy.activeService === strategy.previewService) return invalid("spec.strategy.activeService", strategy.activeService, "This rollout uses the same service for the active and preview services, but two different services are required.");
  const limit = strategy.scaleDownDelayRevisionLimit;
  if (limit !== undefined && revisionHistoryLimit(rollout) < limit) return invalid("spec.strategy.scaleDownDelayRevisionLimit", limit, "This rollout's revision history limit can not be smaller than the rollout's scale down limit");
  return validateAntiAffinity(strategy.antiAffinity);
}

function validateCanary(canary: RolloutCanary): string | undefined {
  if (isZero(canary.maxSurge ?? "25%") && isZero(canary.maxUnavailable ?? "25%")) return invalid("spec.strategy.maxSurge", canary.maxSurge ?? 0, "MaxSurge and MaxUnavailable both can not be zero");
  if (canary.canaryService && canary.canaryService === canary.stableService) return invalid("spec.strategy.stableService", canary.canaryService, "This rollout uses the same service for the stable and canary services, but two different services are required.");
  if (canary.trafficRouting === undefined) {
    if (canary.scaleDownDelaySeconds !== undefined) return invalid("spec.strategy.scaleDownDelaySeconds", canary.scaleDownDelaySeconds, "Canary scaleDownDelaySeconds can only be used with traffic routing");
    if (canary.dynamicStableScale === true) return invalid("spec.strategy.dynamicStableScale", "true", "Canary dynamicStableScale can only be used with traffic routing");
  }
  for (const [index, step] of (canary.steps ?? []).entries()) {
    const problem = validateStep(`spec.strategy.steps[${index}]`, step, canary);
    if (problem !== undefined) return problem;
  }
  return validateAntiAffinity(canary.antiAffinity);
}

const STEP_KINDS = ["setWeight", "pause", "experiment", "analysis", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"] as const;

/** Exactly one kind: Argo Rollouts checks that of four kinds only, and then ignores what it does not expect. */
function validateStep(path: string, step: RolloutSteps, canary: RolloutCanary): string | undefined {
  const kinds = STEP_KINDS.filter((kind) => step[kind] !== undefined);
  if (kinds.length !== 1) return invalid(path, kinds.join(" "), "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause");
  if (step.setWeight !== undefined && (step.setWeight < 0 || step.setWeight > MAX_WEIGHT)) return invalid(`${path}.setWeight`, step.setWeight, `SetWeight needs to be between 0 and ${MAX_WEIGHT}`);
  const duration = step.pause?.duration;
  if (duration !== undefined && pauseSeconds(duration) < 0) return invalid(`${path}.pause.duration`, pauseSeconds(duration), "Duration needs to be greater than 0");
  if (canary.trafficRouting !== undefined) return undefined;
  if (step.setCanaryScale !== undefined) return required("spec.strategy.trafficRouting", "SetCanaryScale requires TrafficRouting to be set");
  if (step.setHeaderRoute !== undefined) return invalid(`${path}.setHeaderRoute`, step.setHeaderRoute.name ?? "", "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix");
  if (step.setMirrorRoute !== undefined) return invalid(`${path}.setMirrorRoute`, step.setMirrorRoute.name, "SetMirrorRoute requires TrafficRouting, supports Istio only");
  return undefined;
}

function validateAntiAffinity(antiAffinity: RolloutAntiAffinity | undefined): string | undefined {
  if (antiAffinity === undefined) return undefined;
  const preferred = antiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  const isRequired = antiAffinity.requiredDuringSchedulingIgnoredDuringExecution !== undefined;
  if ((preferred !== undefined) === isRequired) return invalid("spec.strategy.antiAffinity", `preferred: ${preferred !== undefined} required: ${isRequired}`, "AntiAffinity must have exactly one strategy listed");
  if (preferred !== undefined && (preferred.weight < 1 || preferred.weight > 100)) return invalid("spec.strategy.antiAffinity.weight", preferred.weight, "AntiAffinity weight must be between 1-100");
  return undefined;
}

const isZero = (value: number | string): boolean => Number.parseInt(String(value), 10) === 0;

function refuseUnsupported(rollout: Rollout): string | undefined {
  const found = unsupported(rollout);
  return found === undefined ? undefined : `${found.path}: Forbidden: ${found.detail}`;
}
