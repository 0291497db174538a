import type { KubeObject } from "@trireme/api";

export const maxWeight = ({ spec }: KubeObject): number => spec?.strategy?.canary?.trafficRouting?.maxTrafficWeight ?? 100;
export const stepsOf = ({ spec }: KubeObject): any[] => spec?.strategy?.canary?.steps ?? [];

/** The step under way, from 0; undefined where there are no steps. As many as there are steps: all are done. */
export function currentStepIndex(rollout: KubeObject): number | undefined {
  return stepsOf(rollout).length === 0 ? undefined : (rollout["status"]?.currentStepIndex ?? 0);
}

/** The weight that the steps ask for now: that of the last setWeight, all of it once the steps are done, nothing when aborted. */
export function setWeightOf(rollout: KubeObject): number {
  if (rollout["status"]?.abort === true) return 0;
  const steps = stepsOf(rollout);
  const index = currentStepIndex(rollout);
  if (index === undefined || index >= steps.length) return maxWeight(rollout);
  return steps.slice(0, index + 1).findLast((step) => typeof step.setWeight === "number")?.setWeight ?? 0;
}

/** The weight that the canary really has: by its available pods, or as the traffic router was told. */
export function actualWeightOf(rollout: KubeObject, sets: readonly { canary?: boolean; available: number }[]): number {
  const { status } = rollout;
  const index = currentStepIndex(rollout);
  if (index === undefined || index >= stepsOf(rollout).length) return maxWeight(rollout);
  const available: number = status?.availableReplicas ?? 0;
  if (available === 0) return 0;
  if (rollout["spec"]?.strategy?.canary?.trafficRouting) return status?.canary?.weights?.canary?.weight ?? setWeightOf(rollout);
  const canary = sets.find((set) => set.canary === true);
  return canary === undefined ? 0 : Math.floor((canary.available * maxWeight(rollout)) / available);
}
