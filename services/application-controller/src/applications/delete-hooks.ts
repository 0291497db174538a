import { gvkOf, keyOf, keyText, type KubeObject } from "@trireme/api";
import { Finalizer, hasHookFinalizer, hasHookType, healthOf, hookDeletePolicies, isLivePermitted, isWorse, sourcesOf, syncProblem } from "@trireme/gitops";
import { isAlreadyExists, isConflict, isNotFound, refOf } from "@trireme/kube";
import { AppError, asAppError, Code } from "@trireme/runtime";
import { isSecret } from "../clusters/redact.ts";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";
import { deletingClient } from "./delete-objects.ts";
import { desiredState, renderApp, type DesiredInput } from "./desired.ts";
import type { Facts } from "./facts.ts";
import type { AppMemory } from "./memory.ts";
import { rawSecrets, withRawData } from "./raw-secret.ts";

export type DeleteHook = "PreDelete" | "PostDelete";

/** A hook ended badly; the deletion waits for it to be put right. */
export class DeleteHookError extends AppError {
  override readonly name = "DeleteHookError";
}

/**
 * Creates the hooks of a deletion that are not there yet and waits for all of them, as Argo CD does: only what is
 * Progressing is waited for. True when all are through. Failed ones are deleted, to be made again: throws DeleteHookError.
 */
export async function runDeleteHooks(deps: Deps, facts: Facts, memory: AppMemory, type: DeleteHook, signal: AbortSignal): Promise<boolean> {
  const client = deletingClient(facts);
  const { live } = facts;
  // After a failure Git itself is asked: the hook may have been put right.
  const input = { ...desiredInput(deps, facts, { sources: sourcesOf(facts.app.spec), revisions: [], signal }), noRevisionCache: memory.deleteHooks !== undefined };
  const wanted = await hooksOf(deps, facts, input, type);
  const here = new Map<string, KubeObject>(ownHooks(facts, type).map((hook) => [keyText(keyOf(hook)), hook]));
  const absent: KubeObject[] = [];
  for (const hook of wanted) {
    const found = await live.client.find(refOf(hook), { signal });
    if (found === undefined) absent.push(hook);
    else here.set(keyText(keyOf(hook)), live.observe(found));
  }
  for (const hook of await withSecrets(deps, input, absent)) {
    try {
      live.observe(await client.create(hook, { signal }));
    } catch (thrown) {
      if (!isAlreadyExists(thrown)) throw thrown;
    }
  }
  if (absent.length > 0) return false;

  const healths = [...here.values()].map((hook) => ({ hook, health: healthOf(hook) }));
  const degraded = healths.filter(({ health }) => health?.status === "Degraded");
  for (const { hook } of degraded) await remove(facts, hook, signal);
  if (degraded.length > 0) {
    const told = degraded.map(({ hook, health }) => `${type} hook ${hook.kind} ${hook.metadata.namespace ? `${hook.metadata.namespace}/` : ""}${hook.metadata.name} failed: ${health!.message ?? "no reason given"}`);
    throw new DeleteHookError(told.join("; "), { reason: "DeleteHookFailed", code: Code.FailedPrecondition, retry: "later" });
  }
  return healths.every(({ health }) => health?.status !== "Progressing");
}

/** Deletes the hooks whose policy says so now that all are through. True when nothing is left to delete. */
export async function cleanDeleteHooks(facts: Facts, type: DeleteHook, signal: AbortSignal): Promise<boolean> {
  const hooks = ownHooks(facts, type);
  const [going, standing] = [hooks.filter(isGoing), hooks.filter((hook) => !isGoing(hook))];
  const worst = standing.map((hook) => healthOf(hook)?.status ?? "Healthy").reduce((a, b) => (isWorse(a, b) ? b : a), "Healthy");
  const policy = worst === "Degraded" ? "HookFailed" : worst === "Healthy" ? "HookSucceeded" : undefined;
  const doomed = [...going.filter((hook) => hookDeletePolicies(hook).some((each) => each !== "BeforeHookCreation")), ...standing.filter((hook) => policy !== undefined && hookDeletePolicies(hook).includes(policy))];
  for (const hook of doomed) await remove(facts, hook, signal);
  return doomed.length === 0;
}

/**
 * Makes sure that the kinds of an application's hooks are watched, so that those that were created are seen. Git says
 * which they are; where it cannot, every kind is looked at: a broken repository does not hold a deletion.
 */
export async function watchDeleteHooks(deps: Deps, facts: Facts, memory: AppMemory, signal: AbortSignal): Promise<void> {
  if (memory.deleteHooksWatched) return;
  const { live, settings } = facts;
  try {
    const { hooks } = await desiredState(deps.ctx, desiredInput(deps, facts, { sources: sourcesOf(facts.app.spec), revisions: [], signal }));
    await live.ensure(hooks.map(gvkOf), signal);
  } catch (thrown) {
    signal.throwIfAborted();
    deps.ctx.log.warn({ app: `${facts.app.metadata.namespace}/${facts.app.metadata.name}`, error: asAppError(thrown).message }, "hooks looked for among all kinds");
    const kinds = live.known!.resources.filter(({ group, kind, verbs }) => verbs.includes("list") && verbs.includes("watch") && !settings.resources.excludes(group, kind, live.id));
    await live.watchForTree(kinds, signal);
  }
  memory.deleteHooksWatched = true;
}

/** What Git has of hooks, named and placed. Throws for one that the project does not permit. */
async function hooksOf(deps: Deps, facts: Facts, input: DesiredInput, type: DeleteHook): Promise<KubeObject[]> {
  const { app, live, project, cluster, projectClusters } = facts;
  const desired = await desiredState(deps.ctx, input);
  const hooks = desired.hooks.filter((hook) => hasHookType(hook, type)).map((hook) => named(hook, type, app.metadata.deletionTimestamp!));
  for (const hook of hooks) {
    const problem = syncProblem(project, keyOf(hook), live.isNamespaced(keyOf(hook)) ?? hook.metadata.namespace !== undefined, cluster, projectClusters);
    if (problem !== undefined) throw new AppError(`${type} hook ${hook.kind} ${hook.metadata.name}: ${problem}`, { reason: "PermissionDenied", code: Code.PermissionDenied, retry: "later" });
  }
  await live.ensure(desired.hooks.map(gvkOf), input.signal);
  return hooks;
}

/** A name that is the same at each attempt, where the manifest leaves it to the API server. */
function named(hook: KubeObject, type: DeleteHook, deletedAt: string): KubeObject {
  const { generateName, name } = hook.metadata;
  if (name !== undefined && name !== "") return hook;
  return { ...hook, metadata: { ...hook.metadata, name: `${generateName ?? ""}${type.toLowerCase()}-${Math.floor(Date.parse(deletedAt) / 1000)}` } };
}

async function withSecrets(deps: Deps, input: DesiredInput, hooks: readonly KubeObject[]): Promise<KubeObject[]> {
  if (!hooks.some(isSecret)) return [...hooks];
  const namespace = input.app.spec.destination.namespace ?? "";
  const secrets = rawSecrets((await renderApp(deps.ctx, input)).objects ?? [], namespace);
  return hooks.map((hook) => (isSecret(hook) ? withRawData(hook, secrets, namespace) : hook));
}

/** The hooks that are there and carry the application's mark. */
function ownHooks({ live, instance, project, cluster, projectClusters }: Facts, type: DeleteHook): KubeObject[] {
  return [...live.tracked(instance).values()].filter((object) => (object.metadata.ownerReferences?.length ?? 0) === 0 && hasHookType(object, type) && isLivePermitted(project.spec, keyOf(object), cluster, projectClusters));
}

const isGoing = (object: KubeObject): boolean => object.metadata.deletionTimestamp !== undefined;

/** Deletes a hook; one that the cache still has but the server does not is taken out of the cache. */
async function remove(facts: Facts, hook: KubeObject, signal: AbortSignal): Promise<void> {
  const client = deletingClient(facts);
  const { uid, resourceVersion, finalizers } = hook.metadata;
  try {
    if (hasHookFinalizer(hook)) await client.patch(refOf(hook), "merge", { metadata: { resourceVersion, finalizers: finalizers!.filter((name) => name !== Finalizer.Hook) } }, { signal });
    if (!isGoing(hook)) await client.delete(refOf(hook), { propagationPolicy: "Foreground", ...(uid !== undefined && { preconditions: { uid } }), signal });
    else if ((await facts.live.client.find(refOf(hook), { signal }))?.metadata.uid !== uid) facts.live.observeDeleted(hook);
  } catch (thrown) {
    // Changed or made anew meanwhile: the next visit sees it as it is.
    if (isConflict(thrown)) return;
    if (!isNotFound(thrown)) throw thrown;
    facts.live.observeDeleted(hook);
  }
}
