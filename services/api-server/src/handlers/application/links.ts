import { unary } from "../rpc.ts";
import { forApplication, type ApplicationCall } from "./access.ts";
import { plainLinks } from "../links.ts";

const named = (request: any) => ({ name: request.name ?? "", namespace: request.namespace || request.appNamespace, project: request.project });

export const listLinks = unary<ApplicationCall>(forApplication("get", named), async (_request, { app, ctx }) => plainLinks(ctx.settings.current().links.application, { application: app, app, ...app }));

export const listResourceLinks = unary<ApplicationCall>(forApplication("get"), async (request, { app, ctx }) => plainLinks(ctx.settings.current().links.resource, { application: app, app, resource: { kind: request.kind, metadata: { name: request.resourceName, namespace: request.namespace } } }));
