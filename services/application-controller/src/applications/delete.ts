import type { Application } from "@trireme/api/argo";
import { Annotation, Finalizer, withConditions } from "@trireme/gitops";
import { isConflict, isNotFound, refOf } from "@trireme/kube";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { cleanDeleteHooks, DeleteHookError, runDeleteHooks, watchDeleteHooks } from "./delete-hooks.ts";
import { deleteObjects } from "./delete-objects.ts";
import { factsOf, SpecError, type Facts } from "./facts.ts";
import type { AppMemory } from "./memory.ts";
import type { Next } from "./wakes.ts";
import { LostRaceError, writeApp } from "./write.ts";

const CASCADE: readonly string[] = [Finalizer.Cascade, Finalizer.Foreground, Finalizer.Background];
const CHECK_MS = 5_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * What an application's finalizers ask for before it goes: hooks before, its objects wave after wave, hooks after.
 * One step a visit; events of what goes bring the next. A refresh tries a hook that failed again at once.
 */
export async function deleteApplication(deps: Deps, app: Application, memory: AppMemory, signal: AbortSignal): Promise<Next> {
  const ours = (app.metadata.finalizers ?? []).filter((name) => Object.values<string>(Finalizer).includes(name));
  if (ours.length === 0) return undefined;
  let facts: Facts;
  try {
    facts = factsOf(deps, app);
  } catch (error) {
    const lost = error instanceof SpecError && error.conditions.some((condition) => condition.message.includes("There are no clusters") || condition.message.includes("there are no clusters"));
    // A cluster that is not known any more cannot be cleaned; whatever else is wrong may be put right.
    if (lost) return without(deps, app, ours);
    return failed(deps, app, asAppError(error).message, CHECK_MS);
  }
  const refreshed = app.metadata.annotations?.[Annotation.Refresh] !== undefined;
  const waitMs = refreshed ? 0 : (memory.deleteHooks?.retryAt ?? 0) - deps.ctx.clock.now();
  try {
    if (refreshed) return await handled(deps, app, memory);
    if (waitMs > 0) return { inMs: waitMs, level: 0 };
    const done = await step(deps, facts, memory, signal);
    if (done === "waiting") return { inMs: CHECK_MS, level: 0 };
    memory.deleteHooks = undefined;
    return done === undefined ? undefined : await without(deps, app, done);
  } catch (error) {
    if (error instanceof LostRaceError) return { inMs: 0, level: 0 };
    signal.throwIfAborted();
    const { message } = asAppError(error);
    if (!(error instanceof DeleteHookError)) return failed(deps, app, message, CHECK_MS);
    const failures = (memory.deleteHooks?.failures ?? 0) + 1;
    const retryMs = Math.min(CHECK_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    memory.deleteHooks = { failures, retryAt: deps.ctx.clock.now() + retryMs };
    return failed(deps, app, message, retryMs);
  }
}

/** The next thing to do. Answers the finalizers that it was for once it is done; undefined when nothing is left. */
async function step(deps: Deps, facts: Facts, memory: AppMemory, signal: AbortSignal): Promise<readonly string[] | "waiting" | undefined> {
  const { live } = facts;
  const finalizers = facts.app.metadata.finalizers ?? [];
  if (live.known === undefined) await live.discovery({ signal });
  if (finalizers.includes(Finalizer.PreDelete)) return (await runDeleteHooks(deps, facts, memory, "PreDelete", signal)) ? [Finalizer.PreDelete] : "waiting";
  const cleanups = [[Finalizer.PreDeleteCleanup, "PreDelete"], [Finalizer.PostDeleteCleanup, "PostDelete"]] as const;
  if (cleanups.some(([finalizer]) => finalizers.includes(finalizer))) await watchDeleteHooks(deps, facts, memory, signal);
  const cascade = finalizers.find((name) => CASCADE.includes(name));
  if (cascade !== undefined) return (await deleteObjects(facts, cascade, signal)) ? CASCADE : "waiting";
  if (finalizers.includes(Finalizer.PostDelete)) return (await runDeleteHooks(deps, facts, memory, "PostDelete", signal)) ? [Finalizer.PostDelete] : "waiting";
  for (const [finalizer, type] of cleanups) {
    if (finalizers.includes(finalizer)) return (await cleanDeleteHooks(facts, type, signal)) ? [finalizer] : "waiting";
  }
  return undefined;
}

/** A step that is done leaves with its finalizers, and with what was said of its failures. */
async function without(deps: Deps, app: Application, names: readonly string[]): Promise<Next> {
  const finalizers = (app.metadata.finalizers ?? []).filter((name) => !names.includes(name));
  const conditions = app.status?.conditions?.filter((condition) => condition.type !== "DeletionError");
  const told = conditions !== undefined && conditions.length !== app.status?.conditions?.length;
  try {
    const stored = await deps.ctx.control.patch<Application>(refOf(app), "merge", {
      metadata: { resourceVersion: app.metadata.resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null },
      ...(told && { status: { conditions: conditions.length > 0 ? conditions : null } }),
    });
    if (finalizers.length > 0) deps.plane.observe(stored);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (!isConflict(error)) throw error;
    const fresh = await deps.ctx.control.find<Application>(refOf(app));
    if (fresh !== undefined) deps.plane.observe(fresh);
  }
  return { inMs: 0, level: 0 };
}

/** Whoever asked for a refresh gets an answer, and what waited after a failure goes on. */
async function handled(deps: Deps, app: Application, memory: AppMemory): Promise<Next> {
  const { [Annotation.Refresh]: _, ...annotations } = app.metadata.annotations ?? {};
  if (memory.deleteHooks !== undefined) memory.deleteHooks = { ...memory.deleteHooks, retryAt: 0 };
  await writeApp(deps.ctx.control, deps.plane, app, { ...app, metadata: { ...app.metadata, annotations } });
  return { inMs: 0, level: 0 };
}

async function failed(deps: Deps, app: Application, message: string, inMs: number): Promise<Next> {
  const now = rfc3339(deps.ctx.clock.now());
  const conditions = withConditions(app.status?.conditions, ["DeletionError"], [{ type: "DeletionError", message }], now);
  try {
    const stored = await writeApp(deps.ctx.control, deps.plane, app, { ...app, status: { ...app.status, conditions } });
    if (stored !== app) deps.events.record(app, { type: "Warning", reason: "StatusRefreshed", message: `Unable to delete application resources: ${message}` });
  } catch (error) {
    if (!(error instanceof LostRaceError)) throw error;
  }
  return { inMs, level: 0 };
}
