import type { RolloutPauseConditions, RolloutStatus } from "@trireme/api/argo";

export const PauseReason = { CanaryPauseStep: "CanaryPauseStep", BlueGreenPause: "BlueGreenPause", InconclusiveAnalysisRun: "InconclusiveAnalysisRun" } as const;
export type PauseReason = (typeof PauseReason)[keyof typeof PauseReason];

/** What a pass wants of the pauses and of the abort; written down when it ends. */
export interface PauseChanges {
  add: PauseReason[];
  remove: PauseReason[];
  /** All of them go. */
  clear: boolean;
  abort: string | undefined;
  removeAbort: boolean;
}

export const noPauseChanges = (): PauseChanges => ({ add: [], remove: [], clear: false, abort: undefined, removeAbort: false });

export function pauseOf(status: RolloutStatus, reason: PauseReason): RolloutPauseConditions | undefined {
  return status.pauseConditions?.find((pause) => pause.reason === reason);
}

export function isAborted(before: RolloutStatus, changes: PauseChanges): boolean {
  return !changes.removeAbort && (changes.abort !== undefined || before.abort === true);
}

/**
 * An abort ends every pause and remembers when it was first asked for; a list that ends empty is a pause that is over.
 * `isHeld`: by `spec.paused`, while which nothing is acted on. Who promotes a Rollout that is paused in both ways takes
 * the conditions away first and `spec.paused` a moment later: that they resumed is kept until then, where Argo Rollouts
 * forgets it when it looks in between, and stays paused.
 */
export function writePauses(before: RolloutStatus, status: RolloutStatus, changes: PauseChanges, { now, isHeld }: { now: string; isHeld: boolean }): void {
  for (const name of ["abort", "abortedAt", "pauseConditions", "controllerPause"] as const) delete status[name];
  if (isAborted(before, changes)) {
    status.abort = true;
    status.abortedAt = before.abortedAt ?? now;
    return;
  }
  if (changes.clear) return;
  const existing = before.pauseConditions ?? [];
  const kept = existing.filter((pause) => !changes.remove.includes(pause.reason as PauseReason));
  const added = [...new Set(changes.add)].filter((reason) => !existing.some((pause) => pause.reason === reason));
  const all = [...kept, ...added.map((reason) => ({ reason, startTime: now }))];
  if (all.length === 0) {
    if (isHeld && existing.length === 0 && before.controllerPause === true) status.controllerPause = true;
    return;
  }
  status.pauseConditions = all;
  if (added.length > 0 || before.controllerPause === true) status.controllerPause = true;
}
