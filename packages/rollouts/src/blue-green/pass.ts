import { available, created, hashOf, ready, sum } from "../rollout/objects.ts";
import { blueGreenOf, selectedHash, serviceOf, type Release } from "../rollout/release.ts";
import { selectorText } from "../rollout/selector.ts";
import { syncEphemeralMetadata } from "../replica-sets/ephemeral-metadata.ts";
import { restartPods } from "../restart/restart.ts";
import { isTemplateChanged, resetStatus, setCount, startStatus } from "../status/base.ts";
import { dependable } from "../replica-sets/availability.ts";
import { isMoving } from "../status/moving.ts";
import { isWithinRollbackWindow, promoteStable } from "../status/promote.ts";
import { switchService } from "../services/switch.ts";
import { reasonToPromote } from "./promotion.ts";
import { hasCompletedPause, syncPause } from "./pause.ts";
import { isAnalysisPassed, syncBlueGreenRuns } from "./runs.ts";
import { switchActive } from "./active.ts";
import { syncBlueGreenSets } from "./sets.ts";

/** One look at a blue-green Rollout, in the order in which Argo Rollouts takes its steps. */
export function blueGreenPass(release: Release): void {
  const { rollout, newSet } = release;
  const strategy = blueGreenOf(release);
  const preview = serviceOf(release, strategy.previewService);
  if (preview !== undefined && newSet !== undefined && isMoving(release)) switchService(release, preview, hashOf(newSet));
  startStatus(release);
  if (isTemplateChanged(release)) resetStatus(release);
  else {
    restartPods(release);
    syncBlueGreenSets(release);
    syncPause(release);
    switchActive(release);
    syncBlueGreenRuns(release);
    syncEphemeralMetadata(release);
  }
  writeStatus(release, rollout.spec.selector);
}

function writeStatus(release: Release, selector: Parameters<typeof selectorText>[0]): void {
  const { before, status, pause } = release;
  const strategy = blueGreenOf(release);
  if (before.promoteFull === true || isWithinRollbackWindow(release)) {
    pause.clear = true;
    pause.removeAbort = true;
  }
  setText(status.blueGreen!, "previewSelector", selectedHash(serviceOf(release, strategy.previewService)));
  setText(status.blueGreen!, "activeSelector", selectedHash(serviceOf(release, strategy.activeService)));
  const why = reasonToPromote(release);
  if (why !== undefined) promoteStable(release, why);
  else if (hasReachedCheckpoint(release)) status.blueGreen!.scaleUpPreviewCheckPoint = true;
  writeCounts(release, selector);
}

/** With a small preview: analysed, approved, and all of it available. From here on the new set grows to its full size. */
function hasReachedCheckpoint(release: Release): boolean {
  const { previewReplicaCount } = blueGreenOf(release);
  const { before, newSet } = release;
  if (previewReplicaCount === undefined || isTemplateChanged(release)) return false;
  if (before.blueGreen?.scaleUpPreviewCheckPoint === true) return true;
  return isAnalysisPassed(release) && hasCompletedPause(release) && dependable(release, newSet) === previewReplicaCount;
}

/** What autoscalers see is the active set, once there is one. */
function writeCounts({ sets, status }: Release, selector: Parameters<typeof selectorText>[0]): void {
  const active = sets.find((set) => status.blueGreen?.activeSelector !== undefined && hashOf(set) === status.blueGreen.activeSelector);
  status.selector = selectorText(active === undefined ? selector : active.spec.selector);
  setCount(status, "HPAReplicas", active === undefined ? sum(sets, created) : created(active));
  setCount(status, "availableReplicas", active === undefined ? sum(sets, available) : available(active));
  if (active !== undefined) setCount(status, "readyReplicas", ready(active));
}

function setText(of: NonNullable<Release["status"]["blueGreen"]>, name: "previewSelector" | "activeSelector", value: string): void {
  if (value === "") delete of[name];
  else of[name] = value;
}
