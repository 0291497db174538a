import type { ApplicationSource } from "@trireme/api/argo";
import type { Facts } from "../applications/facts.ts";
import type { DesiredInput } from "../applications/desired.ts";
import type { Deps } from "../deps.ts";

/** What rendering an application needs, from the facts of a visit. */
export function desiredInput(deps: Deps, facts: Facts, options: { sources: ApplicationSource[]; revisions: string[]; signal: AbortSignal }): DesiredInput {
  const { app, project, settings, cluster, live, trust } = facts;
  return { app, project, settings, cluster, live, trust, controlPlaneNamespace: deps.plane.namespace, deadlineMs: deps.config.repoServer.timeoutMs, ...options };
}
