import type { Application } from "@trireme/api/argo";
import { Finalizer } from "@trireme/gitops";
import { invalid } from "../../errors.ts";
import { deleteObject } from "../../state/delete-object.ts";
import { APPLICATION } from "../../state/resources.ts";
import { unary } from "../rpc.ts";
import { forApplication, rbacName, type ApplicationCall } from "./access.ts";
import { recordApplication } from "./events.ts";
import { decided, mergePatch } from "./write.ts";

const CASCADE: Record<string, string> = { "": Finalizer.Cascade, foreground: Finalizer.Foreground, background: Finalizer.Background };
const ALL: readonly string[] = [Finalizer.Cascade, Finalizer.Foreground, Finalizer.Background];

/** Deletes an application: with cascade (the default) its finalizer lets the controller delete what it manages, without it that stays. */
export const remove = unary<ApplicationCall>(forApplication("get"), async (request, call) => {
  const { app, ctx, caller, signal } = call;
  caller.require("applications", "delete", rbacName(app, ctx.namespace));
  const cascade = request.cascade !== false;
  const policy: string = request.propagationPolicy ?? "";
  if (!cascade && policy !== "") throw invalid("cannot set propagation policy when cascading is disabled");
  const finalizer = CASCADE[policy];
  if (finalizer === undefined) throw invalid(`invalid propagation policy: ${policy}`);

  const wanted = finalizersFor(app, cascade, finalizer);
  const ready = wanted === undefined ? app : await decided(app, ctx, signal, (current) => mergePatch(current, { metadata: { finalizers: finalizersFor(current, cascade, finalizer) ?? current.metadata.finalizers ?? [] } }, ctx, signal));
  await deleteObject(ready, APPLICATION, ctx.applications, ctx, signal);
  recordApplication(app, "ResourceDeleted", "deleted application", call);
  return {};
});

/** The finalizers that say what is to become of the resources; `undefined` where they say so already, or can no longer be set. */
function finalizersFor(app: Application, cascade: boolean, finalizer: string): string[] | undefined {
  const present = app.metadata.finalizers ?? [];
  const others = present.filter((one) => !ALL.includes(one));
  if (!cascade) return others.length === present.length ? undefined : others;
  if (present.includes(finalizer) || app.metadata.deletionTimestamp !== undefined) return undefined;
  return [...others, finalizer];
}
