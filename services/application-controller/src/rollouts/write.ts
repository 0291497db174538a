import type { KubeObject } from "@trireme/api";
import { createSubresource, isAlreadyExists, isConflict, isKubeError, isNotFound, refOf } from "@trireme/kube";
import { eventKey, type Write } from "@trireme/rollouts";
import type { LiveCluster } from "../clusters/live-cluster.ts";

/** What was done before the decision turned out to be old; `isDone` when all of it was made. */
export interface Written {
  /** By the keys that events name. */
  done: Set<string>;
  isDone: boolean;
}

/**
 * Makes a decision's writes in their order, each only where what it was decided on still stands. Answers enter the
 * caches at once. A write that lost a race ends the list: its object is read again, and the caller decides anew.
 * Throws what the server says otherwise.
 */
export async function makeWrites(live: LiveCluster, writes: readonly Write[], signal: AbortSignal): Promise<Written> {
  const done = new Set<string>();
  const versions = new Map<string, string | undefined>();
  for (const write of writes) {
    try {
      const answer = await makeWrite(live, write, versions, signal);
      if (answer !== undefined) {
        live.observe(answer);
        versions.set(answer.metadata.uid ?? "", answer.metadata.resourceVersion);
      }
      done.add(keyOf(write));
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error) && !isAlreadyExists(error)) throw error;
      await readAgain(live, targetOf(write), signal);
      return { done, isDone: false };
    }
  }
  return { done, isDone: true };
}

async function makeWrite(live: LiveCluster, write: Write, versions: ReadonlyMap<string, string | undefined>, signal: AbortSignal): Promise<KubeObject | undefined> {
  const { client } = live;
  switch (write.verb) {
    case "create":
      return client.create(write.object, { signal });
    case "patch": {
      if (write.type === "apply") return client.patch(refOf(write.base), "apply", write.patch, { fieldManager: write.fieldManager ?? "trireme", signal });
      const { uid, resourceVersion } = write.base.metadata;
      const metadata = { ...(write.patch["metadata"] as object | undefined), resourceVersion: versions.get(uid ?? "") ?? resourceVersion };
      return client.patch(refOf(write.base), "merge", { ...write.patch, metadata }, { ...(write.subresource !== undefined && { subresource: write.subresource }), signal });
    }
    case "delete": {
      const answer = await client.delete(refOf(write.base), { propagationPolicy: "Background", preconditions: { uid: write.base.metadata.uid ?? "" }, signal });
      if (answer.kind === "Status" || (answer as KubeObject).metadata.deletionTimestamp === undefined) live.observeDeleted(write.base);
      return undefined;
    }
    case "evict":
      await evict(live, write.pod, signal);
      return undefined;
  }
}

/** A disruption budget may refuse for now: then the pod is asked for again later. */
async function evict(live: LiveCluster, pod: KubeObject, signal: AbortSignal): Promise<void> {
  const { name, namespace } = pod.metadata;
  await createSubresource(live.client, refOf(pod), "eviction", { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: name ?? "", namespace: namespace ?? "" } }, signal).catch((error: unknown) => {
    if (!isKubeError(error, "TooManyRequests", "NotFound")) throw error;
  });
}

async function readAgain(live: LiveCluster, object: KubeObject, signal: AbortSignal): Promise<void> {
  const fresh = await live.client.find(refOf(object), { signal });
  if (fresh === undefined) live.observeDeleted(object);
  else live.observe(fresh);
}

const targetOf = (write: Write): KubeObject => (write.verb === "create" ? write.object : write.verb === "evict" ? write.pod : write.base);

export const keyOf = (write: Write): string => (write.verb === "patch" && write.subresource === "status" ? "status" : eventKey(targetOf(write)));
