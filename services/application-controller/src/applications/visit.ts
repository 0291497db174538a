import type { Application, ApplicationCondition, ApplicationStatus } from "@trireme/api/argo";
import { Annotation, decideAutoSync, Finalizer, isErrorCondition, isOperationInProgress, sameJson, sourcesOf, syncAllowed, withConditions } from "@trireme/gitops";
import { isConflict, refOf } from "@trireme/kube";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { announceStatus } from "../operations/complete.ts";
import { desiredInput } from "../operations/desired-input.ts";
import { operate } from "../operations/operate.ts";
import type { Operating } from "../operations/prepare.ts";
import { holdWithoutGit } from "../releases/without-git.ts";
import { takeBack } from "../releases/take-back.ts";
import { heldBack, RELEASE_CONDITIONS } from "../releases/held-back.ts";
import { holdPinned } from "../releases/hold.ts";
import { judgeRelease } from "../releases/judge.ts";
import { proveRelease } from "../releases/prove.ts";
import { deleteApplication } from "./delete.ts";
import { deletionHeld } from "./deletion-held.ts";
import { desiredState } from "./desired.ts";
import { compareWith, factsOf, SpecError, type Facts } from "./facts.ts";
import type { AppMemory, Desired } from "./memory.ts";
import { comparedStatus, unknownStatus } from "./status.ts";
import { mergeWakes, pinKey, type Level, type Next, type Wake } from "./wakes.ts";
import { LostRaceError, writeApp } from "./write.ts";

/** One visit to an application: an operation's next steps, its deletion, or look, compare, decide, write. */
export async function visit(deps: Deps, app: Application, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Next> {
  if (isSkipped(app)) return undefined;
  if (isOperationInProgress(app) || (app.operation !== undefined && app.operation !== null)) return operateAndLookAgain(deps, app, memory, wake, signal);
  if (app.metadata.deletionTimestamp !== undefined) return deleteApplication(deps, app, memory, signal);
  try {
    return await compareAndDecide(deps, app, memory, wake, signal);
  } catch (error) {
    if (!(error instanceof LostRaceError) && !isConflict(error)) throw error;
    return { inMs: 0, level: wake.level };
  }
}

/** What asks for a comparison while an operation runs is not lost: it may supersede it, and is looked at when it is over. */
async function operateAndLookAgain(deps: Deps, app: Application, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Next> {
  if (wake.level >= 2) {
    memory.waiting = mergeWakes(memory.waiting, wake);
    if (isOperationInProgress(app)) await noteNewerRevision(deps, app, memory, wake, signal);
  }
  const next = await operate({ deps, app, memory, signal });
  const stored = deps.plane.app(app.metadata.namespace ?? "", app.metadata.name ?? "");
  const { waiting } = memory;
  if (waiting === undefined || stored === undefined || isOperationInProgress(stored) || (stored.operation !== undefined && stored.operation !== null)) return next;
  memory.waiting = undefined;
  return { inMs: 0, ...waiting };
}

/** A newer revision takes over an automated operation at its next boundary, unless the application wants them in turn. */
async function noteNewerRevision(deps: Deps, app: Application, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<void> {
  const { operationState } = app.status!;
  const { operation } = memory;
  if (operation === undefined || operationState?.operation.initiatedBy?.automated !== true || app.metadata.annotations?.["trireme.dev/supersede"] === "queue") return;
  const before = memory.desired;
  if (before === undefined || before.revisions[0] !== (operationState.syncResult?.revisions?.[0] ?? operationState.syncResult?.revision)) return;
  try {
    const desired = await desiredFor(deps, factsOf(deps, app), memory, { ...wake }, signal);
    if (desired.digest === before.digest) return;
    memory.operationDesired = before;
    operation.supersededBy = desired.revisions.join(", ");
  } catch (error) {
    deps.ctx.log.debug({ app: `${app.metadata.namespace}/${app.metadata.name}`, error: asAppError(error).message }, "newer revision not read during an operation");
  }
}

async function compareAndDecide(deps: Deps, app: Application, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Next> {
  const { ctx, config } = deps;
  const asked = levelOf(app, memory, wake);
  // While Git is known to be unknown, what was rendered before proves nothing: only Git itself can end it.
  if (memory.gitRetryAt !== undefined && asked < 2) {
    const held = await holdWithoutGit(deps, app, memory, signal);
    return held.acted ?? sooner({ inMs: Math.max(0, memory.gitRetryAt - ctx.clock.now()), level: 3 }, held.inMs);
  }
  const level = memory.gitRetryAt !== undefined && wake.pinned.size === 0 ? 3 : asked;
  const refresh = app.metadata.annotations?.[Annotation.Refresh];
  const now = rfc3339(ctx.clock.now());
  ctx.log.debug({ app: `${app.metadata.namespace}/${app.metadata.name}`, asked: wake.level, level, pinned: wake.pinned.size, refresh }, "comparing");
  let facts: Facts;
  try {
    facts = factsOf(deps, app);
  } catch (error) {
    const conditions = error instanceof SpecError ? error.conditions : [{ type: "UnknownError", message: asAppError(error).message }];
    await store(deps, app, unknownStatus(app, conditions, { controllerNamespace: deps.plane.namespace, now, specError: true }));
    return undefined;
  }

  let desired: Desired;
  let comparison;
  try {
    if (facts.live.known === undefined) await facts.live.discovery();
  } catch (error) {
    signal.throwIfAborted();
    return await notKnown(deps, app, memory, { level, message: `Failed to load live state of ${facts.cluster.server}: ${asAppError(error).message}`, fromGit: false });
  }
  try {
    desired = await desiredFor(deps, facts, memory, { level, hard: wake.hard || refresh === "hard", pinned: wake.pinned }, signal);
    memory.repoErrorSince = undefined;
    memory.gitRetryAt = undefined;
  } catch (error) {
    signal.throwIfAborted();
    // A commit that was just found and cannot be rendered is no stumble over Git: it is told at once.
    const told = level >= 2 && wake.pinned.size > 0 ? 3 : level;
    const held = await holdWithoutGit(deps, app, memory, signal);
    return held.acted ?? sooner(await notKnown(deps, app, memory, { level: told, message: `Failed to load target state: ${asAppError(error).message}`, fromGit: true }), held.inMs);
  }
  try {
    comparison = await compareWith(facts, memory, desired, signal);
  } catch (error) {
    signal.throwIfAborted();
    return await notKnown(deps, app, memory, { level, message: `Failed to load live state of ${facts.cluster.server}: ${asAppError(error).message}`, fromGit: false });
  }

  const finalizers = hookFinalizers(app, desired);
  if (finalizers !== undefined) {
    await deps.ctx.control.patch(refOf(app), "merge", { metadata: { resourceVersion: app.metadata.resourceVersion, finalizers } });
    return { inMs: 0, level: 1 };
  }

  const latest = level >= 2 && (refresh !== undefined || !isUpToDate(app, desired));
  const status = comparedStatus({
    app, desired, comparison, now,
    project: facts.project,
    live: facts.live,
    controllerNamespace: deps.plane.namespace,
    persistResourceHealth: config.persistResourceHealth,
    tracking: facts.tracking,
    conditions: comparison.conditions.filter(isErrorCondition),
    latest: latest || app.status?.reconciledAt === undefined,
  });
  memory.lastCompared = ctx.clock.now();
  const judged = judgeRelease(deps, facts, memory, { app, desired, comparison, status });
  if (judged.failed !== undefined) return takeBack(deps, app, judged.failed);
  const next = await decide(deps, facts, memory, { app, desired, comparison, status, now, found: judged.conditions }, signal);
  if (next !== "write") return next;
  await store(deps, app, status);
  const isKept = judged.proven === undefined || (await proven(deps, facts, app, desired, signal));
  const waits = [memory.healInMs, judged.inMs, isKept ? undefined : PROVE_AGAIN_MS].filter((ms) => ms !== undefined);
  return waits.length === 0 ? undefined : { inMs: Math.min(...waits), level: 1 };
}

/** A release that could not be kept is no reason to do anything else differently: it is tried again later. */
async function proven(deps: Deps, facts: Facts, app: Application, desired: Desired, signal: AbortSignal): Promise<boolean> {
  try {
    return await proveRelease(deps, facts, app, desired, signal);
  } catch (error) {
    signal.throwIfAborted();
    deps.ctx.log.warn({ app: `${app.metadata.namespace}/${app.metadata.name}`, error: asAppError(error).message }, "proven release not kept yet");
    return false;
  }
}

const PROVE_AGAIN_MS = 30_000;

function sooner(next: Next, inMs: number | undefined): Next {
  return inMs === undefined || (next !== undefined && next.inMs <= inMs) ? next : { inMs, level: 1 };
}

/** Starts an automated operation where one is due; "write" where the status is all there is to say. */
async function decide(deps: Deps, facts: Facts, memory: AppMemory, seen: { app: Application; desired: Desired; comparison: Awaited<ReturnType<typeof compareWith>>; status: ApplicationStatus; now: string; found: ApplicationCondition[] }, signal: AbortSignal): Promise<Next | "write"> {
  const { app, desired, comparison, status, now } = seen;
  const at = deps.ctx.clock.now();
  memory.healInMs = undefined;
  const window = syncAllowed(facts.project.spec.syncWindows, app, facts.cluster, { now: at, manual: false });
  const errors = (status.conditions ?? []).some((condition) => condition.type === "ComparisonError" || condition.type === "InvalidSpecError");
  const held = deletionHeld(app, status);
  const back = heldBack(deps, facts, app, desired);
  const decision = window.allowed && !errors ? decideAutoSync({ app: { ...app, status: { ...status } }, sync: status.sync!, resources: status.resources ?? [], touched: memory.touched, backoff: deps.config.selfHeal, now: at, pruneHeld: held !== undefined, ...(back.refusal !== undefined && { refusal: back.refusal }) }) : ({ kind: "none", because: "blocked by sync window" } as const);
  const found: ApplicationCondition[] = decision.kind === "refused" ? [{ type: "SyncError", message: decision.message }] : [];
  const released = withConditions(status.conditions, RELEASE_CONDITIONS, [...seen.found, ...back.conditions], now);
  const warned = withConditions(released, ["DeletionHeldWarning"], held === undefined ? [] : [{ type: "DeletionHeldWarning", message: held }], now);
  const conditions = window.allowed ? withConditions(warned, ["SyncError"], found, now) : warned;
  if (conditions.length > 0) status.conditions = conditions;
  else delete status.conditions;
  if (decision.kind === "later") memory.healInMs = decision.inMs;
  let begun: Operating["begun"] = decision.kind === "start" ? { facts, desired, comparison, status, operation: decision.operation, event: decision.event } : undefined;
  if (begun === undefined && back.pinned !== undefined && window.allowed && !errors) {
    const holding = await holdPinned(deps, facts, memory, { app, status, pinned: back.pinned }, signal);
    if (holding.kind === "unable") status.conditions = withConditions(status.conditions, ["ReleaseFailed"], [{ type: "ReleaseFailed", message: holding.message }], now);
    if (holding.kind === "later" || holding.kind === "unable") memory.healInMs = Math.min(memory.healInMs ?? Infinity, holding.inMs);
    if (holding.kind === "start") begun = holding.begun;
  }
  if (begun === undefined) return "write";
  memory.pendingStatus = status;
  const { [Annotation.Refresh]: handled, ...annotations } = app.metadata.annotations ?? {};
  const asked = handled === undefined ? app : await writeApp(deps.ctx.control, deps.plane, app, { ...app, metadata: { ...app.metadata, annotations } });
  return operate({ deps, app: asked, memory, signal, begun });
}

async function desiredFor(deps: Deps, facts: Facts, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Desired> {
  const { app } = facts;
  const sources = sourcesOf(app.spec);
  const { level, hard, pinned } = wake;
  if (level < 2 && memory.desired !== undefined && sameJson(memory.desired.sources, sources)) return memory.desired;
  const revisions = sources.map((source) => (level >= 3 ? "" : (pinned.get(pinKey(source.repoURL, source.targetRevision)) ?? "")));
  const desired = await desiredState(deps.ctx, {
    ...desiredInput(deps, facts, { sources, revisions, signal }),
    known: memory.desired,
    noCache: hard,
    noRevisionCache: level >= 3,
  });
  if (memory.desired === undefined || memory.desired.digest !== desired.digest || !sameJson(memory.desired.sources, desired.sources)) memory.touched = true;
  memory.desired = desired;
  return desired;
}

/** Git or the cluster cannot be read: nothing is known, nothing is done; a first stumble over Git is not told yet. */
async function notKnown(deps: Deps, app: Application, memory: AppMemory, problem: { level: Level; message: string; fromGit: boolean }): Promise<Next> {
  const { ctx, config, plane } = deps;
  const at = ctx.clock.now();
  const since = (memory.repoErrorSince ??= at);
  const again: Next = { inMs: Math.min(RETRY_MS * 2 ** Math.min(5, Math.floor((at - since) / RETRY_MS)), LONGEST_RETRY_MS), level: problem.level >= 2 ? 2 : 1 };
  if (problem.fromGit && problem.level < 3 && at - since < config.repoErrorGraceMs) return again;
  const status = unknownStatus(app, [{ type: "ComparisonError", message: problem.message }], { controllerNamespace: plane.namespace, now: rfc3339(at), specError: false });
  if (problem.fromGit) memory.gitRetryAt = at + again.inMs;
  await store(deps, app, status);
  return problem.fromGit ? { ...again, level: 3 } : again;
}

const RETRY_MS = 3_000;
const LONGEST_RETRY_MS = 60_000;

/** One write, and none when nothing is different; the time of the comparison alone is not a difference. */
async function store(deps: Deps, app: Application, status: ApplicationStatus): Promise<void> {
  const { [Annotation.Refresh]: refresh, ...annotations } = app.metadata.annotations ?? {};
  const kept = refresh === undefined && sameJson({ ...status, reconciledAt: "" }, { ...app.status, reconciledAt: "" }) ? app.status! : status;
  const before = { sync: app.status?.sync?.status ?? "", health: app.status?.health?.status ?? "" };
  const stored = await writeApp(deps.ctx.control, deps.plane, app, { ...app, metadata: { ...app.metadata, annotations }, status: kept });
  if (stored !== app) announceStatus(deps, stored, before);
}

function levelOf(app: Application, memory: AppMemory, wake: Wake): Level {
  const { status } = app;
  const compared = status?.sync?.comparedTo;
  let level: Level = wake.level;
  if (app.metadata.annotations?.[Annotation.Refresh] !== undefined || wake.hard) level = 3;
  const sources = sourcesOf(app.spec);
  if (!sameJson(compared?.sources ?? (compared?.source === undefined ? [] : [compared.source]), sources)) level = 3;
  else if (!sameJson(compared?.destination, app.spec.destination) || !sameJson(compared?.ignoreDifferences, app.spec.ignoreDifferences) || memory.desired === undefined) level = Math.max(level, 2) as Level;
  return level;
}

/** The finalizers that hooks of a deletion need, where they are not what the application has. */
function hookFinalizers(app: Application, desired: Desired): string[] | null | undefined {
  const before = app.metadata.finalizers ?? [];
  const wanted = new Map<string, boolean>([
    [Finalizer.PreDelete, desired.hasPreDeleteHooks],
    [Finalizer.PreDeleteCleanup, desired.hasPreDeleteHooks],
    [Finalizer.PostDelete, desired.hasPostDeleteHooks],
    [Finalizer.PostDeleteCleanup, desired.hasPostDeleteHooks],
  ]);
  if ([...wanted].every(([name, has]) => before.includes(name) === has)) return undefined;
  const after = [...before.filter((name) => !wanted.has(name)), ...[...wanted].flatMap(([name, has]) => (has ? [name] : []))];
  return after.length > 0 ? after : null;
}

function isUpToDate(app: Application, desired: Desired): boolean {
  const sync = app.status?.sync;
  return sameJson(sync?.revisions ?? [sync?.revision], desired.revisions);
}

function isSkipped(app: Application): boolean {
  return /^(1|t|T|TRUE|true|True)$/.test(app.metadata.annotations?.[Annotation.SkipReconcile] ?? "");
}
