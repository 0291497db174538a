import type { KubeObject } from "@trireme/api";
import { deletesBeforeCreation, isPending, isPrune, needsPruneConfirmation, PHASE_OF_RESULT, rollbackDigest, type SyncTask } from "@trireme/gitops";
import { isAway } from "@trireme/kube";
import { asAppError, rfc3339 } from "@trireme/runtime";
import { isSecret } from "../clusters/redact.ts";
import { localObjects, renderApp } from "../applications/desired.ts";
import { rawSecrets, withRawData } from "../applications/raw-secret.ts";
import { openProven } from "../releases/pinned-state.ts";
import { applyTask } from "./apply.ts";
import { desiredInput } from "./desired-input.ts";
import { deleteHook, removeHookFinalizer } from "./hooks.ts";
import { guardPrune, pruneTask, willPrune } from "./prune.ts";
import { writeProgress, type Run } from "./run.ts";

export type Outcome = "successful" | "pending" | "failed";

/** Said of a hook before it is created: found again after a crash, it tells a hook that never was from one that was. */
export const STARTING = "starting";

/** Carries out one group of tasks (a phase's wave): room for hooks, prunes, then kind after kind. */
export async function runWave(run: Run, tasks: SyncTask[]): Promise<Outcome> {
  const dryRun = run.state.operation.sync?.dryRun === true;
  if (!dryRun) {
    const cleared = await clearHooks(run, tasks.filter((task) => task.hook && isPending(task) && task.live !== undefined));
    if (cleared !== "successful") return cleared;
  }
  const pruned = await prune(run, tasks.filter(isPrune));
  if (pruned !== "successful") return pruned;
  if (!dryRun) {
    const room = await makeRoom(run, tasks.filter(deletesBeforeCreation));
    if (room !== "successful") return room;
  }
  const creates = tasks.filter((task) => !isPrune(task));
  const hooks = creates.filter((task) => task.hook);
  if (hooks.length > 0 && !dryRun) {
    for (const task of hooks) {
      task.operation = "Running";
      task.message = STARTING;
    }
    await writeProgress(run);
  }
  let failed = false;
  for (const group of byKind(creates)) {
    await inParallel(group, run.deps.config.kubectlParallelism, (task) => apply(run, task, dryRun));
    failed ||= group.some((task) => task.status === "SyncFailed");
  }
  return failed ? "failed" : "successful";
}

async function clearHooks(run: Run, tasks: SyncTask[]): Promise<Outcome> {
  let outcome: Outcome = "successful";
  for (const task of tasks) {
    try {
      await removeHookFinalizer(run, task);
    } catch (thrown) {
      if (run.patient && isAway(thrown)) throw thrown;
      outcome = "failed";
      task.operation = "Error";
      task.message = `failed to remove hook finalizer: ${asAppError(thrown).message}`;
    }
  }
  return outcome;
}

async function prune(run: Run, tasks: SyncTask[]): Promise<Outcome> {
  if (tasks.length === 0) return "successful";
  if (tasks.some((task) => needsPruneConfirmation(task, run.syncOptions)) && !isConfirmed(run)) return "pending";
  const victims = tasks.filter((task) => willPrune(run, task));
  if (victims.length > 0) {
    await guardPrune(run);
    for (const task of victims) {
      task.operation = "Running";
      task.message = "pruning";
    }
    await writeProgress(run);
  }
  await inParallel(tasks, run.deps.config.kubectlParallelism, (task) => pruneTask(run, task));
  return tasks.some((task) => task.status === "SyncFailed") ? "failed" : "successful";
}

async function makeRoom(run: Run, tasks: SyncTask[]): Promise<Outcome> {
  let outcome: Outcome = "successful";
  for (const task of tasks) {
    try {
      if (task.live?.metadata.deletionTimestamp !== undefined || (await deleteHook(run, task))) outcome = outcome === "failed" ? "failed" : "pending";
    } catch (thrown) {
      if (run.patient && isAway(thrown)) throw thrown;
      outcome = "failed";
      task.operation = "Error";
      task.message = `failed to delete resource: ${asAppError(thrown).message}`;
    }
  }
  return outcome;
}

async function apply(run: Run, task: SyncTask, dryRun: boolean): Promise<void> {
  if (dryRun) {
    task.status = "Synced";
    task.operation = "Succeeded";
    task.message = `${task.gvk.kind.toLowerCase()}${task.gvk.group === "" ? "" : `.${task.gvk.group}`}/${task.key.name} ${task.live === undefined ? "created" : "configured"} (dry run)`;
    return;
  }
  const { facts, deps, state } = run;
  const { status, message } = await applyTask(task, {
    client: run.client,
    live: facts.live,
    schemas: facts.schemas,
    syncOptions: run.syncOptions,
    force: state.operation.sync?.syncStrategy?.apply?.force === true || state.operation.sync?.syncStrategy?.hook?.force === true,
    patient: run.patient,
    now: rfc3339(deps.ctx.clock.now()),
    raw: (target) => rawOf(run, target),
    signal: run.signal,
  });
  task.status = status;
  task.operation = PHASE_OF_RESULT[status];
  task.message = message;
}

/** A target with what a Secret really holds: rendered once more at the same revision or opened once more, kept for this operation only. */
async function rawOf(run: Run, target: KubeObject): Promise<KubeObject> {
  if (!isSecret(target)) return target;
  const namespace = run.app.spec.destination.namespace ?? "";
  if (run.raw === undefined) {
    run.raw = rawSecrets(await rawObjects(run), namespace);
  }
  return withRawData(target, run.raw, namespace);
}

async function rawObjects(run: Run): Promise<{ object: KubeObject }[]> {
  const { deps, facts, desired, state, signal } = run;
  const rollback = rollbackDigest(state.operation);
  if (rollback !== undefined) return (await openProven(deps, run.app, rollback)).objects.map((object) => ({ object }));
  const manifests = state.operation.sync?.manifests ?? [];
  return manifests.length > 0 ? localObjects(manifests) : ((await renderApp(deps.ctx, desiredInput(deps, facts, { sources: desired.sources, revisions: desired.revisions, signal }))).objects ?? []);
}

function isConfirmed(run: Run): boolean {
  const approved = run.app.metadata.annotations?.["argocd.argoproj.io/deletion-approved"];
  return approved !== undefined && Date.parse(approved) >= Date.parse(run.state.startedAt);
}

/** Runs of one kind, in order: another kind waits until the one before it is through. */
function byKind(tasks: readonly SyncTask[]): SyncTask[][] {
  const groups: SyncTask[][] = [];
  for (const task of tasks) {
    const last = groups[groups.length - 1];
    if (last?.[0]!.gvk.kind === task.gvk.kind) last.push(task);
    else groups.push([task]);
  }
  return groups;
}

/** What was begun is over when this settles: after a failure nothing new is begun, and nothing goes on behind the caller's back. */
async function inParallel<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((thrown: unknown) => failures.push(thrown));
    }
  }));
  if (failures.length > 0) throw failures[0];
}
