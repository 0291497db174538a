import type { KubeObject } from "@trireme/api";
import type { KubeClient, ObjectRef } from "@trireme/kube";
import { unknown } from "../../../errors.ts";
import type { Context } from "../../../context.ts";
import { asAppError, AppError } from "@trireme/runtime";
import type { ApplicationCall } from "../access.ts";
import { destinationClient } from "../destination.ts";
import { nodeOfTree, treeOf, type ResourceName, type TreeNode } from "./tree.ts";

/** How a request names a resource of an application. */
export interface ResourceRequest extends ResourceName {
  version?: string;
}

export interface LiveResource {
  node: TreeNode;
  ref: ObjectRef;
  client: KubeClient;
}

/** The action that a policy must grant: fine-grained unless the settings say that update and delete reach down. */
export function resourceAction(action: "update" | "delete"): (request: any, ctx: Context) => string {
  return (request, ctx) => (ctx.settings.current().fineGrainedInheritanceDisabled ? `${action}/${request.group ?? ""}/${request.kind ?? ""}/${request.namespace ?? ""}/${request.resourceName ?? ""}` : action);
}

/** A live resource, if it belongs to the application's tree, with a client that acts as the project says. */
export async function liveResource(request: ResourceRequest, { app, project, ctx, signal }: ApplicationCall): Promise<LiveResource> {
  const node = nodeOfTree(await treeOf(app, ctx, signal), { ...request, name: request.name ?? app.metadata.name ?? "" });
  const { client } = destinationClient(app, project, ctx);
  return { node, client, ref: { group: node.group ?? "", version: request.version || node.version || "", kind: node.kind, namespace: node.namespace ?? "", name: node.name } };
}

/** The live object itself. */
export async function liveObject(resource: LiveResource, signal: AbortSignal): Promise<KubeObject> {
  return wrapped("error getting resource", () => resource.client.get(resource.ref, { signal }));
}

/** What the destination's API server refuses keeps its code, with what was being done before it. */
export async function wrapped<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.reason === "Internal") throw unknown(`${what}: ${error.message}`, error.reason, thrown);
    throw new AppError(`${what}: ${error.message}`, { reason: error.reason, code: error.code, retry: error.retry, details: error.details, cause: thrown });
  }
}
