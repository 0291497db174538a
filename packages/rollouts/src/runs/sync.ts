import { isCompleted, type AnalysisRun } from "../analysis/index.ts";
import { successfulRunLimit, unsuccessfulRunLimit } from "../rollout/defaults.ts";
import { byCreation, Key } from "../rollout/objects.ts";
import { tell, type Release } from "../rollout/release.ts";
import { pauseOf, PauseReason, isAborted } from "../status/pause.ts";
import { isWithinRollbackWindow } from "../status/promote.ts";
import { currentRun, RunRole, runStatusOf, setRunStatus } from "./roles.ts";

/** An update that is on its way out, or back to what was proven, is not analysed; what runs of it ends. */
export function skipsAnalysis(release: Release): boolean {
  const { before, pause } = release;
  return isAborted(before, pause) || before.promoteFull === true || release.isFastRollback || !before.stableRS || isWithinRollbackWindow(release);
}

/** Ends every run, and keeps saying which ones they were. */
export function endAllRuns(release: Release): void {
  for (const role of Object.values(RunRole)) keepRun(release, role, currentRun(release, role));
  endRuns(release.runs);
}

/** Ends what no role claims, and deletes what history does not keep. */
export function endOtherRuns(release: Release, current: readonly (AnalysisRun | undefined)[]): void {
  const others = release.runs.filter((run) => !current.includes(run));
  endRuns(others);
  trimRuns(release, others);
}

export function endRuns(runs: readonly (AnalysisRun | undefined)[]): void {
  for (const run of runs) if (run !== undefined && run.spec.terminate !== true && !isCompleted(run.status?.phase)) run.spec = { ...run.spec, terminate: true };
}

/** Writes a role's run into the status, and tells when its phase is another one. */
export function keepRun(release: Release, role: RunRole, run: AnalysisRun | undefined): void {
  const { before, status } = release;
  setRunStatus(status, role, run);
  const phase = run?.status?.phase ?? "";
  if (run === undefined || phase === "") return;
  const previous = runStatusOf(before, role);
  if (previous !== undefined && (previous.name !== run.metadata.name || previous.status === phase)) return;
  const isBad = phase === "Failed" || phase === "Error";
  tell(release, `AnalysisRun${phase}`, `${role} Analysis Run '${run.metadata.name}' Status New: '${phase}' Previous: '${previous === undefined ? "NoPreviousStatus" : previous.status}'`, "status", isBad ? "Warning" : "Normal");
}

/** No run yet; or a person resumed after an inconclusive one; or this is the first look after a retry. */
export function needsNewRun(release: Release, run: AnalysisRun | undefined): boolean {
  if (run === undefined) return true;
  return isResumed(release) ? run.status?.phase === "Inconclusive" && !isHeld(release) : release.before.abortedAt !== undefined;
}

function isResumed({ before }: Release): boolean {
  return before.controllerPause === true && pauseOf(before, PauseReason.CanaryPauseStep) === undefined && pauseOf(before, PauseReason.BlueGreenPause) === undefined;
}

/** Paused by hand too: that somebody resumed is acted on once, when this ends. */
function isHeld({ rollout }: Release): boolean {
  return rollout.spec.paused === true;
}

/** What a run's end means for the update. */
export function judge(release: Release, run: AnalysisRun | undefined, sentence: string): void {
  const { pause, before } = release;
  const { phase, message } = run?.status ?? {};
  const isAnswered = isHeld(release) && isResumed(release) && pauseOf(before, PauseReason.InconclusiveAnalysisRun) === undefined;
  if (phase === "Inconclusive" && !isAnswered) pause.add.push(PauseReason.InconclusiveAnalysisRun);
  else if (phase === "Failed" || phase === "Error") pause.abort = message ? `${sentence}: ${message}` : sentence;
}

/** Newest first: so many successful ones are kept and so many others, of sets that still exist. */
function trimRuns(release: Release, others: readonly AnalysisRun[]): void {
  const { rollout, sets, deletedRuns } = release;
  const alive = new Set(sets.filter((set) => set.metadata.deletionTimestamp === undefined).map((set) => set.metadata.labels?.[Key.Hash]));
  let successful = successfulRunLimit(rollout);
  let unsuccessful = unsuccessfulRunLimit(rollout);
  for (const run of [...others].sort((a, b) => byCreation(b, a))) {
    const phase = run.status?.phase;
    if (!alive.has(run.metadata.labels?.[Key.Hash] ?? "")) deletedRuns.add(run.metadata.name ?? "");
    else if (phase === "Successful" ? --successful < 0 : isCompleted(phase) && --unsuccessful < 0) deletedRuns.add(run.metadata.name ?? "");
  }
}
