import { keyText } from "@trireme/api";
import type { OperationPhase, ResultCode } from "@trireme/api/argo";
import { resourceOption } from "../annotations.ts";
import { hookDeletePolicies, type HookDeletePolicy } from "../hooks.ts";
import type { Health } from "../health/index.ts";
import type { SyncTask } from "./tasks.ts";

export interface StepOptions {
  /** Keys (`keyText`) that differ or are missing, when only those are to be applied. */
  outOfSyncOnly: ReadonlySet<string> | undefined;
  healthOf(task: SyncTask): Health | undefined;
}

/** What is to be done next for an operation; carried out by whoever holds the cluster. */
export type Step =
  /** Nothing to do until something changes. `missing` are tasks whose object the cache does not have: to be read from the server. */
  | { kind: "wait"; message: string; missing: SyncTask[] }
  /** Apply, prune or start these; then `afterRun`. */
  | { kind: "run"; tasks: SyncTask[]; remaining: boolean; finalWave: boolean; syncFail: SyncTask[] }
  /** Something failed: delete these hooks, then `failed`. */
  | { kind: "fail"; message: string; failedTasks: SyncTask[]; syncFail: SyncTask[]; deleteHooks: SyncTask[] }
  | { kind: "succeed"; message: string; deleteHooks: SyncTask[] };

export const isPrune = (task: SyncTask): boolean => task.target === undefined;
export const isRunning = (task: SyncTask): boolean => task.operation === "Running";
export const isPending = (task: SyncTask): boolean => task.operation === undefined;
export const isDone = (task: SyncTask): boolean => task.operation === "Succeeded" || task.operation === "Failed" || task.operation === "Error";

/**
 * Decides one step. Reads the results that are in the tasks, and brings those of running ones up to date with
 * their live objects first.
 */
export function nextStep(all: readonly SyncTask[], options: StepOptions): Step {
  for (const task of all) if (isRunning(task) && task.live !== undefined) judge(task, options.healthOf(task));

  const manySteps = new Set(all.map((task) => `${task.phase}/${task.wave}`)).size > 1;
  const running = all.filter((task) => (manySteps || task.hook) && isRunning(task));
  if (running.length > 0) return { kind: "wait", message: waitingFor(running, false), missing: running.filter((task) => task.live === undefined) };

  const goingAway = all.filter((task) => task.status === "Pruned" && task.live?.metadata.deletionTimestamp !== undefined);
  if (goingAway.length > 0) return { kind: "wait", message: waitingFor(goingAway, true), missing: [] };

  const syncFail = all.filter((task) => task.phase === "SyncFail");
  const tasks = all.filter((task) => task.phase !== "SyncFail");
  if (tasks.some((task) => isDone(task) && task.operation !== "Succeeded")) {
    return { kind: "fail", message: "one or more synchronization tasks completed unsuccessfully", failedTasks: tasks.filter((task) => task.status === "SyncFailed"), syncFail, deleteHooks: finishedHooks(all, "HookFailed") };
  }

  const pending = tasks.filter(isPending).filter((task) => task.hook || options.outOfSyncOnly === undefined || task.live === undefined || task.target === undefined || options.outOfSyncOnly.has(keyText(task.key)));
  const first = pending[0];
  if (first === undefined) return { kind: "succeed", message: "successfully synced (no more tasks)", deleteHooks: finishedHooks(all, "HookSucceeded") };

  const group = pending.filter((task) => task.phase === first.phase && task.wave === first.wave);
  const last = pending[pending.length - 1]!;
  return { kind: "run", tasks: group, remaining: group.length < pending.length, finalWave: last.phase === first.phase && last.wave === first.wave, syncFail };
}

/** What a finished group means. `pending` says that room had to be made first (a hook was deleted, a prune waits for its confirmation). */
export function afterRun(all: readonly SyncTask[], step: Extract<Step, { kind: "run" }>, outcome: "successful" | "pending" | "failed"): Step {
  const { tasks, remaining, syncFail } = step;
  if (outcome === "failed") {
    const runningHooks = tasks.filter(isRunning);
    return { kind: "fail", message: "one or more objects failed to apply", failedTasks: tasks.filter((task) => task.status === "SyncFailed"), syncFail, deleteHooks: runningHooks.length > 0 ? [] : finishedHooks(all, "HookFailed") };
  }
  if (outcome === "pending") return { kind: "wait", message: waitingFor(tasks.filter((task) => deletesBeforeCreation(task) || (isPrune(task) && isPending(task))), true), missing: [] };
  if (!remaining && !tasks.some((task) => task.hook)) return { kind: "succeed", message: "successfully synced (all tasks run)", deleteHooks: finishedHooks(all, "HookSucceeded") };
  return { kind: "wait", message: waitingFor(tasks, false), missing: [] };
}

/** The final message of a failure, once its SyncFail hooks are through. */
export function failureMessage(message: string, failedTasks: readonly SyncTask[], syncFail: readonly SyncTask[]): string {
  const failedHooks = syncFail.filter((task) => task.status === "SyncFailed");
  const text = withReasons(message, failedTasks);
  return failedHooks.length > 0 ? `${text}\n${withReasons("one or more SyncFail hooks failed", failedHooks)}` : text;
}

/** An existing hook object that must go before its next run. */
export function deletesBeforeCreation(task: SyncTask): boolean {
  return task.hook && task.live !== undefined && isPending(task) && hasPolicy(task, "BeforeHookCreation");
}

export function needsPruneConfirmation(task: SyncTask, appOptions: readonly string[] | undefined): boolean {
  return isPrune(task) && resourceOption(task.live, appOptions, "Prune") === "confirm";
}

/** What is waited for, in Argo's words: hooks first, then resources. */
export function waitingFor(tasks: readonly SyncTask[], deletion: boolean, reason?: string): string {
  const hooks = tasks.filter((task) => task.hook);
  const first = hooks[0] ?? tasks[0];
  if (first === undefined) return "waiting";
  const what = reason ?? (deletion ? (hooks.length > 0 ? "deletion of hook" : "deletion of") : hooks.length > 0 ? "completion of hook" : "healthy state of");
  const more = tasks.length - 1;
  return `waiting for ${what} ${first.gvk.group}/${first.gvk.kind}/${first.key.name}${more > 0 ? ` and ${more} more ${hooks.length === tasks.length ? "hooks" : "resources"}` : ""}`;
}

function judge(task: SyncTask, health: Health | undefined): void {
  if (task.hook) {
    const phase = hookPhase(health);
    task.operation = phase;
    task.message = health === undefined ? `${task.key.name} created` : (health.message ?? task.message);
    return;
  }
  if (health === undefined) task.operation = "Succeeded";
  else if (health.status === "Healthy" || health.status === "Degraded") {
    task.operation = health.status === "Healthy" ? "Succeeded" : "Failed";
    if (health.message !== undefined) task.message = health.message;
  }
}

/** How far a hook's object says that it has come. */
export function hookPhase(health: Health | undefined): OperationPhase {
  switch (health?.status) {
    case undefined:
    case "Healthy":
      return "Succeeded";
    case "Unknown":
    case "Degraded":
      return "Failed";
    default:
      return "Running";
  }
}

function finishedHooks(tasks: readonly SyncTask[], policy: HookDeletePolicy): SyncTask[] {
  return tasks.filter((task) => task.hook && task.live !== undefined && !isRunning(task) && hasPolicy(task, policy));
}

function hasPolicy(task: SyncTask, policy: HookDeletePolicy): boolean {
  const object = task.target ?? task.live;
  return task.hook && object !== undefined && hookDeletePolicies(object).includes(policy);
}

function withReasons(message: string, tasks: readonly SyncTask[]): string {
  const reasons = [...new Set(tasks.map((task) => task.message))];
  return reasons.length > 0 ? `${message}, reason: ${reasons.join(",")}` : message;
}

/** Phase that a result leaves behind. */
export const PHASE_OF_RESULT: Record<ResultCode, OperationPhase> = { Synced: "Running", SyncFailed: "Failed", Pruned: "Succeeded", PruneSkipped: "Succeeded" };
