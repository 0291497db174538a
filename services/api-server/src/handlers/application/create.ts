import type { Application } from "@trireme/api/argo";
import { isAlreadyExists } from "@trireme/kube";
import { AppError, asAppError } from "@trireme/runtime";
import { invalid, permissionDenied, unknown } from "../../errors.ts";
import { APPLICATION } from "../../state/resources.ts";
import { unary } from "../rpc.ts";
import { rbacName } from "./access.ts";
import { sameSpec } from "./same-spec.ts";
import { validated } from "./validate.ts";
import { updateApplication } from "./write.ts";
import { recordApplication } from "./events.ts";

/**
 * Creates an application. Sending the same one again answers with what is there; another spec needs
 * `upsert`. An operation that comes along is dropped: syncing has its own door, and its own rights.
 */
export const create = unary(
  { access: "inside", asks: [["applications", "create"], ["applications", "update"]], why: "the object carries the project" },
  async (request, call) => {
    const { ctx, caller, signal } = call;
    const sent = request.application as Application | undefined;
    if (sent === undefined) throw unknown("error creating application: application is nil in request", "InvalidSpec");
    caller.require("applications", "create", rbacName(sent, ctx.namespace));
    const namespace = sent.metadata?.namespace || ctx.namespace;
    const { name = "", labels, annotations, finalizers } = sent.metadata ?? {};
    const current = ctx.applications.get(namespace, name);
    const wanted = await validated({ ...sent, metadata: { ...sent.metadata, namespace } }, { current: undefined, validate: request.validate !== false }, call);
    if (!ctx.applications.serves(namespace)) throw permissionDenied(`namespace '${namespace}' is not permitted`);
    const object: Application = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) },
      spec: wanted.spec,
    };
    if (current === undefined) {
      try {
        const created = await ctx.kube.create<Application>(object, { fieldManager: "argocd-server", signal });
        ctx.applications.observe(created);
        recordApplication(created, "ResourceCreated", "created application", call);
        return created;
      } catch (thrown) {
        if (!isAlreadyExists(thrown)) throw creationError(thrown);
      }
    }
    const existing = current ?? (await ctx.kube.get<Application>({ ...APPLICATION, namespace, name }, { signal }));
    if (sameSpec(existing, object)) return existing;
    if (request.upsert !== true) throw invalid("existing application spec is different, use upsert flag to force update", "ApplicationExists");
    caller.require("applications", "update", rbacName(existing, ctx.namespace));
    caller.require("applications", "update", rbacName(object, ctx.namespace));
    const updated = await updateApplication(existing, (now) => ({ ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, ...labels }, annotations: { ...now.metadata.annotations, ...annotations }, ...(finalizers && { finalizers }) }, spec: object.spec }), ctx, signal);
    recordApplication(updated, "ResourceUpdated", "updated application", call);
    return updated;
  },
);

function creationError(thrown: unknown): AppError {
  const { message, reason, code, retry } = asAppError(thrown);
  return new AppError(`error creating application: ${message}`, { reason, code, retry, cause: thrown });
}
