import type { Application } from "@trireme/api/argo";
import { isConflict } from "@trireme/kube";
import { messagePlan, shapeJson } from "@trireme/rpc";
import type { Context } from "../../context.ts";
import { invalid } from "../../errors.ts";
import { byName, forApplication, type ApplicationCall } from "../application/access.ts";
import { liveObject, liveResource, resourceAction, wrapped } from "../application/resources/live-resource.ts";
import { maskSecret } from "../application/resources/mask.ts";
import { patchLive } from "../application/resources/patch-live.ts";
import { manifestText } from "../application/resources/tracked-manifest.ts";
import { validated } from "../application/validate.ts";
import { refOf } from "../application/write.ts";
import { unary, type Rpc } from "../rpc.ts";

/** What a change would make of something, tried by the server that would take it, for whoever may make that change. */
export const dryRunService: Record<string, Rpc> = {
  PatchResource: unary<ApplicationCall>(forApplication(resourceAction("update"), byName), async (request, call) => {
    const resource = await liveResource(request, call);
    const before = await liveObject(resource, call.signal);
    const after = await patchLive(resource, request, call, { dryRun: true });
    // Masked as one, so that a changed value of a Secret is seen to change.
    const masks = new Map<string, string>();
    const shown = (object: typeof before): string => manifestText(maskSecret(object, call.ctx.settings.current().maskedAnnotations, masks));
    return { before: shown(before), after: shown(after) };
  }),
  UpdateApplication: unary<ApplicationCall>(forApplication("update", byName), async (request, call) => {
    const { app, ctx, signal } = call;
    const sent = parsed(request.application ?? "", app);
    const { before, after } = await tried(app, (current) => changed(current, sent), ctx, signal);
    await validated(shapeJson(messagePlan("github.com.argoproj.argo_cd.v3.pkg.apis.application.v1alpha1.Application"), changed(before, sent)) as unknown as Application, { current: app, validate: true }, call);
    return { before: manifestText(wish(before)), after: manifestText(wish(after)) };
  }),
};

const ATTEMPTS = 5;

/** A dry run of an update on the newest application; its status moves all the time, which is no reason to refuse. */
async function tried(app: Application, change: (current: Application) => Application, ctx: Context, signal: AbortSignal): Promise<{ before: Application; after: Application }> {
  for (let attempt = 1; ; attempt++) {
    const before = await ctx.kube.get<Application>(refOf(app), { signal });
    try {
      return { before, after: await wrapped("error updating application", () => ctx.kube.update(change(before), { dryRun: true, fieldValidation: "Strict", signal })) };
    } catch (thrown) {
      if (!isConflict((thrown as Error).cause) || attempt === ATTEMPTS) throw thrown;
    }
  }
}

function changed(current: Application, { metadata: { labels, annotations, finalizers }, spec }: Pick<Application, "metadata" | "spec">): Application {
  const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...identity } = current.metadata;
  return { ...current, apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { ...identity, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) }, spec };
}

function parsed(text: string, app: Application): Pick<Application, "metadata" | "spec"> {
  let sent: Partial<Application>;
  try {
    sent = JSON.parse(text) as Partial<Application>;
  } catch {
    throw invalid("error updating application: the application is not JSON");
  }
  const { metadata, spec } = sent ?? {};
  if (typeof metadata !== "object" || metadata === null || typeof spec !== "object" || spec === null) throw invalid("error updating application: metadata and spec must both be there");
  if (metadata.name !== app.metadata.name || (metadata.namespace ?? app.metadata.namespace) !== app.metadata.namespace) throw invalid(`error updating application: metadata.name and metadata.namespace must stay ${app.metadata.name} and ${app.metadata.namespace}`);
  return { metadata, spec };
}

/** What a person writes of an application; the rest is the controller's and the server's. */
function wish({ metadata: { name, namespace, labels, annotations, finalizers }, spec }: Application): object {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) }, spec };
}
