import type { OperationState } from "@trireme/api/argo";
import { failureOf, provenAs, rollbackDigest, rollbackOperation, rollbackPolicy, rollbackTail, rollbackTarget, shortRevisions, withRollback, ReleaseReason } from "@trireme/gitops";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Next } from "../applications/wakes.ts";
import { LostRaceError } from "../applications/write.ts";
import { rebased, type Run } from "../operations/run.ts";
import { compareBeside, differing } from "./beside.ts";
import { whyNot } from "./judge.ts";
import { pinnedState } from "./pinned-state.ts";

/**
 * A sync that failed for good and left the cluster elsewhere than the last proven set: the operation goes on, back to the last proven set, and
 * ends Failed all the same. The decision is stored before anything is applied. Undefined where it is not taken back.
 */
export async function rollbackOfFailed(run: Run, failed: OperationState): Promise<Next> {
  const { deps, facts, memory, desired, signal } = run;
  const { app } = run;
  const sync = failed.operation.sync;
  if (rollbackDigest(failed.operation) !== undefined || sync === undefined || sync.dryRun === true || (sync.resources?.length ?? 0) > 0 || (sync.manifests?.length ?? 0) > 0) return undefined;
  const record = deps.releases.of(app);
  const to = rollbackTarget(record, desired.digest);
  if (to === undefined || provenAs(record, desired.digest) !== undefined || whyNot(rollbackPolicy(app, facts.settings.config).mode, to, desired) !== undefined) return undefined;
  const message = failed.message ?? "";
  try {
    const set = await pinnedState(deps, facts, memory, to.digest, signal);
    // Nothing that was only refused needs taking back.
    if (differing(deps, facts, app, set, await compareBeside(facts, memory, set, signal)).length === 0) return undefined;
    await deps.releases.write(app, withRollback(record, app, { digest: desired.digest, revisions: desired.revisions, reason: ReleaseReason.SyncFailed, message }, to, rfc3339(deps.ctx.clock.now())));
    const operation = rollbackTail(failed.operation, rollbackOperation(app, to, set.sources, message), message);
    const state: OperationState = { operation, phase: "Running", startedAt: failed.startedAt, message: `rolling back to ${shortRevisions(to)}: ${message}`, ...(failed.retryCount !== undefined && { retryCount: failed.retryCount }) };
    await rebased(deps, app, (base) => ({ ...base, operation, status: { ...(memory.pendingStatus ?? base.status), operationState: state } }), signal);
    memory.operation = undefined;
    memory.pendingStatus = undefined;
    deps.events.record(app, { type: "Warning", reason: "RolledBack", message });
    return { inMs: 0, level: 0 };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LostRaceError) return { inMs: 0, level: 0 };
    deps.ctx.log.error({ app: `${app.metadata.namespace}/${app.metadata.name}`, error: asAppError(error).message }, "failed sync not rolled back");
    return undefined;
  }
}

/** How an operation ends whose sync failed and that then went back: never as a success. */
export function tailOutcome(ended: OperationState): OperationState {
  const { sync } = ended.operation;
  const to = shortRevisions({ ...(sync?.revision !== undefined && { revision: sync.revision }), ...(sync?.revisions !== undefined && { revisions: sync.revisions }) });
  const failure = failureOf(ended.operation) ?? "";
  return { ...ended, phase: "Failed", message: ended.phase === "Succeeded" ? `rolled back to ${to}: ${failure}` : `${failure}; rolling back to ${to} failed: ${ended.message ?? ""}` };
}
