import { keyOf, type KubeObject } from "@trireme/api";
import { hasHookFinalizer, hasHookType, healthOf, hookDeletePolicies, sourcesOf, withLastApplied, type Health } from "@trireme/gitops";
import { isNotFound, refOf } from "@trireme/kube";
import { AppError, Code } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { desiredInput } from "../operations/desired-input.ts";
import { deletingClient } from "./delete.ts";
import { desiredState } from "./desired.ts";
import type { Facts } from "./facts.ts";

type DeleteHook = "PreDelete" | "PostDelete";

/** Creates the hooks of a deletion and waits for them. True when all are through; a failed one is deleted and told. */
export async function runDeleteHooks(deps: Deps, facts: Facts, type: DeleteHook, signal: AbortSignal): Promise<boolean> {
  const client = deletingClient(facts);
  let waiting = false;
  for (const hook of await hooksOf(deps, facts, type, signal)) {
    const live = await facts.live.client.find(refOf(hook), { signal });
    if (live === undefined) {
      await client.create(withLastApplied(hook), { signal });
      waiting = true;
      continue;
    }
    const health: Health | undefined = healthOf(live);
    if (health?.status === "Degraded") {
      await client.delete(refOf(live), { propagationPolicy: "Foreground", signal }).catch(ignoreGone);
      throw new AppError(`${type} hook ${live.kind} ${live.metadata.name} failed: ${health.message ?? "no reason given"}`, { reason: "DeleteHookFailed", code: Code.FailedPrecondition, retry: "later" });
    }
    if (health?.status === "Progressing" || health?.status === "Suspended") waiting = true;
  }
  return !waiting;
}

/** Deletes the hooks whose policy says so now that all are through. True when nothing is left to delete. */
export async function cleanDeleteHooks(deps: Deps, facts: Facts, type: DeleteHook, signal: AbortSignal): Promise<boolean> {
  const client = deletingClient(facts);
  let left = false;
  for (const hook of await hooksOf(deps, facts, type, signal)) {
    const live = await facts.live.client.find(refOf(hook), { signal });
    if (live === undefined) continue;
    const policy = healthOf(live)?.status === "Degraded" ? "HookFailed" : "HookSucceeded";
    if (!hookDeletePolicies(live).includes(policy)) continue;
    if (hasHookFinalizer(live)) await client.patch(refOf(live), "merge", { metadata: { finalizers: null } }, { signal });
    if (live.metadata.deletionTimestamp === undefined) await client.delete(refOf(live), { propagationPolicy: "Foreground", signal }).catch(ignoreGone);
    left = true;
  }
  return !left;
}

async function hooksOf(deps: Deps, facts: Facts, type: DeleteHook, signal: AbortSignal): Promise<KubeObject[]> {
  const desired = await desiredState(deps.ctx, desiredInput(deps, facts, { sources: sourcesOf(facts.app.spec), revisions: [], signal }));
  await facts.live.ensure(desired.hooks.map((hook) => ({ group: keyOf(hook).group, kind: hook.kind })), signal);
  return desired.hooks.filter((hook) => hasHookType(hook, type));
}

function ignoreGone(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
