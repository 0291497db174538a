import type { KubeObject, KubeStatus } from "@trireme/api";
import { isNotFound, type WatchCache } from "@trireme/kube";
import type { Context } from "../context.ts";

/**
 * Deletes an object of the cache, unless another has its name by now; that it is gone already is well.
 * The next reading from the cache sees it gone, or on its way out where finalizers keep it.
 */
export async function deleteObject<T extends KubeObject>(object: T, kind: { group: string; version: string; kind: string }, cache: Pick<WatchCache<T>, "observe" | "observeDeleted">, { kube }: Pick<Context, "kube">, signal: AbortSignal): Promise<void> {
  const { name = "", namespace = "", uid } = object.metadata;
  const left = await kube.delete({ ...kind, name, namespace }, { preconditions: { ...(uid !== undefined && { uid }) }, signal }).catch((thrown: unknown) => {
    if (!isNotFound(thrown)) throw thrown;
  });
  if (isStill(object, left)) cache.observe(left);
  else cache.observeDeleted(object);
}

/** With finalizers the server answers with the object as it is now; else only that it is gone. */
function isStill<T extends KubeObject>(object: T, answer: KubeObject | KubeStatus | void): answer is T {
  return answer !== undefined && answer.kind !== "Status" && (answer as KubeObject).metadata.deletionTimestamp !== undefined && (answer as KubeObject).metadata.uid === object.metadata.uid;
}
