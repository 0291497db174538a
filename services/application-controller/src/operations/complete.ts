import type { Application, ApplicationStatus, OperationState, RevisionHistory } from "@trireme/api/argo";
import { decideAutoSync, failureOf, hasMultipleSources, isCompleted, kitchenTime, leavesHistory, mayRetry, nextRetryAt, RollbackMode, rollbackPolicy, sourcesOf, storedDigest, withConditions, withHistory } from "@trireme/gitops";
import { asAppError, rfc3339 } from "@trireme/runtime";
import { desiredState } from "../applications/desired.ts";
import { compareWith, factsOf, type Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import { statusOf } from "../applications/status-of.ts";
import { deletionHeld } from "../applications/deletion-held.ts";
import type { Next } from "../applications/wakes.ts";
import { LostRaceError } from "../applications/write.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "./desired-input.ts";
import { heldBack, RELEASE_CONDITIONS } from "../releases/held-back.ts";
import { rollbackOfFailed, tailOutcome } from "../releases/rollback-of-failed.ts";
import { rebased, type Run } from "./run.ts";

/** How long the last write waits for controllers to notice what was applied. */
const SETTLE_MS = 1000;
/** With more to do than this, nobody waits for the sake of one write less. */
const BUSY = 4;

export interface Completing {
  deps: Deps;
  app: Application;
  memory: AppMemory;
  signal: AbortSignal;
  facts?: Facts;
  /** Absent where it ended before anything was known of what it delivers. */
  run?: Run;
}

/**
 * Ends an operation, or puts its next attempt on the clock: one write with the result, the history, and the sync
 * status and health as they are now.
 */
export async function complete(input: Completing, ended: OperationState): Promise<Next> {
  const { deps, memory, signal } = input;
  const { ctx } = deps;
  const terminated = input.app.status?.operationState?.phase === "Terminating" || ended.message?.startsWith("Operation terminat") === true || memory.operation?.supersededBy !== undefined;
  const state = failureOf(ended.operation) === undefined ? outcomeOf(ended, terminated, ctx.clock.now()) : tailOutcome(ended);
  if (state.phase === "Failed" && !terminated && input.run !== undefined) {
    const tail = await rollbackOfFailed(input.run, state);
    if (tail !== undefined) return tail;
  }
  if (state.phase === "Running") {
    memory.operation = undefined;
    try {
      await rebased(deps, input.app, (base) => ({ ...base, operation: state.operation, status: { ...(memory.pendingStatus ?? base.status), operationState: state } }), signal);
      memory.pendingStatus = undefined;
    } catch (error) {
      if (!(error instanceof LostRaceError)) throw error;
      return { inMs: 0, level: 0 };
    }
    return { inMs: Math.max(0, nextRetryAt(state.operation.retry, Date.parse(state.finishedAt!), state.retryCount! - 1) - ctx.clock.now()), level: 0 };
  }

  const before = memory.operation?.statusBefore ?? { sync: input.app.status?.sync?.status ?? "", health: input.app.status?.health?.status ?? "" };
  const compared = await comparedAfter(input, state).catch((error: unknown) => {
    ctx.log.warn({ app: `${input.app.metadata.namespace}/${input.app.metadata.name}`, error: asAppError(error).message }, "not compared after the operation");
    return undefined;
  });
  const finishedAt = rfc3339(ctx.clock.now());
  let status: ApplicationStatus | undefined;
  try {
    const stored = await rebased(
      deps,
      input.app,
      (base) => {
        const { operation: _, ...rest } = base;
        status = {
          ...(compared?.status ?? memory.pendingStatus ?? base.status),
          operationState: { ...state, finishedAt },
          ...(leavesHistory(state) ? { history: withHistory(base, historyEntry(base, state, finishedAt)) } : base.status?.history !== undefined && { history: base.status.history }),
          ...(compared !== undefined && { reconciledAt: finishedAt }),
        };
        return { ...rest, status } as Application;
      },
      signal,
      { overTermination: true },
    );
    if (input.run !== undefined && (leavesHistory(state) || failureOf(state.operation) !== undefined)) memory.deployed = storedDigest(input.run.desired.digest);
    memory.operation = undefined;
    memory.operationDesired = undefined;
    memory.pendingStatus = undefined;
    announce(deps, stored, { ...state, finishedAt }, before);
  } catch (error) {
    if (!(error instanceof LostRaceError)) throw error;
    return { inMs: 0, level: 0 };
  }
  return compared === undefined ? { inMs: 0, level: 3 } : (compared.next ?? undefined);
}

/** A failed operation with attempts left goes on running, with the time of its end as the mark of a retry. */
function outcomeOf(state: OperationState, terminated: boolean, now: number): OperationState {
  if (!isCompleted(state.phase) || state.phase === "Succeeded" || terminated || !mayRetry(state.operation.retry, state.retryCount ?? 0)) {
    const retried = (state.retryCount ?? 0) > 0 && isCompleted(state.phase) && state.phase !== "Succeeded" && !terminated;
    return retried ? { ...state, message: `${state.message} (retried ${state.retryCount} times).` } : state;
  }
  try {
    const at = nextRetryAt(state.operation.retry, now, state.retryCount ?? 0);
    const retryCount = (state.retryCount ?? 0) + 1;
    return { ...state, phase: "Running", finishedAt: rfc3339(now), retryCount, message: `${state.message}. Retrying attempt #${retryCount} at ${kitchenTime(at)}.` };
  } catch (error) {
    return { ...state, phase: "Error", message: `${state.message} (failed to retry: ${(error as Error).message})` };
  }
}

async function comparedAfter(input: Completing, state: OperationState): Promise<{ status: ApplicationStatus; next: Next } | undefined> {
  const { deps, memory, signal } = input;
  const facts = input.facts ?? factsOf(deps, input.app);
  const { ctx } = deps;
  const applied = (memory.operation?.results ?? []).filter((result) => result.status === "Synced" && / (?:configured|created|replaced|serverside-applied)$/.test(result.message ?? ""));
  if (deps.busy() <= BUSY) await facts.live.observedGenerations(applied, SETTLE_MS, signal);
  memory.desired ??= await desiredState(ctx, { ...desiredInput(deps, facts, { sources: sourcesOf(input.app.spec), revisions: [], signal }), noRevisionCache: state.operation.initiatedBy?.automated !== true });
  const comparison = await compareWith(facts, memory, memory.desired, signal);
  const now = rfc3339(ctx.clock.now());
  const app: Application = { ...input.app, status: { ...(memory.pendingStatus ?? input.app.status), operationState: { ...state, finishedAt: now } } };
  delete app.operation;
  const status = statusOf(deps, facts, app, { desired: memory.desired, comparison }, { now, latest: true });
  const back = heldBack(deps, facts, app, memory.desired);
  const decision = decideAutoSync({ app: { ...app, status }, sync: status.sync!, resources: status.resources ?? [], touched: memory.touched, backoff: deps.config.selfHeal, now: ctx.clock.now(), pruneHeld: deletionHeld(app, status) !== undefined, ...(back.refusal !== undefined && { refusal: back.refusal }) });
  const conditions = withConditions(status.conditions, ["SyncError", ...RELEASE_CONDITIONS], [...(decision.kind === "refused" ? [{ type: "SyncError", message: decision.message }] : []), ...back.conditions], now);
  if (conditions.length > 0) status.conditions = conditions;
  else delete status.conditions;
  const next: Next = decision.kind === "start" || back.pinned !== undefined ? { inMs: 0, level: 1 } : decision.kind === "later" ? { inMs: decision.inMs, level: 1 } : trialOf(deps, facts, app, memory.desired, state);
  return { status, next };
}

/** What was just delivered is looked at once more when its grace is over, whether or not anything is heard of it until then. */
function trialOf(deps: Deps, facts: Facts, app: Application, desired: Desired, state: OperationState): Next {
  const { mode, graceMs } = rollbackPolicy(app, facts.settings.config);
  if (state.phase !== "Succeeded" || mode === RollbackMode.Off || deps.releases.of(app).proven?.[0]?.digest === storedDigest(desired.digest)) return undefined;
  return { inMs: graceMs, level: 1 };
}

function historyEntry(app: Application, state: OperationState, deployedAt: string): Omit<RevisionHistory, "id"> & { deployStartedAt: string } {
  const { revision, revisions, source, sources } = state.syncResult!;
  const many = hasMultipleSources(app.spec) || (sources?.length ?? 0) > 0;
  return { ...(many ? { revisions: revisions ?? [], sources: sources ?? [] } : { revision, ...(source && { source }) }), deployStartedAt: state.startedAt, deployedAt, ...(state.operation.initiatedBy && { initiatedBy: state.operation.initiatedBy }) };
}

function announce(deps: Deps, app: Application, state: OperationState, before: { sync: string; health: string }): void {
  deps.work.synced(app, state.phase);
  const partial = (state.operation.sync?.resources?.length ?? 0) > 0;
  const to = state.syncResult === undefined ? "" : ` to ${state.syncResult.revision || (state.syncResult.revisions ?? []).join(", ")}`;
  const succeeded = state.phase === "Succeeded";
  deps.events.record(app, { type: succeeded ? "Normal" : "Warning", reason: "OperationCompleted", message: `${partial ? "Partial sync" : "Sync"} operation${to} ${succeeded ? "succeeded" : `failed: ${state.message ?? ""}`}` });
  announceStatus(deps, app, before);
}

/** Told only where it came out differently: what an operation passed through in between is not news. */
export function announceStatus(deps: Deps, app: Application, before: { sync: string; health: string }): void {
  const sync = app.status?.sync?.status ?? "";
  const health = app.status?.health?.status ?? "";
  if (sync !== before.sync) deps.events.record(app, { type: "Normal", reason: "ResourceUpdated", message: `Updated sync status: ${before.sync} -> ${sync}` });
  if (health !== before.health) deps.events.record(app, { type: "Normal", reason: "ResourceUpdated", message: `Updated health status: ${before.health} -> ${health}` });
}
