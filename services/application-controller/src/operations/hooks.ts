import { Finalizer, hasHookFinalizer, healthOf, hookPhase, type SyncTask } from "@trireme/gitops";
import { isAway, isConflict, isNotFound, refOf } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import { propagationPolicy } from "./prune.ts";
import type { Run } from "./run.ts";

const TRIES = 5;

/** Lets a hook's object go: its result has been read, or it makes room. Throws where the cluster refuses. */
export async function removeHookFinalizer(run: Run, task: SyncTask): Promise<void> {
  for (let attempt = 1; task.live !== undefined && hasHookFinalizer(task.live); attempt++) {
    const { metadata } = task.live;
    const finalizers = metadata.finalizers!.filter((name) => name !== Finalizer.Hook);
    try {
      task.live = run.facts.live.observe(await run.client.patch(refOf(task.live), "merge", { metadata: { resourceVersion: metadata.resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null } }, { signal: run.signal }));
      return;
    } catch (thrown) {
      if (isNotFound(thrown)) {
        task.live = undefined;
        return;
      }
      if (!isConflict(thrown) || attempt >= TRIES) throw thrown;
      task.live = await run.facts.live.client.find(refOf(task.live), { signal: run.signal });
    }
  }
}

/** Deletes a hook's object. False: it was not there any more. */
export async function deleteHook(run: Run, task: SyncTask): Promise<boolean> {
  const uid = task.live!.metadata.uid;
  try {
    await run.client.delete(refOf(task.live!), { propagationPolicy: propagationPolicy(run.syncOptions), ...(uid !== undefined && { preconditions: { uid } }), signal: run.signal });
    return true;
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
    task.live = undefined;
    return false;
  }
}

/** At the end of a phase's flow: what its policy lets go. Failures are told in the hook's result. */
export async function deleteHooks(run: Run, tasks: readonly SyncTask[]): Promise<void> {
  for (const task of tasks) {
    try {
      await removeHookFinalizer(run, task);
      if (task.live !== undefined && task.live.metadata.deletionTimestamp === undefined) await deleteHook(run, task);
    } catch (thrown) {
      if (run.patient && isAway(thrown)) throw thrown;
      task.operation = "Error";
      task.message = `failed to delete resource: ${asAppError(thrown).message}`;
    }
  }
}

/** Ends running hooks for a person who terminates. False where one could not be ended. */
export async function terminateHooks(run: Run): Promise<boolean> {
  let clean = true;
  for (const task of run.tasks.filter((each) => each.hook && each.operation === "Running")) {
    try {
      task.live = await run.facts.live.client.find({ ...task.gvk, ...task.key }, { signal: run.signal });
      if (task.live === undefined) {
        task.operation = "Succeeded";
        task.message = "Terminated";
        continue;
      }
      const health = healthOf(task.live);
      const phase = hookPhase(health);
      await removeHookFinalizer(run, task);
      if (phase === "Running" && task.live !== undefined) await deleteHook(run, task);
      task.operation = phase === "Running" ? "Failed" : phase;
      task.message = phase === "Running" ? "Terminated" : (health?.message ?? task.message);
    } catch (thrown) {
      clean = false;
      task.operation = "Error";
      task.message = `Failed to delete: ${asAppError(thrown).message}`;
    }
  }
  return clean;
}
