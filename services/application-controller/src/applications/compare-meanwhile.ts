import type { Application, ApplicationStatus } from "@trireme/api/argo";
import { Annotation } from "@trireme/gitops";
import { isConflict } from "@trireme/kube";
import { asAppError, rfc3339 } from "@trireme/runtime";
import type { Deps } from "../deps.ts";
import { desiredFor } from "./desired-for.ts";
import { compareWith, factsOf, SpecError } from "./facts.ts";
import type { AppMemory } from "./memory.ts";
import { unknownStatus } from "./status.ts";
import { statusOf } from "./status-of.ts";
import { storeStatus } from "./store-status.ts";
import { NO_PINS } from "./wakes.ts";
import { LostRaceError } from "./write.ts";

/**
 * Answers a refresh that somebody asks for while an operation runs: looks at Git and the cluster and says what they are,
 * and decides nothing. What the operation delivers stays what it was begun with. False: somebody else wrote meanwhile.
 */
export async function compareMeanwhile(deps: Deps, app: Application, memory: AppMemory, signal: AbortSignal): Promise<boolean> {
  const { ctx, plane } = deps;
  const now = rfc3339(ctx.clock.now());
  let status: ApplicationStatus;
  try {
    const facts = factsOf(deps, app);
    if (facts.live.known === undefined) await facts.live.discovery({ signal });
    keepDelivered(app, memory);
    const desired = await desiredFor(deps, facts, memory, { level: 3, hard: app.metadata.annotations?.[Annotation.Refresh] === "hard", pinned: NO_PINS }, signal);
    const comparison = await compareWith(facts, memory, desired, signal);
    status = statusOf(deps, facts, app, { desired, comparison }, { now, latest: true });
  } catch (error) {
    signal.throwIfAborted();
    const isSpec = error instanceof SpecError;
    status = unknownStatus(app, isSpec ? error.conditions : [{ type: "ComparisonError", message: `Failed to compare: ${asAppError(error).message}` }], { controllerNamespace: plane.namespace, now, specError: isSpec });
  }
  try {
    await storeStatus(deps, app, status);
    return true;
  } catch (error) {
    if (!(error instanceof LostRaceError) && !isConflict(error)) throw error;
    return false;
  }
}

/** What the operation delivers is remembered beside what is found now: it must not depend on Git once more. */
function keepDelivered(app: Application, memory: AppMemory): void {
  const { revision = "", revisions } = app.status?.operationState?.syncResult ?? {};
  const delivered = (revisions ?? [revision]).join();
  if (memory.desired?.revisions.join() === delivered && memory.operationDesired?.revisions.join() !== delivered) memory.operationDesired = memory.desired;
}
