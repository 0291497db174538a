import type { KubeObject } from "@trireme/api";
import type { Rollout } from "@trireme/api/argo";
import { isConflict, isNotFound, refOf } from "@trireme/kube";
import { Key, servicesOf } from "@trireme/rollouts";
import type { LiveCluster } from "../clusters/live-cluster.ts";

/**
 * Gives a Service back that no Rollout names any more: it selects by its own labels again. Whether the Rollout that had
 * it still names it is asked of the API server itself, since a cache that is behind would cut off its pods.
 */
export async function releaseService(live: LiveCluster, service: KubeObject, signal: AbortSignal): Promise<void> {
  const manager = service.metadata.annotations?.[Key.ManagedBy];
  if (manager === undefined) return;
  const namespace = service.metadata.namespace ?? "";
  const rollout = await live.client.find<Rollout>({ group: "argoproj.io", kind: "Rollout", namespace, name: manager }, { signal });
  if (rollout !== undefined && rollout.metadata.deletionTimestamp === undefined && servicesOf(rollout).some(({ name }) => name === service.metadata.name)) return;
  const patch = { metadata: { resourceVersion: service.metadata.resourceVersion, annotations: { [Key.ManagedBy]: null } }, spec: { selector: { [Key.Hash]: null } } };
  try {
    live.observe(await live.client.patch(refOf(service), "merge", patch, { signal }));
  } catch (error) {
    if (!isConflict(error) && !isNotFound(error)) throw error;
  }
}

/** Services of a namespace that a Rollout had and that it (or nobody, when it is gone) names no more. */
export function abandonedServices(live: LiveCluster, namespace: string, manager: string, rollout: Rollout | undefined): KubeObject[] {
  const named = new Set(rollout === undefined ? [] : servicesOf(rollout).map(({ name }) => name));
  return live.list({ group: "", kind: "Service" }).filter(({ metadata }) => metadata.namespace === namespace && metadata.annotations?.[Key.ManagedBy] === manager && !named.has(metadata.name ?? ""));
}
