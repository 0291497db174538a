import type { Application } from "@trireme/api/argo";
import { unknown } from "../../errors.ts";
import { unary, type Call } from "../rpc.ts";
import { applicationFor, forApplication, rbacName, type ApplicationCall } from "./access.ts";
import { recordApplication } from "./events.ts";
import { validated } from "./validate.ts";
import { updateApplication } from "./write.ts";

/** Replaces spec, labels, annotations and finalizers of an application. */
export const update = unary({ access: "inside", asks: [["applications", "update"]], why: "the object carries the project" }, async (request, call) => {
  const sent = request.application as Application | undefined;
  if (sent === undefined) throw unknown("error updating application: application is nil in request", "InvalidSpec");
  call.caller.require("applications", "update", rbacName(sent, call.ctx.namespace));
  const { app } = await applicationFor({ name: sent.metadata?.name ?? "", namespace: sent.metadata?.namespace, project: request.project, action: "update", fresh: false }, call);
  return replaced(app, sent, request.validate !== false, call);
});

/** Replaces the spec alone; answers with the spec. */
export const updateSpec = unary<ApplicationCall>(forApplication("update"), async (request, call) => {
  if (request.spec === undefined) throw unknown("error updating application spec: spec is nil in request", "InvalidSpec");
  const written = await replaced(call.app, { ...call.app, spec: request.spec }, request.validate !== false, call);
  return written.spec;
});

/** What an application becomes when it is replaced by another, its status and operation kept as they are. */
export async function replaced(current: Application, sent: Application, validate: boolean, call: Call): Promise<Application> {
  const { ctx, signal } = call;
  const wanted = await validated({ ...sent, metadata: { ...sent.metadata, name: current.metadata.name ?? "", namespace: current.metadata.namespace ?? "" } }, { current, validate }, call);
  const { labels, annotations, finalizers } = sent.metadata ?? {};
  const written = await updateApplication(
    current,
    (now) => {
      const { labels: _labels, annotations: _annotations, finalizers: _finalizers, ...identity } = now.metadata;
      return { ...now, metadata: { ...identity, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) }, spec: wanted.spec };
    },
    ctx,
    signal,
  );
  recordApplication(written, "ResourceUpdated", "updated application spec", call);
  return written;
}
