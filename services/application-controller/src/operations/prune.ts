import { ResultCode } from "@trireme/api/argo";
import { optionValue, resourceOption, rollbackDigest, trackedBy, PHASE_OF_RESULT, type SyncTask } from "@trireme/gitops";
import { isAway, isConflict, isNotFound, refOf } from "@trireme/kube";
import { AppError, asAppError, Code } from "@trireme/runtime";
import { LOCAL, renderApp } from "../applications/desired.ts";
import { desiredInput } from "./desired-input.ts";
import type { Run } from "./run.ts";

const POLICIES = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;

export function propagationPolicy(syncOptions: readonly string[]): "Background" | "Foreground" | "Orphan" {
  return POLICIES[optionValue(syncOptions, "PrunePropagationPolicy") as keyof typeof POLICIES] ?? "Foreground";
}

/**
 * Deletes what Git has no more. Before the first deletion of an operation, a render past every cache must give the same
 * objects; and each victim is read from the API server itself, and must still be this application's.
 */
export async function pruneTask(run: Run, task: SyncTask): Promise<void> {
  const { facts, client, signal } = run;
  const live = task.live!;
  if (run.state.operation.sync?.prune !== true) return settle(task, ResultCode.PruneSkipped, "ignored (requires pruning)");
  if (resourceOption(live, run.syncOptions, "Prune") === "false") return settle(task, ResultCode.PruneSkipped, "ignored (no prune)");
  if (run.state.operation.sync.dryRun === true) return settle(task, ResultCode.Pruned, "pruned (dry run)");
  if (live.metadata.deletionTimestamp !== undefined) return settle(task, ResultCode.Pruned, "pruned");
  try {
    const ref = refOf(live);
    const victim = await facts.live.client.find(ref, { signal });
    if (victim !== undefined && victim.metadata.uid === live.metadata.uid) {
      if (trackedBy(victim, facts.tracking) !== facts.instance) {
        return settle(task, ResultCode.PruneSkipped, "ignored (no longer tracked by this application)");
      }
      if (victim.metadata.deletionTimestamp === undefined) {
        await client.delete(ref, { propagationPolicy: propagationPolicy(run.syncOptions), preconditions: { uid: victim.metadata.uid! }, signal });
      }
    }
    settle(task, ResultCode.Pruned, "pruned");
  } catch (thrown) {
    if (run.patient && isAway(thrown)) throw thrown;
    if (isNotFound(thrown) || isConflict(thrown)) return settle(task, ResultCode.Pruned, "pruned");
    settle(task, ResultCode.SyncFailed, asAppError(thrown).message);
  }
}

/** Throws where what would be pruned against is not what Git really says. Once an operation. */
export async function guardPrune(run: Run): Promise<void> {
  const { desired, facts } = run;
  // What a person sent along has no render to be held against, and a stored set was authenticated when it was opened.
  if (run.guarded || desired.digest === LOCAL || rollbackDigest(run.state.operation) !== undefined) return;
  const fresh = await renderApp(run.deps.ctx, { ...desiredInput(run.deps, facts, { sources: desired.sources, revisions: desired.revisions, signal: run.signal }), noCache: true, noRevisionCache: true });
  if (fresh.digest !== desired.digest) {
    throw new AppError(`nothing pruned: rendering ${desired.revisions.join(", ")} past the caches gives other objects (${fresh.digest.slice(0, 12)} instead of ${desired.digest.slice(0, 12)})`, { reason: "PruneGuard", code: Code.FailedPrecondition, retry: "later" });
  }
  run.guarded = true;
}

/** Whether a prune task will delete something. */
export function willPrune(run: Run, task: SyncTask): boolean {
  return task.target === undefined && run.state.operation.sync?.prune === true && run.state.operation.sync.dryRun !== true && resourceOption(task.live, run.syncOptions, "Prune") !== "false" && task.live?.metadata.deletionTimestamp === undefined;
}

function settle(task: SyncTask, status: ResultCode, message: string): void {
  task.status = status;
  task.operation = PHASE_OF_RESULT[status];
  task.message = message;
}

