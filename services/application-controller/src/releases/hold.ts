import type { Application, ApplicationStatus, ResourceStatus } from "@trireme/api/argo";
import { isErrorCondition, rollbackDigest, rollbackOperation, selfHealDelay, shortRevisions } from "@trireme/gitops";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Comparison } from "../applications/compare.ts";
import { compareWith, type Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import { comparedStatus } from "../applications/status.ts";
import type { Deps } from "../deps.ts";
import type { Operating } from "../operations/prepare.ts";
import { clearTheWay } from "./clear-the-way.ts";
import type { HeldBack } from "./held-back.ts";
import { pinnedState } from "./pinned-state.ts";

export type Holding =
  | { kind: "held" }
  | { kind: "later"; inMs: number }
  /** The stored set is not to be had; it is tried again. */
  | { kind: "unable"; inMs: number; message: string }
  | { kind: "start"; begun: NonNullable<Operating["begun"]> };

/**
 * Keeps the pinned set live while what Git wants is quarantined: the rollback itself, again where it failed, and heals
 * of it where self-heal is on. The application's own status goes on saying how far the cluster is from Git.
 */
export async function holdPinned(deps: Deps, facts: Facts, memory: AppMemory, seen: { app: Application; status: ApplicationStatus; pinned: NonNullable<HeldBack["pinned"]> }, signal: AbortSignal): Promise<Holding> {
  const { app, status, pinned } = seen;
  let desired: Desired;
  try {
    desired = await pinnedState(deps, facts, memory, pinned.digest, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "unable", inMs: TRY_AGAIN_MS, message: `not rolled back: ${asAppError(error).message}` };
  }
  const comparison = await compareBeside(facts, memory, desired, signal);
  if (comparison.conditions.some(isErrorCondition)) return { kind: "held" };
  if (differing(deps, facts, app, desired, comparison).length === 0) {
    await clearTheWay(deps, facts, comparison, signal);
    return { kind: "held" };
  }

  const automated = app.spec.syncPolicy?.automated;
  const now = deps.ctx.clock.now();
  const last = app.status?.operationState;
  const attempted = last !== undefined && rollbackDigest(last.operation) === pinned.digest && last.startedAt >= pinned.since;
  const attempts = attempted ? (last.operation.sync?.autoHealAttemptsCount ?? 0) : 0;
  if (attempted) {
    if (last.phase === "Succeeded" && automated?.selfHeal !== true) return { kind: "held" };
    const inMs = selfHealDelay(deps.config.selfHeal, attempts, last.finishedAt === undefined ? undefined : Date.parse(last.finishedAt), now);
    if (inMs > 0) return { kind: "later", inMs };
  }
  const operation = rollbackOperation(app, { digest: pinned.digest, ...(desired.revisions.length === 1 ? { revision: desired.revisions[0]! } : { revisions: desired.revisions }) }, desired.sources, pinned.reason);
  if (attempted) operation.sync!.autoHealAttemptsCount = attempts + 1;
  const event = attempted ? `Initiated heal of the release that was rolled back to, ${shortRevisions(desired)}` : `Initiated rollback to ${shortRevisions(desired)}: ${pinned.reason}`;
  return { kind: "start", begun: { facts, desired, comparison, status, operation, event } };
}

const TRY_AGAIN_MS = 30_000;

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
