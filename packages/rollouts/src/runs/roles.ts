import type { RolloutPostPromotionAnalysis, RolloutPostPromotionAnalysisRunStatus, RolloutStatus } from "@trireme/api/argo";
import type { AnalysisRun } from "../analysis/index.ts";
import type { Release } from "../rollout/release.ts";

/** What an AnalysisRun is for. The labels say it in these words. */
export const RunRole = { PrePromotion: "PrePromotion", PostPromotion: "PostPromotion", Step: "Step", Background: "Background" } as const;
export type RunRole = (typeof RunRole)[keyof typeof RunRole];

export type RolloutAnalysis = RolloutPostPromotionAnalysis;
export type RunStatus = RolloutPostPromotionAnalysisRunStatus;

export function runStatusOf(status: RolloutStatus, role: RunRole): RunStatus | undefined {
  switch (role) {
    case RunRole.PrePromotion:
      return status.blueGreen?.prePromotionAnalysisRunStatus;
    case RunRole.PostPromotion:
      return status.blueGreen?.postPromotionAnalysisRunStatus;
    case RunRole.Step:
      return status.canary?.currentStepAnalysisRunStatus;
    case RunRole.Background:
      return status.canary?.currentBackgroundAnalysisRunStatus;
  }
}

export function setRunStatus(status: RolloutStatus, role: RunRole, run: AnalysisRun | undefined): void {
  if (run === undefined) return;
  const { phase = "", message } = run.status ?? {};
  const value: RunStatus = { name: run.metadata.name ?? "", status: phase, ...(message && { message }) };
  switch (role) {
    case RunRole.PrePromotion:
      status.blueGreen!.prePromotionAnalysisRunStatus = value;
      break;
    case RunRole.PostPromotion:
      status.blueGreen!.postPromotionAnalysisRunStatus = value;
      break;
    case RunRole.Step:
      status.canary!.currentStepAnalysisRunStatus = value;
      break;
    case RunRole.Background:
      status.canary!.currentBackgroundAnalysisRunStatus = value;
  }
}

/** The run that the status names for a role. */
export function currentRun({ runs, before }: Release, role: RunRole): AnalysisRun | undefined {
  const name = runStatusOf(before, role)?.name;
  return name === undefined ? undefined : runs.find((run) => run.metadata.name === name);
}
