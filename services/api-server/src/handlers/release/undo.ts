import { isAutomated } from "@trireme/gitops";
import { failedPrecondition, invalid, permissionDenied } from "../../errors.ts";
import { earlierTemplate, wentBack } from "../../rollouts/undo.ts";
import { workloadOf } from "../../rollouts/workload.ts";
import { REPLICA_SET, ROLLOUT } from "../../state/resources.ts";
import { byName, forApplication, rbacName, type ApplicationCall } from "../application/access.ts";
import { recordOnResource } from "../application/events.ts";
import { liveObject, liveResource, resourceAction, wrapped } from "../application/resources/live-resource.ts";
import { unary } from "../rpc.ts";

/** How the release of the request reads to the rules for resources. */
const asResource = (request: any) => ({ group: ROLLOUT.group, version: ROLLOUT.version, kind: ROLLOUT.kind, namespace: request.namespace ?? "", resourceName: request.rollout ?? "" });
const update = resourceAction("update");

/**
 * Gives a Rollout of the application, in whichever cluster it is, the pod template of an earlier revision (0: the one
 * before). Where self-heal would put the declared one back at once it is refused: then the way back is a commit or a rollback.
 */
export const undoRollout = unary<ApplicationCall>(forApplication((request, ctx) => update(asResource(request), ctx), byName), async (request, call) => {
  const { app, ctx, caller, signal } = call;
  const automated = app.spec.syncPolicy?.automated;
  if (isAutomated(app.spec.syncPolicy) && automated?.selfHeal === true) throw failedPrecondition("an earlier revision would be undone by self-heal at once; revert the commit, or switch self-heal off first", "AutomatedSync");
  const resource = await liveResource({ ...asResource(request), name: app.metadata.name ?? "" }, call);
  const rollout = await liveObject(resource, signal);
  const { items } = await wrapped("error listing ReplicaSets", () => resource.client.list(REPLICA_SET, { namespace: resource.ref.namespace ?? "", signal }));
  const revision: number = request.revision ?? 0;
  if (!Number.isInteger(revision) || revision < 0) throw invalid(`a revision is a whole number, got ${revision}`);
  const template = earlierTemplate(rollout, items, revision);
  if (template === undefined) return {};
  const ref = workloadOf(rollout, resource.ref, ["Deployment", "ReplicaSet", "PodTemplate"]);
  if (ref !== resource.ref && !caller.allows("applications", update({ ...ref, resourceName: ref.name }, ctx), rbacName(app, ctx.namespace))) throw permissionDenied();
  await wrapped("error patching resource", () => resource.client.patch(ref, "json", [{ op: "replace", path: "/spec/template", value: template }], { fieldManager: "argocd-controller", signal }));
  recordOnResource(app, rollout, resource.client.cluster, "ResourceUpdated", wentBack(revision), call);
  return {};
});
