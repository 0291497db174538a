import type { Application } from "@trireme/api/argo";
import { Annotation, Finalizer, sameJson, sourcesOf } from "@trireme/gitops";
import { refOf } from "@trireme/kube";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { judgeRelease } from "../releases/judge.ts";
import { proveRelease } from "../releases/prove.ts";
import { takeBack } from "../releases/take-back.ts";
import { holdWithoutGit } from "../releases/without-git.ts";
import { decideAutomated } from "./decide-automated.ts";
import { desiredFor } from "./desired-for.ts";
import { compareWith, factsOf, SpecError, type Facts } from "./facts.ts";
import type { AppMemory, Desired } from "./memory.ts";
import { unknownStatus } from "./status.ts";
import { statusOf } from "./status-of.ts";
import { storeStatus } from "./store-status.ts";
import type { Level, Next, Wake } from "./wakes.ts";

/** Looks, compares, decides, writes. What cannot be read is unknown: nothing is done then, and it is said. */
export async function compareAndDecide(deps: Deps, app: Application, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Next> {
  const { ctx } = deps;
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
    await storeStatus(deps, app, unknownStatus(app, conditions, { controllerNamespace: deps.plane.namespace, now, specError: true }));
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
  const status = statusOf(deps, facts, app, { desired, comparison }, { now, latest: latest || app.status?.reconciledAt === undefined });
  memory.lastCompared = ctx.clock.now();
  const judged = judgeRelease(deps, facts, memory, { app, desired, comparison, status });
  if (judged.failed !== undefined) return takeBack(deps, app, judged.failed);
  const next = await decideAutomated(deps, facts, memory, { app, desired, comparison, status, now, found: judged.conditions }, signal);
  if (next !== "write") return next;
  await storeStatus(deps, app, status);
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

/** Git or the cluster cannot be read: nothing is known, nothing is done; a first stumble over Git is not told yet. */
async function notKnown(deps: Deps, app: Application, memory: AppMemory, problem: { level: Level; message: string; fromGit: boolean }): Promise<Next> {
  const { ctx, config, plane } = deps;
  const at = ctx.clock.now();
  const since = (memory.repoErrorSince ??= at);
  const again: Next = { inMs: Math.min(RETRY_MS * 2 ** Math.min(5, Math.floor((at - since) / RETRY_MS)), LONGEST_RETRY_MS), level: problem.level >= 2 ? 2 : 1 };
  if (problem.fromGit && problem.level < 3 && at - since < config.repoErrorGraceMs) return again;
  const status = unknownStatus(app, [{ type: "ComparisonError", message: problem.message }], { controllerNamespace: plane.namespace, now: rfc3339(at), specError: false });
  if (problem.fromGit) memory.gitRetryAt = at + again.inMs;
  await storeStatus(deps, app, status);
  return problem.fromGit ? { ...again, level: 3 } : again;
}

const RETRY_MS = 3_000;
const LONGEST_RETRY_MS = 60_000;

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
