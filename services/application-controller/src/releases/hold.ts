import type { Application, ApplicationStatus } from "@trireme/api/argo";
import { isErrorCondition, rollbackDigest, rollbackOperation, selfHealDelay, shortRevisions } from "@trireme/gitops";
import { asAppError } from "@trireme/runtime";
import type { Facts } from "../applications/facts.ts";
import type { AppMemory, Desired } from "../applications/memory.ts";
import type { Deps } from "../deps.ts";
import type { Operating } from "../operations/prepare.ts";
import { compareBeside, differing } from "./beside.ts";
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
