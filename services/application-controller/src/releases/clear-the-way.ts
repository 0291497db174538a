import { podsInTheWay } from "@trireme/gitops";
import { isConflict, isNotFound, refOf } from "@trireme/kube";
import { asAppError } from "@trireme/runtime";
import type { Comparison } from "../applications/compare.ts";
import type { Facts } from "../applications/facts.ts";
import type { Deps } from "../deps.ts";
import { clientOf } from "../operations/prepare.ts";

/** Deletes pods of the failed release that would hold their StatefulSet back for ever; it makes them anew as they were before. */
export async function clearTheWay(deps: Deps, facts: Facts, comparison: Comparison, signal: AbortSignal): Promise<void> {
  const { app, live } = facts;
  const pods = comparison.objects.flatMap(({ live: object }) => (object === undefined ? [] : podsInTheWay(object, live)));
  for (const pod of pods) {
    try {
      await clientOf(facts, app).delete(refOf(pod), { preconditions: { uid: pod.metadata.uid! }, signal });
      deps.ctx.log.info({ app: `${app.metadata.namespace}/${app.metadata.name}`, pod: pod.metadata.name }, "pod of a rolled back release deleted");
    } catch (error) {
      signal.throwIfAborted();
      if (!isNotFound(error) && !isConflict(error)) deps.ctx.log.warn({ app: `${app.metadata.namespace}/${app.metadata.name}`, pod: pod.metadata.name, error: asAppError(error).message }, "pod of a rolled back release not deleted");
    }
  }
}
