import type { RolloutSteps } from "@trireme/api/argo";
import type { Release } from "../rollout/release.ts";

/** 0 before the first step was begun. */
export const stepIndex = ({ before }: Pick<Release, "before">): number => before.currentStepIndex ?? 0;

/** undefined without steps and after the last one. */
export function currentStep(release: Pick<Release, "rollout" | "before">): RolloutSteps | undefined {
  return release.rollout.spec.strategy?.canary?.steps?.[stepIndex(release)];
}

/** A step as events call it. */
export function stepText(step: RolloutSteps): string {
  if (step.setWeight !== undefined) return `setWeight: ${step.setWeight}`;
  if (step.pause !== undefined) return step.pause.duration === undefined ? "pause" : `pause: ${step.pause.duration}`;
  if (step.experiment !== undefined) return "experiment";
  if (step.analysis !== undefined) return "analysis";
  const { setCanaryScale } = step;
  if (setCanaryScale?.weight !== undefined) return `setCanaryScale{weight: ${setCanaryScale.weight}}`;
  if (setCanaryScale?.matchTrafficWeight === true) return "setCanaryScale{matchTrafficWeight: true}";
  if (setCanaryScale?.replicas !== undefined) return `setCanaryScale{replicas: ${setCanaryScale.replicas}}`;
  if (step.plugin !== undefined) return `plugin: ${step.plugin.name}`;
  if (step.setHeaderRoute !== undefined) return `setHeaderRoute: ${step.setHeaderRoute.name}`;
  if (step.setMirrorRoute !== undefined) return `setMirrorRoute: ${step.setMirrorRoute.name}`;
  return "invalid";
}
