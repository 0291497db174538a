import { deepLinks } from "../links.ts";
import { unary } from "../rpc.ts";
import { forApplication, type ApplicationCall } from "./access.ts";
import { resolveDestination } from "./destination.ts";
import { liveObject, liveResource } from "./resources/live-resource.ts";
import { maskSecret } from "./resources/mask.ts";

const named = (request: any) => ({ name: request.name ?? "", namespace: request.namespace || request.appNamespace, project: request.project });

export const listLinks = unary<ApplicationCall>(forApplication("get", named), async (_request, call) => {
  const { app, ctx } = call;
  return deepLinks(ctx.settings.current().links.application, { application: app, cluster: clusterOf(call) }, ctx.log);
});

/** Links may speak of all that the live object says, but not of what is secret in it. */
export const listResourceLinks = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const { app, project, ctx, signal } = call;
  const { links, maskedAnnotations } = ctx.settings.current();
  if (links.resource.length === 0) return {};
  const { status: _tokens, ...shown } = project;
  const resource = maskSecret(await liveObject(await liveResource(request, call), signal), maskedAnnotations);
  return deepLinks(links.resource, { application: app, resource, cluster: clusterOf(call), project: shown }, ctx.log);
});

function clusterOf({ app, ctx }: ApplicationCall) {
  const found = resolveDestination(app, ctx);
  return "problem" in found ? undefined : found.cluster;
}
