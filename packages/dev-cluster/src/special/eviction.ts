import { selects } from "@trireme/api";
import { parseBody } from "../rest/body.ts";
import { isDryRun } from "../rest/options.ts";
import { removeObject } from "../rest/delete.ts";
import { mustFind, view } from "../rest/objects.ts";
import { isObject } from "../schema/typed.ts";
import type { Answer, ApiContext, Call } from "../server/context.ts";
import { badRequest, StatusError } from "../server/status-error.ts";
import type { ResourceType } from "../types/resource-type.ts";

/** POST of `pods/<name>/eviction`: a deletion that disruption budgets may refuse. */
export async function evict(call: Call, type: ResourceType, ctx: ApiContext): Promise<Answer> {
  const { value } = parseBody(call);
  if (!isObject(value)) throw badRequest("expected an Eviction object");
  const { namespace, name } = call.info;
  const pod = view(mustFind(ctx, type, namespace, name), type);
  const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed" || pod.status?.phase === "Pending" || pod.metadata.deletionTimestamp;
  if (!over) {
    const budgets = ctx.store.list("poddisruptionbudgets.policy", namespace).map(({ object }) => object).filter((budget) => budget.spec?.selector && selects(budget.spec.selector, pod.metadata.labels));
    if (budgets.length > 1) throw new StatusError(500, "InternalError", "Internal error occurred: This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
    const [budget] = budgets;
    if (budget && (budget.status?.disruptionsAllowed ?? 0) <= 0) {
      throw new StatusError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", { causes: [{ reason: "DisruptionBudget", message: `The disruption budget ${budget.metadata.name} needs ${budget.status?.desiredHealthy ?? 0} healthy pods and has ${budget.status?.currentHealthy ?? 0} currently` }] });
    }
  }
  const options = value.deleteOptions ?? {};
  removeObject(ctx, type, namespace, name, { ...options, dryRun: isDryRun(call) || (options.dryRun ?? []).length > 0 });
  return { code: 201, object: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 } };
}
