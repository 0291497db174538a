import type { ApplicationCondition } from "@trireme/api/argo";

export const ConditionType = {
  DeletionError: "DeletionError",
  InvalidSpecError: "InvalidSpecError",
  ComparisonError: "ComparisonError",
  SyncError: "SyncError",
  UnknownError: "UnknownError",
  SharedResourceWarning: "SharedResourceWarning",
  RepeatedResourceWarning: "RepeatedResourceWarning",
  ExcludedResourceWarning: "ExcludedResourceWarning",
  OrphanedResourceWarning: "OrphanedResourceWarning",
  /** Ours: a manifest that will probably not do what its author wants; see docs/errors.md. */
  ManifestWarning: "ManifestWarning",
  /** Ours: automated sync would delete more than it may by itself, and waits for a person. */
  DeletionHeldWarning: "DeletionHeldWarning",
  /** Ours: a release was taken back, and the one before it is held. */
  RolledBack: "RolledBack",
  /** Ours: a release fails and is not taken back; the message says why not. */
  ReleaseFailed: "ReleaseFailed",
  /** Ours: too many releases in a row were taken back. */
  AutomatedSyncStopped: "AutomatedSyncStopped",
} as const;
export type ConditionType = (typeof ConditionType)[keyof typeof ConditionType];

export const isErrorCondition = (condition: ApplicationCondition): boolean => condition.type.endsWith("Error");

/**
 * Replaces the condition types that were evaluated and leaves all others as they were. What was there with the
 * same type and message keeps its time. Sorted by type, message, time; `now` is RFC3339.
 */
export function withConditions(current: readonly ApplicationCondition[] | undefined, evaluated: readonly ConditionType[], found: readonly ApplicationCondition[], now: string): ApplicationCondition[] {
  const kept = (current ?? []).filter((condition) => !(evaluated as readonly string[]).includes(condition.type));
  const seen = new Set<string>();
  const replaced: ApplicationCondition[] = [];
  for (const { type, message } of found) {
    if (seen.has(`${type}\0${message}`)) continue;
    seen.add(`${type}\0${message}`);
    const before = current?.find((condition) => condition.type === type && condition.message === message);
    replaced.push({ type, message, lastTransitionTime: before?.lastTransitionTime ?? now });
  }
  return [...kept, ...replaced].sort((a, b) => compareText(a.type, b.type) || compareText(a.message, b.message) || compareText(a.lastTransitionTime ?? "", b.lastTransitionTime ?? ""));
}

/** The one line that a failed operation shows for several conditions. */
export function formatConditions(conditions: readonly ApplicationCondition[]): string {
  return conditions.map((condition) => `${condition.type}: ${condition.message}`).join(";");
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
