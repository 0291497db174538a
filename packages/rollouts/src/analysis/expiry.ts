import { isCompleted, type AnalysisRun } from "./types.ts";

/**
 * When a completed run may be deleted for its age, in milliseconds since the epoch; undefined for one that stays.
 * Argo compares whole seconds, so that a run lives a second longer than it says.
 */
export function expiresAt({ spec, status }: AnalysisRun): number | undefined {
  const ttl = spec.ttlStrategy;
  if (ttl === undefined || status?.completedAt === undefined || !isCompleted(status.phase)) return undefined;
  const own = status.phase === "Successful" ? ttl.secondsAfterSuccess : status.phase === "Failed" ? ttl.secondsAfterFailure : undefined;
  const seconds = own ?? ttl.secondsAfterCompletion;
  return seconds === undefined ? undefined : Date.parse(status.completedAt) + (seconds + 1) * 1000;
}
