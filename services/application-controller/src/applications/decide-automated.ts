import type { Application, ApplicationCondition, ApplicationStatus } from "@trireme/api/argo";
import { Annotation, decideAutoSync, syncAllowed, withConditions } from "@trireme/gitops";
import type { Deps } from "../deps.ts";
import { operate } from "../operations/operate.ts";
import type { Operating } from "../operations/prepare.ts";
import { heldBack, RELEASE_CONDITIONS } from "../releases/held-back.ts";
import { holdPinned } from "../releases/hold.ts";
import type { Comparison } from "./compare.ts";
import { deletionHeld } from "./deletion-held.ts";
import type { Facts } from "./facts.ts";
import type { AppMemory, Desired } from "./memory.ts";
import type { Next } from "./wakes.ts";
import { writeApp } from "./write.ts";

/** What a visit has seen; `status` is what it is about to say, and gets the conditions of the decision. */
export interface Seen {
  app: Application;
  desired: Desired;
  comparison: Comparison;
  status: ApplicationStatus;
  now: string;
  /** Conditions of the release. */
  found: ApplicationCondition[];
}

/** Starts an automated operation where one is due; "write" where the status is all there is to say. */
export async function decideAutomated(deps: Deps, facts: Facts, memory: AppMemory, seen: Seen, signal: AbortSignal): Promise<Next | "write"> {
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
