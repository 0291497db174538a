import type { Application, ApplicationStatus } from "@trireme/api/argo";
import { isErrorCondition } from "@trireme/gitops";
import type { Deps } from "../deps.ts";
import type { Comparison } from "./compare.ts";
import type { Facts } from "./facts.ts";
import type { Desired } from "./memory.ts";
import { comparedStatus } from "./status.ts";

/** The status that a comparison says, as the application gets it: what went wrong in comparing counts with it. @param options `now` and `latest` as of StatusFacts. */
export function statusOf(deps: Deps, facts: Facts, app: Application, compared: { desired: Desired; comparison: Comparison }, options: { now: string; latest: boolean }): ApplicationStatus {
  const { desired, comparison } = compared;
  return comparedStatus({
    app, desired, comparison,
    project: facts.project,
    live: facts.live,
    controllerNamespace: deps.plane.namespace,
    persistResourceHealth: deps.config.persistResourceHealth,
    tracking: facts.tracking,
    conditions: comparison.conditions.filter(isErrorCondition),
    ...options,
  });
}
