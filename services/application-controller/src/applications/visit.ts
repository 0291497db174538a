import type { Application } from "@trireme/api/argo";
import { Annotation, isOperationInProgress } from "@trireme/gitops";
import { isConflict } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { operate } from "../operations/operate.ts";
import { compareAndDecide } from "./compare-and-decide.ts";
import { compareMeanwhile } from "./compare-meanwhile.ts";
import { deleteApplication } from "./delete.ts";
import { desiredFor } from "./desired-for.ts";
import { factsOf } from "./facts.ts";
import type { AppMemory } from "./memory.ts";
import { mergeWakes, type Next, type Wake } from "./wakes.ts";
import { LostRaceError } from "./write.ts";

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

/** What asks for a comparison while an operation runs is not lost: it may supersede it, a person's refresh is answered, and all is looked at when it is over. */
async function operateAndLookAgain(deps: Deps, app: Application, memory: AppMemory, wake: Wake, signal: AbortSignal): Promise<Next> {
  if (wake.level >= 2) {
    memory.waiting = mergeWakes(memory.waiting, wake);
    if (isOperationInProgress(app)) await noteNewerRevision(deps, app, memory, wake, signal);
  }
  const next = await operate({ deps, app, memory, signal });
  const stored = deps.plane.app(app.metadata.namespace ?? "", app.metadata.name ?? "");
  if (stored !== undefined && isOperationInProgress(stored) && stored.metadata.annotations?.[Annotation.Refresh] !== undefined && !(await compareMeanwhile(deps, stored, memory, signal))) return { inMs: 0, level: wake.level };
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

function isSkipped(app: Application): boolean {
  return /^(1|t|T|TRUE|true|True)$/.test(app.metadata.annotations?.[Annotation.SkipReconcile] ?? "");
}
