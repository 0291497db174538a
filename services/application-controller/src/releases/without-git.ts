import type { Application } from "@trireme/api/argo";
import { isErrorCondition, syncAllowed } from "@trireme/gitops";
import { asAppError } from "@trireme/runtime";
import { factsOf } from "../applications/facts.ts";
import type { AppMemory } from "../applications/memory.ts";
import type { Next } from "../applications/wakes.ts";
import { LostRaceError } from "../applications/write.ts";
import type { Deps } from "../deps.ts";
import { operate } from "../operations/operate.ts";
import { heldBack } from "./held-back.ts";
import { compareBeside, statusAgainst } from "./beside.ts";
import { holdPinned } from "./hold.ts";
import { judgeRelease } from "./judge.ts";
import { takeBack } from "./take-back.ts";

export interface HeldWithoutGit {
  /** Something was written: what comes next. */
  acted?: NonNullable<Next>;
  /** When there is more to say of the release. */
  inMs?: number;
}

/**
 * Git cannot be read, but what was delivered before that is known, and so is what it can be taken back to. Nothing else is
 * decided here: the application stays Unknown.
 */
export async function holdWithoutGit(deps: Deps, app: Application, memory: AppMemory, signal: AbortSignal): Promise<HeldWithoutGit> {
  const { desired } = memory;
  if (desired === undefined) return {};
  try {
    const facts = factsOf(deps, app);
    const now = deps.ctx.clock.now();
    if (!syncAllowed(facts.project.spec.syncWindows, app, facts.cluster, { now, manual: false }).allowed) return {};
    const comparison = await compareBeside(facts, memory, desired, signal);
    if (comparison.conditions.some(isErrorCondition)) return {};
    const status = statusAgainst(deps, facts, app, desired, comparison);
    const judged = judgeRelease(deps, facts, memory, { app, desired, comparison, status });
    if (judged.failed !== undefined) return { acted: await takeBack(deps, app, judged.failed) };
    const { pinned } = heldBack(deps, facts, app, desired);
    if (pinned !== undefined) {
      const holding = await holdPinned(deps, facts, memory, { app, status: app.status ?? status, pinned }, signal);
      if (holding.kind === "start") return { acted: (await operate({ deps, app, memory, signal, begun: holding.begun })) ?? { inMs: 0, level: 1 } };
      if (holding.kind === "later" || holding.kind === "unable") return { inMs: holding.inMs };
    }
    return judged.inMs === undefined ? {} : { inMs: judged.inMs };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LostRaceError) throw error;
    deps.ctx.log.debug({ app: `${app.metadata.namespace}/${app.metadata.name}`, error: asAppError(error).message }, "release not judged without Git");
    return {};
  }
}
