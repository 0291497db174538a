import type { OperationState } from "@trireme/api/argo";
import { isOperationInProgress, nextRetryAt } from "@trireme/gitops";
import { asAppError, rfc3339 } from "@trireme/runtime";
import { compareWith } from "../applications/facts.ts";
import { statusOf } from "../applications/status-of.ts";
import type { Next } from "../applications/wakes.ts";
import { LostRaceError } from "../applications/write.ts";
import { isClusterAway, isPatient, untilItAnswers } from "./away.ts";
import { complete } from "./complete.ts";
import { ConditionsError } from "./ending.ts";
import { prepare, type Operating } from "./prepare.ts";
import { rebased, resultsOf, type Run } from "./run.ts";
import { superseded, terminate, work } from "./steps.ts";

/** Takes an operation as far as it goes now: to its end, or to where it waits for the cluster, a person or the clock. */
export async function operate(input: Operating): Promise<Next> {
  const { deps, memory, signal, begun } = input;
  const { ctx } = deps;
  let { app } = input;
  const now = ctx.clock.now();
  const resumed = begun === undefined && isOperationInProgress(app);
  let state: OperationState = resumed ? structuredClone(app.status!.operationState!) : { operation: begun?.operation ?? app.operation!, phase: "Running", startedAt: rfc3339(now) };
  const terminating = state.phase === "Terminating";

  if (resumed && !terminating && deps.config.syncTimeoutMs > 0 && now > Date.parse(state.startedAt) + deps.config.syncTimeoutMs) {
    state.phase = "Terminating";
    state.message = "operation is terminating due to timeout";
  } else if (resumed && !terminating && state.finishedAt !== undefined) {
    const due = retryTime(state);
    if (typeof due === "string") return complete({ deps, app, memory, signal }, { ...state, phase: "Error", message: due });
    if (memory.operation?.supersededBy !== undefined) return complete({ deps, app, memory, signal }, { ...state, phase: "Failed", message: superseded(memory.operation.supersededBy, state.message) });
    if (due > now) return { inMs: due - now, level: 0 };
    state = retried(state);
    memory.operation = undefined;
  }
  if (memory.operation?.startedAt !== state.startedAt || (!resumed && begun !== undefined)) {
    memory.operation = { startedAt: state.startedAt, results: state.syncResult?.resources ?? [], nextWaveAt: 0, statusBefore: { sync: app.status?.sync?.status ?? "", health: app.status?.health?.status ?? "" } };
  }

  let run: Run | undefined;
  try {
    run = await prepare(input, state);
    if (run === undefined) return { inMs: 60_000, level: 0 };
    app = run.app;
    if (run.state.phase === "Terminating") await terminate(run);
    else await work(run, { acknowledged: resumed && state.finishedAt === input.app.status?.operationState?.finishedAt });
    await run.acknowledging;
  } catch (thrown) {
    if (thrown instanceof LostRaceError) return { inMs: 0, level: 0 };
    if (signal.aborted) throw thrown;
    const began = run !== undefined || resumed;
    if (began && isClusterAway(thrown, resumed) && isPatient(memory, now)) return untilItAnswers({ deps, memory, run, cause: thrown, signal });
    const error = asAppError(thrown);
    ctx.log.warn({ app: `${app.metadata.namespace}/${app.metadata.name}`, reason: error.reason, error: error.message }, "operation ended with an error");
    const failed: OperationState = { ...(run?.state ?? state), phase: thrown instanceof ConditionsError ? thrown.phase : "Error", message: error.message };
    if (run !== undefined) {
      await run.acknowledging?.catch(() => undefined);
      run.state = failed;
      const resources = resultsOf(run);
      if (failed.syncResult !== undefined && resources.length > 0) failed.syncResult = { ...failed.syncResult, resources };
    }
    return complete({ deps, app: run?.app ?? app, memory, signal, ...(run && { facts: run.facts, run }) }, failed);
  }
  if (run.state.phase === "Running") return waiting(run);
  return complete({ deps, app: run.app, memory, signal, facts: run.facts, run }, run.state);
}

function retryTime(state: OperationState): number | string {
  try {
    return nextRetryAt(state.operation.retry, Date.parse(state.finishedAt!), (state.retryCount ?? 1) - 1);
  } catch (error) {
    return (error as Error).message;
  }
}

function retried(state: OperationState): OperationState {
  const { finishedAt: _, syncResult: __, ...rest } = state;
  const refresh = rest.operation.retry?.refresh === true;
  const { revision: ___, revisions: ____, ...sync } = rest.operation.sync ?? {};
  return { ...rest, ...(refresh && { operation: { ...rest.operation, sync } }), message: `Retrying operation${refresh ? " with latest revisions" : ""}. Attempt #${rest.retryCount ?? 1}` };
}

/** A wait is said once, and again only when it waits for something else; what has become of the objects goes with it. */
async function waiting(run: Run): Promise<Next> {
  const { deps, facts, memory, signal } = run;
  const resources = resultsOf(run);
  run.state = { ...run.state, syncResult: { ...run.state.syncResult!, ...(resources.length > 0 && { resources }) } };
  const now = deps.ctx.clock.now();
  const desired = memory.desired ?? run.desired;
  const comparison = await compareWith(facts, memory, desired, signal);
  try {
    run.app = await rebased(
      deps,
      run.app,
      (base) => {
        const status = statusOf(deps, facts, base, { desired, comparison }, { now: rfc3339(now), latest: false });
        return { ...base, status: { ...status, operationState: run.state } };
      },
      signal,
    );
  } catch (error) {
    if (!(error instanceof LostRaceError)) throw error;
    return { inMs: 0, level: 0 };
  }
  const { nextWaveAt } = memory.operation!;
  return nextWaveAt > now ? { inMs: nextWaveAt - now, level: 0 } : { inMs: WAIT_CHECK_MS, level: 0 };
}

/** Events wake an operation; this only finds what an event was lost for. */
const WAIT_CHECK_MS = 10_000;
