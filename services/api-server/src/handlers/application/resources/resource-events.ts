import type { KubeClient } from "@trireme/kube";
import { invalid } from "../../../errors.ts";
import { unary } from "../../rpc.ts";
import { forApplication, type ApplicationCall } from "../access.ts";
import { destinationClient } from "../destination.ts";
import { treeOf } from "./tree.ts";
import { EVENT } from "../../../state/resources.ts";

/** Kubernetes Events of the application itself, or of one of its resources on its cluster. */
export const listResourceEvents = unary<ApplicationCall>(forApplication("get"), async (request, { app, project, ctx, signal }) => {
  const { resourceName = "", resourceUID = "", resourceNamespace = "" } = request;
  if (resourceName === "" && resourceUID === "") return eventsOf(ctx.kube, { name: app.metadata.name ?? "", uid: app.metadata.uid ?? "", namespace: app.metadata.namespace ?? "" }, signal);
  const { nodes, orphanedNodes } = await treeOf(app, ctx, signal);
  const found = [...(nodes ?? []), ...(orphanedNodes ?? [])].some((node) => node.uid === resourceUID && node.name === resourceName && (node.namespace ?? "") === resourceNamespace);
  if (!found) throw invalid(`${resourceName} not found as part of application ${app.metadata.name}`, "NotPartOfApplication");
  return eventsOf(destinationClient(app, project, ctx).client, { name: resourceName, uid: resourceUID, namespace: resourceNamespace }, signal);
});

/** The Events that involve one object. */
export async function eventsOf(client: KubeClient, object: { name: string; uid: string; namespace: string }, signal: AbortSignal) {
  const fieldSelector = `involvedObject.name=${object.name},involvedObject.namespace=${object.namespace},involvedObject.uid=${object.uid}`;
  const list = await client.list(EVENT, { ...(object.namespace !== "" && { namespace: object.namespace }), fieldSelector, signal });
  return { metadata: list.metadata, items: list.items };
}
