import type { Application } from "@trireme/api/argo";
import { withRollback } from "@trireme/gitops";
import { rfc3339 } from "@trireme/runtime";
import type { Next } from "../applications/wakes.ts";
import type { Deps } from "../deps.ts";
import type { Judgement } from "./judge.ts";

/** The decision is stored first; the next visit finds the set quarantined and carries it out, whoever makes that visit. */
export async function takeBack(deps: Deps, app: Application, failed: NonNullable<Judgement["failed"]>): Promise<NonNullable<Next>> {
  await deps.releases.write(app, withRollback(deps.releases.of(app), app, failed, failed.to, rfc3339(deps.ctx.clock.now())));
  deps.events.record(app, { type: "Warning", reason: "RolledBack", message: failed.message });
  return { inMs: 0, level: 1 };
}
