import { keyOf, parseApiVersion, type KubeObject } from "@trireme/api";
import type { Application } from "@trireme/api/argo";
import { Annotation, Finalizer, impersonatedAccount, isCustomResourceDefinition, isLivePermitted, resourceOption, waveOf, withConditions } from "@trireme/gitops";
import { isConflict, isNotFound, refOf } from "@trireme/kube";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { runDeleteHooks, cleanDeleteHooks } from "./delete-hooks.ts";
import { factsOf, SpecError, type Facts } from "./facts.ts";
import type { Next } from "./wakes.ts";
import { LostRaceError, writeApp } from "./write.ts";

const CASCADE: readonly string[] = [Finalizer.Cascade, Finalizer.Foreground, Finalizer.Background];
const CHECK_MS = 5_000;

/**
 * What an application's finalizers ask for before it goes: hooks before, its objects wave after wave, hooks after.
 * One step a visit; events of what goes bring the next.
 */
export async function deleteApplication(deps: Deps, app: Application, signal: AbortSignal): Promise<Next> {
  const finalizers = app.metadata.finalizers ?? [];
  const ours = finalizers.filter((name) => Object.values<string>(Finalizer).includes(name));
  if (ours.length === 0) return undefined;
  let facts: Facts;
  try {
    facts = factsOf(deps, app);
  } catch (error) {
    const lost = error instanceof SpecError && error.conditions.some((condition) => condition.message.includes("There are no clusters") || condition.message.includes("there are no clusters"));
    // A cluster that is not known any more cannot be cleaned; whatever else is wrong may be put right.
    if (lost) return without(deps, app, ours);
    return failed(deps, app, asAppError(error).message);
  }
  try {
    if (finalizers.includes(Finalizer.PreDelete)) return (await runDeleteHooks(deps, facts, "PreDelete", signal)) ? await without(deps, app, [Finalizer.PreDelete]) : { inMs: CHECK_MS, level: 0 };
    const cascade = finalizers.find((name) => CASCADE.includes(name));
    if (cascade !== undefined) return (await deleteObjects(facts, cascade, signal)) ? await without(deps, app, CASCADE) : { inMs: CHECK_MS, level: 0 };
    if (finalizers.includes(Finalizer.PostDelete)) return (await runDeleteHooks(deps, facts, "PostDelete", signal)) ? await without(deps, app, [Finalizer.PostDelete]) : { inMs: CHECK_MS, level: 0 };
    for (const [finalizer, type] of [[Finalizer.PreDeleteCleanup, "PreDelete"], [Finalizer.PostDeleteCleanup, "PostDelete"]] as const) {
      if (finalizers.includes(finalizer)) return (await cleanDeleteHooks(deps, facts, type, signal)) ? await without(deps, app, [finalizer]) : { inMs: CHECK_MS, level: 0 };
    }
  } catch (error) {
    if (error instanceof LostRaceError) return { inMs: 0, level: 0 };
    signal.throwIfAborted();
    return failed(deps, app, asAppError(error).message);
  }
  return undefined;
}

/** Deletes the highest wave of what is left. True when nothing is left. Throws where the cluster cannot be read. */
async function deleteObjects(facts: Facts, finalizer: string, signal: AbortSignal): Promise<boolean> {
  const { app, live, project, cluster, projectClusters } = facts;
  const kinds = [...(app.status?.resources ?? []), ...(app.status?.operationState?.syncResult?.resources ?? [])].map(({ group = "", kind }) => ({ group, kind }));
  await live.ensure(kinds, signal);
  const doomed = [...live.tracked(facts.instance).values()].filter((object) => (object.metadata.ownerReferences?.length ?? 0) === 0 && mayDelete(object, app) && isLivePermitted(project.spec, keyOf(object), cluster, projectClusters));
  if (doomed.length === 0) return true;
  if (doomed.some((object) => object.metadata.deletionTimestamp !== undefined)) {
    for (const object of doomed) if (object.metadata.deletionTimestamp !== undefined) await stillThere(facts, object, signal);
    return false;
  }
  if (doomed.some((object) => resourceOption(object, app.spec.syncPolicy?.syncOptions, "Delete") === "confirm") && !isApproved(app)) return false;

  const highest = Math.max(...doomed.map(waveOf));
  const client = deletingClient(facts);
  for (const object of doomed.filter((each) => waveOf(each) === highest)) {
    const uid = object.metadata.uid;
    try {
      await client.delete(refOf(object), { propagationPolicy: finalizer === Finalizer.Background ? "Background" : "Foreground", ...(uid !== undefined && { preconditions: { uid } }), signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
      await stillThere(facts, object, signal);
    }
  }
  return false;
}

/** An object that the cache still has but the server does not is taken out of the cache. */
async function stillThere(facts: Facts, object: KubeObject, signal: AbortSignal): Promise<void> {
  const found = await facts.live.client.find(refOf(object), { signal });
  if (found === undefined || found.metadata.uid !== object.metadata.uid) facts.live.observeDeleted(object);
}

function mayDelete(object: KubeObject, app: Application): boolean {
  const { group } = parseApiVersion(object.apiVersion);
  if (isCustomResourceDefinition(object)) return false;
  if (group === "argoproj.io" && object.kind === "Application" && object.metadata.uid === app.metadata.uid) return false;
  if (object.metadata.annotations?.[Annotation.HelmResourcePolicy] === "keep") return false;
  return resourceOption(object, app.spec.syncPolicy?.syncOptions, "Delete") !== "false";
}

function isApproved(app: Application): boolean {
  const approved = app.metadata.annotations?.[Annotation.DeletionApproved];
  return approved !== undefined && Date.parse(approved) >= Date.parse(app.metadata.deletionTimestamp ?? "");
}

/** As whom objects are deleted: as who made them. */
export function deletingClient(facts: Facts): Facts["live"]["client"] {
  if (!facts.settings.impersonation.enabled) return facts.live.client;
  const account = impersonatedAccount(facts.project, facts.cluster, facts.app.spec.destination.namespace ?? "");
  if (account !== "") return facts.live.client.as({ username: account });
  if (facts.settings.impersonation.enforced) throw new TypeError(`no matching service account found for destination server ${facts.cluster.server} and namespace ${facts.app.spec.destination.namespace ?? ""}`);
  return facts.live.client;
}

async function without(deps: Deps, app: Application, names: readonly string[]): Promise<Next> {
  const finalizers = (app.metadata.finalizers ?? []).filter((name) => !names.includes(name));
  try {
    const stored = await deps.ctx.control.patch<Application>(refOf(app), "merge", { metadata: { resourceVersion: app.metadata.resourceVersion, finalizers: finalizers.length > 0 ? finalizers : null } });
    if (finalizers.length > 0) deps.plane.observe(stored);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (!isConflict(error)) throw error;
    const fresh = await deps.ctx.control.find<Application>(refOf(app));
    if (fresh !== undefined) deps.plane.observe(fresh);
  }
  return { inMs: 0, level: 0 };
}

async function failed(deps: Deps, app: Application, message: string): Promise<Next> {
  const now = rfc3339(deps.ctx.clock.now());
  const conditions = withConditions(app.status?.conditions, ["DeletionError"], [{ type: "DeletionError", message }], now);
  await writeApp(deps.ctx.control, deps.plane, app, { ...app, status: { ...app.status, conditions } }).catch((error: unknown) => {
    if (!(error instanceof LostRaceError)) throw error;
  });
  return { inMs: CHECK_MS, level: 0 };
}

