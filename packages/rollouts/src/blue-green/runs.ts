import { hashOf, wanted } from "../rollout/objects.ts";
import { blueGreenOf, type Release } from "../rollout/release.ts";
import { dependable } from "../replica-sets/availability.ts";
import { isSaturated } from "../replica-sets/scale.ts";
import { pauseOf, PauseReason } from "../status/pause.ts";
import { createRun } from "../runs/create.ts";
import { currentRun, RunRole, runStatusOf } from "../runs/roles.ts";
import { endAllRuns, endOtherRuns, endRuns, judge, keepRun, needsNewRun, skipsAnalysis } from "../runs/sync.ts";
import type { AnalysisRun } from "../analysis/index.ts";

/** Starts, watches and ends the analyses before and after the switch. */
export function syncBlueGreenRuns(release: Release): void {
  if (skipsAnalysis(release)) {
    endAllRuns(release);
    return;
  }
  const pre = syncRun(release, RunRole.PrePromotion, "Blue/green pre-promotion analysis phase error/failed");
  const post = syncRun(release, RunRole.PostPromotion, "Blue/green post-promotion analysis phase error/failed");
  keepRun(release, RunRole.PostPromotion, post);
  keepRun(release, RunRole.PrePromotion, pre);
  endOtherRuns(release, [pre, post]);
}

export function isAnalysisPassed(release: Release): boolean {
  return blueGreenOf(release).prePromotionAnalysis === undefined || currentRun(release, RunRole.PrePromotion)?.status?.phase === "Successful";
}

/** The switch has happened and the new set is not stable yet. */
export function isPostPromotionDue(release: Release): boolean {
  const { before, newSet } = release;
  const current = hashOf(newSet);
  if (current === "" || before.stableRS === current || before.blueGreen?.activeSelector !== current) return false;
  return isBegun(release, RunRole.PostPromotion) || isSaturated(release, newSet);
}

function isPrePromotionDue(release: Release): boolean {
  const { before, newSet } = release;
  const current = hashOf(newSet);
  const active = before.blueGreen?.activeSelector ?? "";
  if (current === "" || before.stableRS === current || active === "" || active === current) return false;
  if (isBegun(release, RunRole.PrePromotion)) return true;
  const { previewReplicaCount } = blueGreenOf(release);
  return previewReplicaCount === undefined ? isSaturated(release, newSet) : wanted(newSet) === previewReplicaCount && dependable(release, newSet) === previewReplicaCount;
}

/**
 * One that was begun goes on when pods come and go. What the status names may not be there yet: it is named before it is
 * made, and whoever named it may have died in between.
 */
const isBegun = ({ before }: Release, role: RunRole): boolean => runStatusOf(before, role) !== undefined;

/** The run of a role that has one, judged as long as the update waits for it: what is stable already is not taken back by it. */
function syncRun(release: Release, role: "PrePromotion" | "PostPromotion", sentence: string): AnalysisRun | undefined {
  const { prePromotionAnalysis, postPromotionAnalysis } = blueGreenOf(release);
  const analysis = role === RunRole.PrePromotion ? prePromotionAnalysis : postPromotionAnalysis;
  const run = currentRun(release, role);
  if ((analysis?.templates ?? []).length === 0) {
    endRuns([run]);
    return undefined;
  }
  const isDue = role === RunRole.PrePromotion ? isPrePromotionDue(release) : isPostPromotionDue(release);
  if (!isDue) {
    endRuns([run]);
    return run;
  }
  const isPaused = pauseOf(release.before, PauseReason.InconclusiveAnalysisRun) !== undefined;
  const current = !isPaused && needsNewRun(release, run) ? createRun(release, analysis!, role, role === RunRole.PrePromotion ? "pre" : "post") : run;
  judge(release, current, sentence);
  return current;
}
