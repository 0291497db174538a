import type { AnalysisRun } from "../analysis/index.ts";
import { Key } from "../rollout/objects.ts";
import { canaryOf, isFullyPromoted, type Release } from "../rollout/release.ts";
import { pauseOf, PauseReason } from "../status/pause.ts";
import { createRun } from "../runs/create.ts";
import { currentRun, RunRole } from "../runs/roles.ts";
import { endAllRuns, endOtherRuns, endRuns, judge, keepRun, needsNewRun, skipsAnalysis } from "../runs/sync.ts";
import { currentStep, stepIndex } from "./steps.ts";

/** Starts, watches and ends the analysis of the present step and the one in the background. */
export function syncCanaryRuns(release: Release): void {
  if (skipsAnalysis(release)) {
    endAllRuns(release);
    return;
  }
  const step = stepRun(release);
  const background = backgroundRun(release);
  keepRun(release, RunRole.Step, step);
  keepRun(release, RunRole.Background, background);
  endOtherRuns(release, [step, background]);
}

function stepRun(release: Release): AnalysisRun | undefined {
  const { before } = release;
  const run = currentRun(release, RunRole.Step);
  if ((before.pauseConditions ?? []).length > 0) return run;
  const step = currentStep(release);
  const index = String(stepIndex(release));
  const isOfAnotherStep = run !== undefined && run.metadata.labels?.[Key.StepIndex] !== index;
  if ((step?.analysis?.templates ?? []).length === 0 || isOfAnotherStep) {
    endRuns([run]);
    return undefined;
  }
  if (needsNewRun(release, run)) return createRun(release, step!.analysis!, RunRole.Step, index);
  judge(release, run, "Step-based analysis phase error/failed");
  return run;
}

/** One for the whole update, from its starting step on, through every pause. */
function backgroundRun(release: Release): AnalysisRun | undefined {
  const { before } = release;
  const { analysis } = canaryOf(release);
  const run = currentRun(release, RunRole.Background);
  if ((analysis?.templates ?? []).length === 0) {
    endRuns([run]);
    return undefined;
  }
  const isBeforeStart = analysis!.startingStep !== undefined && before.currentStepIndex !== undefined && before.currentStepIndex < analysis!.startingStep;
  if (isFullyPromoted(release) || !before.currentPodHash || isBeforeStart) return undefined;
  if (pauseOf(before, PauseReason.InconclusiveAnalysisRun) !== undefined) return run;
  if (needsNewRun(release, run)) return createRun(release, analysis!, RunRole.Background, "");
  judge(release, run, "Background analysis phase error/failed");
  return run;
}
