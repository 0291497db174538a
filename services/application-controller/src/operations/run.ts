import type { Application, OperationState, ResourceResult } from "@trireme/api/argo";
import type { SyncTask } from "@trireme/gitops";
import { withResults } from "@trireme/gitops";
import type { KubeClient } from "@trireme/kube";
import type { Comparison } from "../applications/compare.ts";
import type { Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import type { RawSecrets } from "../applications/raw-secret.ts";
import { LostRaceError, writeApp } from "../applications/write.ts";
import type { Deps } from "../deps.ts";

/** One operation while it is being worked on. */
export interface Run {
  deps: Deps;
  facts: Facts;
  memory: AppMemory;
  /** As it is stored; every write replaces it. */
  app: Application;
  state: OperationState;
  desired: Desired;
  comparison: Comparison;
  tasks: SyncTask[];
  /** As whom the destination is written to. */
  client: KubeClient;
  syncOptions: readonly string[];
  /** Whether a cluster that does not answer is waited for; else its silence is a failure like others. */
  patient: boolean;
  /** Rendered past every cache, before the first prune. */
  guarded: boolean;
  /** Secrets as they really are, by key; read when the first one is written. */
  raw: RawSecrets | undefined;
  /** The acknowledged `Running`, where it may overlap the first apply. */
  acknowledging: Promise<void> | undefined;
  signal: AbortSignal;
}

export function resultsOf(run: Run): ResourceResult[] {
  const results = withResults(run.memory.operation?.results ?? run.state.syncResult?.resources ?? [], run.tasks);
  if (run.memory.operation !== undefined) run.memory.operation.results = results;
  return results;
}

/**
 * Writes how far the operation has come, before or after a step that must not be repeated. Nothing new, nothing sent.
 * Throws LostRaceError when somebody ends the operation meanwhile.
 */
export async function writeProgress(run: Run, message?: string): Promise<void> {
  await run.acknowledging;
  const resources = resultsOf(run);
  run.state = { ...run.state, ...(message !== undefined && { message }), syncResult: { ...run.state.syncResult!, ...(resources.length > 0 && { resources }) } };
  await writeState(run);
}

/** Stores the operation's state; other fields of the status stay as they are stored. */
export async function writeState(run: Run): Promise<void> {
  run.app = await rebased(run.deps, run.app, (base) => ({ ...base, status: { ...base.status, operationState: run.state } }), run.signal);
}

const TRIES = 5;

/**
 * Writes what `next` makes of the stored object, and makes it again of a newer one while it is still the same operation.
 * A person who terminates it comes first: then the race counts as lost.
 */
export async function rebased(deps: Deps, app: Application, next: (base: Application) => Application, signal?: AbortSignal, options: { overTermination?: boolean } = {}): Promise<Application> {
  let base = app;
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeApp(deps.ctx.control, deps.plane, base, next(base), signal);
    } catch (error) {
      if (!(error instanceof LostRaceError) || error.fresh === undefined || attempt >= TRIES) throw error;
      const { fresh } = error;
      const terminated = fresh.status?.operationState?.phase === "Terminating" && base.status?.operationState?.phase !== "Terminating";
      const another = fresh.status?.operationState?.startedAt !== base.status?.operationState?.startedAt || JSON.stringify(fresh.operation) !== JSON.stringify(base.operation);
      if (another || (terminated && options.overTermination !== true)) throw error;
      base = fresh;
    }
  }
}
