import { hashOf, replicasOf, revisionOf, wanted } from "../rollout/objects.ts";
import { blueGreenOf, otherSets, selectedHash, serviceOf, type Release } from "../rollout/release.ts";
import { removeDeadlines, sizeAfterAbort, sizeUntilDeadline } from "../replica-sets/deadline.ts";
import { trimHistory } from "../replica-sets/history.ts";
import { keepsUpOnAbort, scale } from "../replica-sets/scale.ts";
import { pauseOf, PauseReason } from "../status/pause.ts";
import { currentRun, RunRole } from "../runs/roles.ts";
import { scaleWorkloadProgressively } from "../workload-ref/scale-down.ts";
import { isPostPromotionDue } from "./runs.ts";

/** Sizes of every set: the stable one carries everything, the new one grows to be able to, old ones go when their time is up. */
export function syncBlueGreenSets(release: Release): void {
  const { rollout, newSet, stableSet } = release;
  removeDeadlines(release);
  if (stableSet !== undefined) scale(release, stableSet, replicasOf(rollout));
  if (newSet !== undefined && newSet !== stableSet) scaleNewSet(release);
  else if (newSet !== undefined) scaleWorkloadProgressively(release, wanted(newSet));
  scaleDownOldSets(release);
  trimHistory(release);
}

/** How many pods the new set is to have: a few for a preview, all from the approval on. */
export function newSetSize(release: Release): number {
  const { rollout, before, newSet } = release;
  const { previewReplicaCount } = blueGreenOf(release);
  const replicas = replicasOf(rollout);
  if (previewReplicaCount === undefined) return replicas;
  const active = release.sets.find((set) => before.blueGreen?.activeSelector !== undefined && hashOf(set) === before.blueGreen.activeSelector);
  if (active === undefined || active === newSet || before.promoteFull === true) return replicas;
  const isPaused = rollout.spec.paused === true || (before.pauseConditions ?? []).length > 0;
  const isApproved = before.blueGreen?.scaleUpPreviewCheckPoint === true && hashOf(newSet) === before.currentPodHash;
  return isApproved && !isPaused ? replicas : previewReplicaCount;
}

function scaleNewSet(release: Release): void {
  const set = release.newSet!;
  const was = wanted(set);
  const size = keepsUpOnAbort(release) ? sizeAfterAbort(release, set) : newSetSize(release);
  if (size === undefined) return;
  scale(release, set, size);
  scaleWorkloadProgressively(release, was);
}

/** Youngest revision first: so many are kept for a way back that needs no start. */
function scaleDownOldSets(release: Release): void {
  const { rollout, before } = release;
  if (pauseOf(before, PauseReason.InconclusiveAnalysisRun) !== undefined) return;
  const strategy = blueGreenOf(release);
  if (strategy.postPromotionAnalysis !== undefined && strategy.scaleDownDelaySeconds === undefined && isPostPromotionDue(release)) {
    if (currentRun(release, RunRole.PostPromotion)?.status?.phase !== "Successful") return;
  }
  let kept = 0;
  for (const set of otherSets(release).sort((a, b) => revisionOf(b) - revisionOf(a))) {
    if (wanted(set) === 0 || isReferenced(release, hashOf(set))) continue;
    const until = sizeUntilDeadline(release, set, kept, replicasOf(rollout));
    kept = until.kept;
    if (wanted(set) !== until.size) scale(release, set, until.size);
  }
}

/** A set that some selector still names keeps its pods. */
function isReferenced(release: Release, hash: string): boolean {
  const { before } = release;
  const { activeService, previewService } = blueGreenOf(release);
  const references = [before.stableRS, before.currentPodHash, before.blueGreen?.activeSelector, before.blueGreen?.previewSelector, selectedHash(serviceOf(release, activeService)), selectedHash(serviceOf(release, previewService))];
  return references.includes(hash);
}
