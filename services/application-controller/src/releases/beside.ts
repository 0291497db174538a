import type { Application, ApplicationStatus, ResourceStatus } from "@trireme/api/argo";
import { rfc3339 } from "@trireme/runtime";
import type { Comparison } from "../applications/compare.ts";
import { compareWith, type Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import { comparedStatus } from "../applications/status.ts";
import type { Deps } from "../deps.ts";

/** Beside the application's own comparison, which goes on being with Git. */
export function compareBeside(facts: Facts, memory: AppMemory, desired: Desired, signal: AbortSignal): Promise<Comparison> {
  return compareWith(facts, { ...memory, compared: new Map(), comparedRules: "" }, desired, signal);
}

/** What an automated sync to this set would change. */
export function differing(deps: Deps, facts: Facts, app: Application, desired: Desired, comparison: Comparison): ResourceStatus[] {
  const { resources = [] } = statusAgainst(deps, facts, app, desired, comparison);
  return resources.filter((resource) => resource.status !== "Synced" && (resource.requiresPruning !== true || app.spec.syncPolicy?.automated?.prune === true));
}

/** The status that a comparison says, for a decision and not for the application. */
export function statusAgainst(deps: Deps, facts: Facts, app: Application, desired: Desired, comparison: Comparison): ApplicationStatus {
  return comparedStatus({
    app, desired, comparison,
    project: facts.project,
    live: facts.live,
    controllerNamespace: deps.plane.namespace,
    persistResourceHealth: false,
    tracking: facts.tracking,
    conditions: [],
    now: rfc3339(deps.ctx.clock.now()),
    latest: false,
  });
}
