import type { Application, ApplicationCondition } from "@trireme/api/argo";
import { isAutomated, MOST_ROLLBACKS, quarantineOf, RollbackMode, rollbackPolicy, shortRevisions, type ConditionType } from "@trireme/gitops";
import type { Facts } from "../applications/facts.ts";
import type { Deps } from "../deps.ts";

/** Condition types that only the judgement of releases answers for. */
export const RELEASE_CONDITIONS: readonly ConditionType[] = ["RolledBack", "ReleaseFailed", "AutomatedSyncStopped"];

export interface HeldBack {
  conditions: ApplicationCondition[];
  /** Why automated sync leaves alone what Git wants. */
  refusal?: string;
  /** The stored set that is held live instead. */
  pinned?: { digest: string; since: string; reason: string };
}

/** What keeps automated sync from a set that Git wants: it was taken back before, or too many before it were. */
export function heldBack(deps: Deps, facts: Facts, app: Application, wanted: { digest: string; revisions: readonly string[] }): HeldBack {
  const record = deps.releases.of(app);
  const { pinned } = record;
  if (rollbackPolicy(app, facts.settings.config).mode === RollbackMode.Off) return { conditions: [] };
  const quarantined = quarantineOf(record, wanted.digest);
  const isStopped = (record.rollbacksSinceProven ?? 0) >= MOST_ROLLBACKS && isAutomated(app.spec.syncPolicy);
  if (quarantined === undefined && !isStopped) return { conditions: [] };

  const conditions: ApplicationCondition[] = [];
  const cause = quarantined ?? record.quarantined?.[0];
  if (pinned !== undefined && cause !== undefined) conditions.push({ type: "RolledBack", message: `rolled back from ${shortRevisions(cause)} to ${shortRevisions(pinned)} since ${pinned.since}: ${cause.message ?? cause.reason}` });
  if (isStopped) conditions.push({ type: "AutomatedSyncStopped", message: `automated sync is stopped: ${record.rollbacksSinceProven} releases in a row were rolled back; sync by hand, or lift the quarantine, to go on` });
  const to = shortRevisions({ revisions: wanted.revisions });
  return {
    conditions,
    refusal: quarantined !== undefined ? `Skipping sync attempt to ${to}: what it renders to is quarantined since ${quarantined.since}: ${quarantined.message ?? quarantined.reason}` : `Skipping sync attempt to ${to}: automated sync is stopped after ${record.rollbacksSinceProven} rollbacks in a row`,
    ...(pinned !== undefined && { pinned: { digest: pinned.digest, since: pinned.since, reason: cause?.message ?? "" } }),
  };
}
