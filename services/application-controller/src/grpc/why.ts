import type { KubeObject } from "@trireme/api";
import type { Application, Rollout } from "@trireme/api/argo";
import type { Reconciler } from "../applications/reconciler.ts";
import type { Deps } from "../deps.ts";
import { reasonsOf, type Reason } from "../why/reasons.ts";
import { releaseOf } from "./releases.ts";

/** Why an application is not Synced and Healthy, from what the controller has in memory; empty where it is both. */
export function whyNot(deps: Deps, reconciler: Reconciler, app: Application): { synced: boolean; healthy: boolean; reasons: Reason[] } {
  const { status } = app;
  const live = liveOf(deps, app);
  const nothing = { get: () => undefined, childrenOf: () => [] };
  const reasons = reasonsOf({ app, compared: [...(reconciler.memory(app)?.compared.values() ?? [])], live: live ?? nothing, record: deps.releases.of(app), reportOf: (rollout: KubeObject) => releaseOf(live!, rollout as Rollout) });
  return { synced: status?.sync?.status === "Synced", healthy: status?.health?.status === "Healthy", reasons };
}

/** A destination that cannot be resolved is itself a reason, and stands among the conditions. */
function liveOf(deps: Deps, app: Application) {
  try {
    return deps.clusters.live(deps.clusters.resolve(app.spec.destination));
  } catch {
    return undefined;
  }
}
