import type { KubeObject } from "@trireme/api";
import { permissionDenied } from "../../errors.ts";
import { parseLabelSelector } from "../../state/label-selector.ts";
import { filter, inside, unary, type Rpc } from "../rpc.ts";

const APPLICATION_SET = { group: "argoproj.io", version: "v1alpha1", kind: "ApplicationSet" } as const;

/** What policies know an ApplicationSet by: the project of its template. */
function objectOf(set: KubeObject): string {
  return `${set["spec"]?.template?.spec?.project || "default"}/${set.metadata.name}`;
}

const list = unary(filter("applicationsets"), async (request, { ctx, caller, signal }) => {
  const labels = parseLabelSelector(request.selector ?? "");
  const projects = new Set<string>(request.projects ?? []);
  const { items, metadata } = await ctx.kube.list(APPLICATION_SET, { namespace: request.appsetNamespace || ctx.namespace, signal });
  const visible = items.filter((set) => labels(set.metadata.labels ?? {}) && (projects.size === 0 || projects.has(objectOf(set).split("/")[0]!)) && caller.allows("applicationsets", "get", objectOf(set)));
  return { metadata: { resourceVersion: metadata.resourceVersion }, items: visible.sort((a, b) => (a.metadata.name! < b.metadata.name! ? -1 : 1)) };
});

const get = unary(inside("the stored object carries the project", ["applicationsets", "get"]), async (request, { ctx, caller, signal }) => {
  const found = await ctx.kube.find({ ...APPLICATION_SET, namespace: request.appsetNamespace || ctx.namespace, name: request.name ?? "" }, { signal });
  if (found === undefined || !caller.allows("applicationsets", "get", objectOf(found))) throw permissionDenied();
  return found;
});

export const applicationSetService: Record<string, Rpc> = { List: list, Get: get };
