import { sameJson } from "@trireme/gitops";
import type { AnalysisRunStatus } from "@trireme/rollouts";

/** A merge patch of the status fields that differ; undefined where none does. */
export function statusPatch(before: AnalysisRunStatus | undefined, after: AnalysisRunStatus): Record<string, unknown> | undefined {
  const old: Record<string, unknown> = { ...before };
  const patch: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(after)) if (!sameJson(old[field], value)) patch[field] = value;
  for (const field of Object.keys(old)) if (!Object.hasOwn(after, field)) patch[field] = null;
  return Object.keys(patch).length === 0 ? undefined : patch;
}
