import { keyOf, keyText, type KubeObject } from "@trireme/api";
import {
  afterRun, failureMessage, formatConditions, healthOf, impersonatedAccount, isErrorCondition, isOperationInProgress, isPending, isPrune, isSelfReferenced, nextRetryAt, nextStep, planTasks, sameJson, sourcesOf, syncAllowed, syncHooks,
  type Application, type ApplicationSource, type Condition, type OperationState, type Pair, type Step, type SyncResult, type SyncTask,
} from "@trireme/gitops";
import { asAppError, rfc3339 } from "@trireme/runtime";
import { desiredState, localState, operationSources } from "../applications/desired.ts";
import { compareWith, factsOf, type Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import { comparedStatus } from "../applications/status.ts";
import type { Next } from "../applications/wakes.ts";
import { LostRaceError } from "../applications/write.ts";
import type { Deps } from "../deps.ts";
import { complete } from "./complete.ts";
import { desiredInput } from "./desired-input.ts";
import { deleteHooks, removeHookFinalizer, terminateHooks } from "./hooks.ts";
import { taskProblems } from "./preflight.ts";
import { withIgnoredValues } from "./respect-ignored.ts";
import { rebased, resultsOf, writeProgress, type Run } from "./run.ts";
import { runWave, STARTING } from "./wave.ts";

export interface Operating {
  deps: Deps;
  app: Application;
  memory: AppMemory;
  signal: AbortSignal;
  /** The visit that decides on an automated operation has compared already, and its status goes out with `Running`. */
  begun?: { facts: Facts; desired: Desired; comparison: Run["comparison"]; status: Application["status"]; operation: NonNullable<Application["operation"]>; event: string };
}

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
    const error = asAppError(thrown);
    ctx.log.warn({ app: `${app.metadata.namespace}/${app.metadata.name}`, reason: error.reason, error: error.message }, "operation ended with an error");
    const failed: OperationState = { ...(run?.state ?? state), phase: thrown instanceof ConditionsError ? thrown.phase : "Error", message: error.message };
    if (run !== undefined) {
      await run.acknowledging?.catch(() => undefined);
      run.state = failed;
      const resources = resultsOf(run);
      if (failed.syncResult !== undefined && resources.length > 0) failed.syncResult = { ...failed.syncResult, resources };
    }
    return complete({ deps, app: run?.app ?? app, memory, signal, ...(run && { facts: run.facts }) }, failed);
  }
  if (run.state.phase === "Running") return waiting(run);
  return complete({ deps, app: run.app, memory, signal, facts: run.facts, ...(begun && { begun }) }, run.state);
}

/** Everything that the operation's steps need; undefined while a sync window holds it back. */
async function prepare(input: Operating, state: OperationState): Promise<Run | undefined> {
  const { deps, app, memory, signal, begun } = input;
  if (state.operation.sync === undefined || state.operation.sync === null) throw new ConditionsError("Invalid operation request: no operation specified");
  let facts: Facts;
  try {
    facts = begun?.facts ?? factsOf(deps, app);
  } catch (error) {
    throw new ConditionsError(asAppError(error).message);
  }
  const window = syncAllowed(facts.project.spec.syncWindows, app, facts.cluster, { now: deps.ctx.clock.now(), manual: state.operation.initiatedBy?.automated !== true, startedAt: Date.parse(state.startedAt) });
  if (!window.allowed && state.phase === "Running") {
    const message = `Sync operation blocked by sync window${window.problem === undefined ? "" : `: ${window.problem}`}`;
    await rebased(deps, app, (base) => ({ ...base, status: { ...base.status, operationState: { ...state, message } } }), signal);
    return undefined;
  }
  const desired = begun?.desired ?? (await operationDesired(input, facts, state));
  const comparison = begun?.comparison ?? (await compareWith(facts, memory, desired, signal));
  const many = (state.syncResult?.sources ?? state.operation.sync.sources ?? []).length > 0 || (state.operation.sync.source === undefined && (app.spec.sources?.length ?? 0) > 0);
  const syncResult: SyncResult = {
    ...(many ? { revision: "", revisions: desired.revisions, sources: desired.sources } : { revision: desired.revisions[0] ?? "", source: desired.sources[0]! }),
    ...(state.syncResult?.resources !== undefined && { resources: state.syncResult.resources }),
    ...(app.spec.syncPolicy?.managedNamespaceMetadata !== undefined && { managedNamespaceMetadata: app.spec.syncPolicy.managedNamespaceMetadata }),
  };
  const run: Run = {
    deps, facts, memory, app, desired, comparison, signal,
    state: { ...state, syncResult },
    tasks: [],
    client: clientOf(facts, app),
    syncOptions: state.operation.sync.syncOptions ?? [],
    guarded: false,
    raw: undefined,
    acknowledging: undefined,
  };
  checkConditions(run);
  run.tasks = plan(run);
  if (begun !== undefined) {
    deps.events.record(app, { type: "Normal", reason: "OperationStarted", message: begun.event });
  }
  return run;
}

/** The steps, one after the other, until the operation is over or waits. */
async function work(run: Run, options: { acknowledged: boolean }): Promise<void> {
  const { facts, deps } = run;
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

async function terminate(run: Run): Promise<void> {
  const clean = await terminateHooks(run);
  end(run, clean ? "Failed" : "Error", clean ? "Operation terminated" : "Operation termination had errors");
  if (run.app.status?.operationState?.phase !== "Terminating") run.state.message += ", triggered by controller sync timeout";
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
        const status = comparedStatus({
          app: base, desired, comparison,
          project: facts.project,
          live: facts.live,
          controllerNamespace: deps.plane.namespace,
          persistResourceHealth: deps.config.persistResourceHealth,
          tracking: facts.tracking,
          conditions: comparison.conditions.filter(isErrorCondition),
          now: rfc3339(now),
          latest: false,
        });
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

function plan(run: Run): SyncTask[] {
  const { facts, state, desired, comparison, app, memory } = run;
  const sync = state.operation.sync!;
  const selected = (object: KubeObject) => (sync.resources?.length ?? 0) === 0 || sync.resources!.some((each) => (each.group ?? "") === keyOf(object).group && each.kind === object.kind && each.name === object.metadata.name && (!each.namespace || each.namespace === object.metadata.namespace));
  const respectful = sync.syncOptions?.includes("RespectIgnoreDifferences=true") === true;
  const pairs: Pair[] = comparison.objects.map((each) => (respectful && each.target !== undefined && each.live !== undefined ? { ...each, target: withIgnoredValues(each.target, each.live, facts.rules) } : each)).filter(({ target, live }) => selected((target ?? live)!) && isSelfReferenced(live, target, facts.tracking));
  const namespace = sync.syncOptions?.includes("CreateNamespace=true") === true ? namespacePair(run) : undefined;
  return planTasks({
    pairs,
    hooks: syncHooks(desired.hooks),
    skipHooks: (sync.syncStrategy?.apply !== undefined && sync.syncStrategy.apply !== null) || (sync.resources?.length ?? 0) > 0,
    revision: desired.revisions[0] ?? "",
    startedAt: state.startedAt,
    liveHook: (key) => facts.live.get(key),
    ...(namespace && { namespace }),
    destinationNamespace: app.spec.destination.namespace ?? "",
    pruneLast: run.syncOptions.includes("PruneLast=true"),
    results: memory.operation!.results,
  });
}

/** The destination's namespace, where nobody else brings it and it is missing or is to carry what the application wants. */
function namespacePair(run: Run): Pair | undefined {
  const name = run.app.spec.destination.namespace ?? "";
  const key = { group: "", kind: "Namespace", namespace: "", name };
  if (name === "" || run.desired.targets.has(keyText(key))) return undefined;
  const live = run.facts.live.get(key);
  const wanted = run.app.spec.syncPolicy?.managedNamespaceMetadata;
  if (live !== undefined && (wanted === undefined || wanted === null)) return undefined;
  const annotations = { ...wanted?.annotations, ...(wanted && { "argocd.argoproj.io/sync-options": "ServerSideApply=true" }) };
  return { target: { apiVersion: "v1", kind: "Namespace", metadata: { name, ...(wanted?.labels && { labels: wanted.labels }), ...(Object.keys(annotations).length > 0 && { annotations }) } }, live };
}

async function operationDesired(input: Operating, facts: Facts, state: OperationState): Promise<Desired> {
  const { deps, app, memory, signal } = input;
  let { sources, revisions } = operationSources({ ...app, operation: state.operation });
  if (state.syncResult !== undefined && state.syncResult !== null) {
    const many = (state.syncResult.sources?.length ?? 0) > 0;
    sources = many ? state.syncResult.sources! : state.syncResult.source !== undefined ? [state.syncResult.source as ApplicationSource] : sources;
    revisions = many ? (state.syncResult.revisions ?? revisions) : [state.syncResult.revision || revisions[0]!];
  }
  const manifests = state.operation.sync?.manifests ?? [];
  if (manifests.length > 0) {
    await facts.live.discovery({ signal });
    const followed = memory.desired?.revisions ?? revisions;
    return localState(deps.ctx, desiredInput(deps, facts, { sources, revisions: followed, signal }), manifests);
  }
  const own = sameJson(sources, sourcesOf(app.spec));
  const known = own ? memory.desired : memory.operationDesired;
  if (known !== undefined && sameJson(known.sources, sources) && revisions.every((revision, index) => revision !== "" && known.revisions[index] === revision)) return known;
  const desired = await desiredState(deps.ctx, { ...desiredInput(deps, facts, { sources, revisions, signal }), known, noRevisionCache: true });
  // A revision of its own is not what the application follows: its status is still compared with that.
  if (own && revisions.every((revision) => revision === "")) memory.desired = desired;
  else memory.operationDesired = desired;
  return desired;
}

function checkConditions(run: Run): void {
  const { comparison, state } = run;
  const shared = comparison.conditions.find((condition) => condition.type === "SharedResourceWarning");
  if (shared !== undefined && state.operation.sync!.syncOptions?.includes("FailOnSharedResource=true") === true) throw new ConditionsError(`Shared resource found: ${shared.message}`, "Failed");
  const errors: Condition[] = comparison.conditions.filter(isErrorCondition);
  if (errors.length > 0) throw new ConditionsError(formatConditions(errors));
}

function clientOf(facts: Facts, app: Application): Run["client"] {
  const { settings, project, cluster, live } = facts;
  if (!settings.impersonation.enabled) return live.client;
  const namespace = app.spec.destination.namespace ?? "";
  const account = impersonatedAccount(project, cluster, namespace);
  if (account !== "") return live.client.as({ username: account });
  if (settings.impersonation.enforced) throw new ConditionsError(`no matching service account found for destination server ${cluster.server} and namespace ${namespace}`);
  return live.client;
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

/** What a newer revision leaves an operation with: where it was, and who took over. */
function superseded(revision: string, message: string | undefined): string {
  return `superseded by ${revision}${message === undefined || message === "" ? "" : ` while ${message}`}`;
}

/** Ends an operation with exactly this sentence. */
export class ConditionsError extends Error {
  override readonly name = "ConditionsError";
  readonly phase: "Error" | "Failed";

  constructor(message: string, phase: "Error" | "Failed" = "Error") {
    super(message);
    this.phase = phase;
  }
}

