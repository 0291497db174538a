import type { KubeObject } from "@trireme/api";
import { collectionPath, isConflict, isNotFound, KubeError, statusOf, type ResourceInfo } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime/clock";
import { isDeepStrictEqual } from "node:util";
import { controllerOfKind, type Controller, type ControllerContext } from "./context.ts";
import type { OwnershipGraph } from "./garbage/graph.ts";
import { NAMESPACE } from "./service-accounts.ts";

interface Remaining {
  resource: string;
  count: number;
  finalizers: string[];
}

/** Pods with a grace period and finalizers of others are waited for by events; this is for what no event tells. */
const LOOK_AGAIN_MS = 5_000;

/** Empties namespaces that are deleted, and lets them go once they are empty. */
export function startNamespaces(ctx: ControllerContext, graph: OwnershipGraph): Controller {
  const controller = controllerOfKind<KubeObject>(ctx, { name: "namespace-controller", kind: NAMESPACE, visit });
  graph.on(({ object, deleted }) => {
    const { namespace } = object.metadata;
    if (deleted && namespace && controller.cache.get("", namespace)?.metadata.deletionTimestamp) controller.queue.add(`/${namespace}`);
  });
  return controller;

  async function visit(namespace: KubeObject, signal: AbortSignal): Promise<number | void> {
    if (!namespace.metadata.deletionTimestamp || !namespace["spec"]?.finalizers?.length) return;
    const name = namespace.metadata.name!;
    const discovery = await ctx.client.discovery({ signal });
    const kinds = onePerKind(discovery.resources).filter((info) => info.namespaced && info.verbs.includes("list") && info.verbs.includes("delete"));
    const remaining: Remaining[] = [];
    // Some at a time: a namespace that goes must not crowd out those that stay.
    for (let i = 0; i < kinds.length; i += 8) remaining.push(...(await Promise.all(kinds.slice(i, i + 8).map((info) => emptied(info, name, signal)))).filter(({ count }) => count > 0));

    if (remaining.length === 0 && discovery.failed.length === 0) return finalize(namespace, signal);
    await tell(namespace, remaining, discovery.failed, signal);
    return LOOK_AGAIN_MS;
  }

  /** Deletes the collection and says what is left of it. */
  async function emptied(info: ResourceInfo, namespace: string, signal: AbortSignal): Promise<Remaining> {
    const present = await ctx.client.list(info, { namespace, metadataOnly: true, signal });
    // As Kubernetes writes it: with the dot even where there is no group.
    const resource = `${info.resource}.${info.group}`;
    if (present.items.length === 0) return { resource, count: 0, finalizers: [] };
    if (present.items.some(({ metadata }) => !metadata.deletionTimestamp)) {
      const path = collectionPath(info, namespace);
      const answer = await ctx.client.raw({ method: "DELETE", path, body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" }, signal });
      const text = await answer.text();
      if (answer.status >= 400 && answer.status !== 404) throw new KubeError(statusOf(answer.status, text), { cluster: ctx.client.cluster, method: "DELETE", path });
    }
    const left = await ctx.client.list(info, { namespace, metadataOnly: true, signal });
    return { resource, count: left.items.length, finalizers: [...new Set(left.items.flatMap(({ metadata }) => metadata.finalizers ?? []))] };
  }

  async function finalize(namespace: KubeObject, signal: AbortSignal): Promise<void> {
    const name = namespace.metadata.name!;
    const body = { ...namespace, spec: { ...namespace["spec"], finalizers: (namespace["spec"].finalizers as string[]).filter((finalizer) => finalizer !== "kubernetes") } };
    try {
      await ctx.client.update(body, { subresource: "finalize", signal });
    } catch (thrown) {
      if (isNotFound(thrown)) return;
      if (!isConflict(thrown)) throw thrown;
      controller.queue.add(`/${name}`);
    }
  }

  async function tell(namespace: KubeObject, remaining: readonly Remaining[], failed: readonly { groupVersion: string; message: string }[], signal: AbortSignal): Promise<void> {
    const before = (namespace["status"]?.conditions ?? []) as { type: string; status: string; reason: string; message: string; lastTransitionTime: string }[];
    const now = rfc3339(ctx.now());
    const condition = (type: string, bad: boolean, reason: string, badMessage: string, goodReason: string, goodMessage: string) => {
      const status = bad ? "True" : "False";
      const old = before.find((each) => each.type === type);
      return { type, status, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now, reason: bad ? reason : goodReason, message: bad ? badMessage : goodMessage };
    };
    const counts = remaining.map(({ resource, count }) => `${resource} has ${count} resource instances`).sort();
    const finalizers = new Map<string, number>();
    for (const { finalizers: names, count } of remaining) for (const name of names) finalizers.set(name, (finalizers.get(name) ?? 0) + count);
    const conditions = [
      condition("NamespaceDeletionDiscoveryFailure", failed.length > 0, "DiscoveryFailed", `Discovery failed for some groups, ${failed.length} failing: ${failed.map(({ groupVersion, message }) => `${groupVersion}: ${message}`).join(", ")}`, "ResourcesDiscovered", "All resources successfully discovered"),
      condition("NamespaceDeletionGroupVersionParsingFailure", false, "", "", "ParsedGroupVersions", "All legacy kube types successfully parsed"),
      condition("NamespaceDeletionContentFailure", false, "", "", "ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
      condition("NamespaceContentRemaining", remaining.length > 0, "SomeResourcesRemain", `Some resources are remaining: ${counts.join(", ")}`, "ContentRemoved", "All content successfully removed"),
      condition("NamespaceFinalizersRemaining", finalizers.size > 0, "SomeFinalizersRemain", `Some content in the namespace has finalizers remaining: ${[...finalizers].map(([name, count]) => `${name} in ${count} resource instances`).sort().join(", ")}`, "ContentHasNoFinalizers", "All content-preserving finalizers finished"),
    ];
    if (isDeepStrictEqual(before, conditions)) return;
    controller.cache.observe(await ctx.client.update({ ...namespace, status: { ...namespace["status"], conditions } }, { subresource: "status", signal }));
  }
}

function onePerKind(resources: readonly ResourceInfo[]): ResourceInfo[] {
  return [...new Map(resources.toReversed().map((info) => [`${info.group}/${info.kind}`, info])).values()];
}
