import { keyText } from "@trireme/api";
import type { OperationState } from "@trireme/api/argo";
import { afterRun, failureMessage, healthOf, isPending, isPrune, nextStep, type Step, type SyncTask } from "@trireme/gitops";
import { deleteHooks, removeHookFinalizer, terminateHooks } from "./hooks.ts";
import { taskProblems } from "./preflight.ts";
import { rebased, resultsOf, writeProgress, type Run } from "./run.ts";
import { runWave, STARTING } from "./wave.ts";

/** The steps, one after the other, until the operation is over or waits. */
export async function work(run: Run, options: { acknowledged: boolean }): Promise<void> {
  const { deps } = run;
  let acknowledged = options.acknowledged;
  recoverFromCrash(run);
  for (;;) {
    refreshLive(run);
    const { supersededBy } = run.memory.operation!;
    if (supersededBy !== undefined && !run.tasks.some((task) => task.hook && task.operation === "Running")) {
      const step = nextStep(run.tasks, { outOfSyncOnly: undefined, healthOf: (task) => healthOf(task.live!) });
      if (step.kind === "run" || step.kind === "wait") {
        await finishHooks(run, []);
        return end(run, "Failed", superseded(supersededBy, step.kind === "wait" ? step.message : undefined));
      }
    }
    const step = nextStep(run.tasks, { outOfSyncOnly: outOfSyncOnly(run), healthOf: (task) => healthOf(task.live!) });
    switch (step.kind) {
      case "wait":
        if (await lookForMissing(run, step.missing)) continue;
        run.state = { ...run.state, message: step.message };
        return;
      case "succeed":
        await finishHooks(run, step.deleteHooks);
        return end(run, "Succeeded", step.message);
      case "fail":
        if (await failed(run, step)) return;
        continue;
      case "run": {
        if (!acknowledged) {
          const problems = taskProblems(run);
          if (problems.length > 0) return end(run, "Failed", ["one or more synchronization tasks are not valid", problems.join("; ")].join(": "));
          await acknowledge(run);
          acknowledged = true;
        }
        const { nextWaveAt } = run.memory.operation!;
        if (nextWaveAt > deps.ctx.clock.now()) return;
        await removeFinalizersOfDone(run);
        const outcome = await runWave(run, step.tasks);
        delete run.memory.operation!.awaySince;
        resultsOf(run);
        const after = afterRun(run.tasks, step, outcome);
        if (after.kind === "succeed") {
          await finishHooks(run, after.deleteHooks);
          return end(run, "Succeeded", after.message);
        }
        if (after.kind === "fail") {
          if (await failed(run, after)) return;
          continue;
        }
        const onlyNamespace = step.tasks.every((task) => task.phase === "PreSync" && task.gvk.kind === "Namespace" && !task.hook);
        if (!step.finalWave && !onlyNamespace && outcome === "successful") run.memory.operation!.nextWaveAt = deps.ctx.clock.now() + deps.config.waveDelayMs;
        // Once it is there, the namespace is nobody's task any more; its result stays as it was.
        if (onlyNamespace && outcome === "successful" && run.app.spec.syncPolicy?.managedNamespaceMetadata === undefined) run.tasks = run.tasks.filter((task) => !step.tasks.includes(task));
        if (!onlyNamespace) await writeProgress(run, after.kind === "wait" ? after.message : undefined);
        if (outcome === "pending") {
          run.state = { ...run.state, message: after.kind === "wait" ? after.message : "" };
          refreshLive(run);
          if (step.tasks.every((task) => task.live !== undefined || !task.hook)) return;
        }
      }
    }
  }
}

/** `Running` is stored before the first apply. A heal may overlap the two; nothing else may. */
async function acknowledge(run: Run): Promise<void> {
  const { deps, memory, signal } = run;
  const automatedHeal = (run.state.operation.sync?.autoHealAttemptsCount ?? 0) > 0 && run.tasks.every((task) => !task.hook && !isPrune(task));
  const storing = rebased(deps, run.app, (base) => ({ ...base, operation: run.state.operation, status: { ...(memory.pendingStatus ?? base.status), operationState: run.state } }), signal).then((stored) => {
    run.app = stored;
    memory.pendingStatus = undefined;
  });
  if (!automatedHeal) return storing;
  run.acknowledging = storing;
  storing.catch(() => undefined);
}

function end(run: Run, phase: OperationState["phase"], message: string): void {
  const resources = resultsOf(run);
  const { resources: _, ...syncResult } = run.state.syncResult!;
  run.state = { ...run.state, phase, message, syncResult: { ...syncResult, ...(resources.length > 0 && { resources }) } };
}

/** What a newer revision leaves an operation with: where it was, and who took over. */
export function superseded(revision: string, message: string | undefined): string {
  return `superseded by ${revision}${message === undefined || message === "" ? "" : ` while ${message}`}`;
}

/** True when the operation is over (failed), false when SyncFail hooks were started or are still running. */
async function failed(run: Run, step: Extract<Step, { kind: "fail" }>): Promise<boolean> {
  const { syncFail, failedTasks } = step;
  const pending = syncFail.filter(isPending);
  if (pending.length > 0 && run.state.operation.sync?.dryRun !== true) {
    await runWave(run, pending);
    await writeProgress(run);
    return false;
  }
  if (run.tasks.some((task) => task.hook && task.operation === "Running")) return false;
  await finishHooks(run, step.deleteHooks);
  end(run, "Failed", failureMessage(step.message, failedTasks, syncFail));
  return true;
}

/** Hooks let go of their objects only once their results are written: until then the objects are the results. */
async function finishHooks(run: Run, deletions: readonly SyncTask[]): Promise<void> {
  const done = run.tasks.filter((task) => task.hook && task.operation !== undefined && task.operation !== "Running");
  if (done.length === 0) return;
  await writeProgress(run);
  for (const task of done) await removeHookFinalizer(run, task);
  await deleteHooks(run, deletions);
}

async function removeFinalizersOfDone(run: Run): Promise<void> {
  const done = run.tasks.filter((task) => task.hook && task.live !== undefined && (task.operation === "Succeeded" || task.operation === "Failed") && task.live.metadata.finalizers?.includes("argocd.argoproj.io/hook-finalizer"));
  if (done.length === 0) return;
  await writeProgress(run);
  for (const task of done) await removeHookFinalizer(run, task);
}

/** What a crash left open: hooks that were announced but never made, and prunes whose object is gone. */
function recoverFromCrash(run: Run): void {
  const planned = new Set(run.tasks.map((task) => `${keyText({ ...task.key, namespace: task.resultNamespace })}:${task.phase}`));
  run.memory.operation!.results = run.memory.operation!.results.map((result) => (result.message === "pruning" && result.hookPhase === "Running" && !planned.has(`${keyText(result)}:${result.syncPhase}`) ? { ...result, status: "Pruned" as const, hookPhase: "Succeeded" as const, message: "pruned" } : result));
  for (const task of run.tasks) {
    if (isPrune(task) && task.message === "pruning" && task.operation === "Running") {
      task.operation = undefined;
      task.message = "";
    }
  }
}

function refreshLive(run: Run): void {
  for (const task of run.tasks) task.live = run.facts.live.get(task.key);
}

/** Objects that the cache does not have are asked for at the server. True: something has changed, decide again. */
async function lookForMissing(run: Run, missing: readonly SyncTask[]): Promise<boolean> {
  let changed = false;
  for (const task of missing) {
    const found = await run.facts.live.client.find({ ...task.gvk, ...task.key }, { signal: run.signal });
    if (found !== undefined) {
      task.live = run.facts.live.observe(found);
      // A kind that nobody watches is judged here, and looked at again with the next visit.
      if (run.facts.live.get(task.key) !== undefined) changed = true;
      continue;
    }
    if (task.hook && task.message === STARTING) {
      task.operation = undefined;
      task.message = "";
    } else {
      task.status = "SyncFailed";
      task.operation = "Error";
      task.message = `Resource ${task.gvk.group}/${task.gvk.kind}/${task.key.name} is missing, it might have been deleted`;
    }
    changed = true;
  }
  return changed;
}

function outOfSyncOnly(run: Run): ReadonlySet<string> | undefined {
  if (!run.syncOptions.includes("ApplyOutOfSyncOnly=true")) return undefined;
  return new Set(run.comparison.objects.filter(({ modified, target, live }) => modified || target === undefined || live === undefined).map(({ key }) => keyText(key)));
}

export async function terminate(run: Run): Promise<void> {
  const clean = await terminateHooks(run);
  end(run, clean ? "Failed" : "Error", clean ? "Operation terminated" : "Operation termination had errors");
  if (run.app.status?.operationState?.phase !== "Terminating") run.state.message += ", triggered by controller sync timeout";
}
