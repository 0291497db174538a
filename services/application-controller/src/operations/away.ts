import { isAway } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import type { AppMemory } from "../applications/memory.ts";
import type { Next } from "../applications/wakes.ts";
import { LostRaceError } from "../applications/write.ts";
import type { Deps } from "../deps.ts";
import { resultsOf, writeState, type Run } from "./run.ts";

/** An operation that has begun waits this long for a cluster that has gone away; then its silence is a failure. */
const PATIENCE_MS = 2 * 60_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

export function isPatient(memory: AppMemory, now: number): boolean {
  return now - (memory.operation?.awaySince ?? now) < PATIENCE_MS;
}

/** `resumed`: it was readable when the operation began, so that what cannot be listed now is away as well. */
export function isClusterAway(thrown: unknown, resumed: boolean): boolean {
  return isAway(thrown) || (resumed && asAppError(thrown).reason === "ClusterUnreadable");
}

/**
 * Leaves the operation as it is, like a crash at this point: what was done is in its results, what was not is done at
 * one of the next visits. Says what it waits for where the control plane still answers.
 */
export async function untilItAnswers({ deps, memory, run, cause, signal }: { deps: Deps; memory: AppMemory; run: Run | undefined; cause: unknown; signal: AbortSignal }): Promise<Next> {
  const { clock, log } = deps.ctx;
  const now = clock.now();
  const { message, reason } = asAppError(cause);
  const operation = memory.operation!;
  operation.awaySince ??= now;
  const since = now - operation.awaySince;
  log.warn({ reason, error: message, ms: since, ...(run && { app: `${run.app.metadata.namespace}/${run.app.metadata.name}` }) }, "operation waits for its cluster");
  if (run !== undefined) {
    await run.acknowledging?.catch(() => undefined);
    const resources = resultsOf(run);
    const said = { ...run.state, message: `waiting for ${run.facts.live.id}: ${message}`, syncResult: { ...run.state.syncResult!, ...(resources.length > 0 && { resources }) } };
    // Before `Running` is stored there is nothing to add to.
    if (run.app.status?.operationState?.startedAt === said.startedAt) {
      run.state = said;
      try {
        await writeState(run);
      } catch (thrown) {
        signal.throwIfAborted();
        if (thrown instanceof LostRaceError) return { inMs: 0, level: 0 };
      }
    }
  }
  return { inMs: Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, since)), level: 0 };
}
