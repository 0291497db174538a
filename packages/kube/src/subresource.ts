import type { KubeObject } from "@trireme/api";
import type { KubeClient, ObjectRef } from "./client.ts";
import { KindNotServedError, KubeError, statusOf } from "./errors.ts";
import { objectPath } from "./paths.ts";

/**
 * Creates something under an object whose kind is another's: `binding` and `eviction` under Pods,
 * `token` under ServiceAccounts. Throws KubeError.
 */
export async function createSubresource<T extends KubeObject = KubeObject>(client: KubeClient, ref: ObjectRef, subresource: string, body: KubeObject, signal?: AbortSignal): Promise<T> {
  const info = (await client.discovery({ ...(signal && { signal }) })).find(ref);
  if (!info) throw new KindNotServedError(`${client.cluster} does not serve ${ref.kind}`, { cluster: client.cluster, group: ref.group, kind: ref.kind, unknown: false });
  const path = objectPath(info, ref.namespace, ref.name, subresource);
  const response = await client.raw({ method: "POST", path, body, ...(signal && { signal }) });
  const text = await response.text();
  if (response.status >= 400) throw new KubeError(statusOf(response.status, text), { cluster: client.cluster, method: "POST", path });
  return JSON.parse(text) as T;
}
