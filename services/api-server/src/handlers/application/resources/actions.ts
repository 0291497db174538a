import { gvkOf, type KubeObject } from "@trireme/api";
import { isLivePermitted } from "@trireme/gitops";
import { isNotFound } from "@trireme/kube";
import { shownAction } from "../../../actions/action.ts";
import { actionsOf } from "../../../actions/builtin.ts";
import { invalid, permissionDenied } from "../../../errors.ts";
import { projectCluster, projectScoped } from "../../../state/projects.ts";
import { unary } from "../../rpc.ts";
import { forApplication, type ApplicationCall } from "../access.ts";
import { destinationClient } from "../destination.ts";
import { recordApplication, recordOnResource } from "../events.ts";
import { liveObject, liveResource, wrapped, type LiveResource, type ResourceRequest } from "./live-resource.ts";
import { createMergePatch } from "../merge-patch.ts";
import { refOf } from "../write.ts";

/** What can be done to a live object now. */
export const listResourceActions = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const { object } = await target(request, call);
  const { group, kind } = gvkOf(object);
  return { actions: actionsOf(group, kind).filter((action) => action.offered?.(object) !== false).map((action) => shownAction(action, object)) };
});

const actionRule = forApplication((request) => `action/${request.group ?? ""}/${request.kind ?? ""}/${request.action ?? ""}`);

/** Does it: patches the object, or creates what the action makes, within what the project permits. */
export const runResourceAction = unary<ApplicationCall>(actionRule, async (request, call) => {
  const { app, project, ctx, signal } = call;
  const { object, resource } = await target(request, call);
  const { group, kind } = gvkOf(object);
  const action = actionsOf(group, kind).find(({ name }) => name === request.action);
  if (action === undefined) throw invalid(`action ${JSON.stringify(request.action ?? "")} is not available for ${group}/${kind}; there ${actionsOf(group, kind).length === 0 ? "are none" : `is ${actionsOf(group, kind).map(({ name }) => name).join(", ")}`}`, "UnknownAction");
  const parameters = Object.fromEntries((request.resourceActionParameters ?? []).map(({ name, value }: { name?: string; value?: string }) => [name ?? "", value ?? ""]));
  const result = action.run(object, { now: ctx.clock.now(), parameters });

  if ("create" in result) {
    const { cluster } = destinationClient(app, project, ctx);
    const own = projectScoped(ctx.settings.current(), project.metadata.name ?? "").clusters;
    for (const made of result.create) {
      const { group: madeGroup, kind: madeKind } = gvkOf(made);
      const { name = "", namespace = "" } = made.metadata;
      if (!isLivePermitted(project.spec, { group: madeGroup, kind: madeKind, namespace, name }, projectCluster(cluster), own)) throw permissionDenied(`application is not permitted to manage ${madeGroup}/${madeKind}/${name} in ${namespace}`);
      await wrapped("error creating resource", () => resource.client.create(made, { dryRun: true, signal }));
    }
    for (const made of result.create) await wrapped("error creating resource", () => resource.client.create(made, { fieldManager: "argocd-controller", signal }));
  } else await patchObject(resource, object, result.patch, signal);

  const what = `ran action ${request.action}`;
  if (resource.node === undefined) recordApplication(app, "ResourceActionRan", what, call);
  else recordOnResource(app, object, resource.client.cluster, "ResourceActionRan", what, call);
  return {};
});

type Target = { object: KubeObject; resource: Pick<LiveResource, "client" | "ref"> & { node?: LiveResource["node"] } };

/** The object that the request means: a resource of the application, or the application itself. */
async function target(request: ResourceRequest, call: ApplicationCall): Promise<Target> {
  const { app, ctx, signal } = call;
  if (request.kind === "Application" && request.group === "argoproj.io" && request.resourceName === app.metadata.name) return { object: { ...app, apiVersion: "argoproj.io/v1alpha1", kind: "Application" }, resource: { client: ctx.kube, ref: refOf(app) } };
  const resource = await liveResource(request, call);
  return { object: await liveObject(resource, signal), resource };
}

/** Status goes through its own door where the kind has one. */
async function patchObject({ client, ref }: Target["resource"], before: KubeObject, after: KubeObject, signal: AbortSignal): Promise<void> {
  const patch = createMergePatch(before, after) as Record<string, unknown> | undefined;
  if (patch === undefined) return;
  const { status, ...rest } = patch;
  const remaining = status === undefined ? patch : await wrapped("error patching resource", async () => {
    try {
      await client.patch(ref, "merge", { status }, { subresource: "status", signal });
      return rest;
    } catch (thrown) {
      // No status subresource: status is a field like any other.
      if (isNotFound(thrown)) return patch;
      throw thrown;
    }
  });
  if (Object.keys(remaining).length > 0) await wrapped("error patching resource", () => client.patch(ref, "merge", remaining, { fieldManager: "argocd-controller", signal }));
}
