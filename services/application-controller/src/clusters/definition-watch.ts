import type { KubeObject } from "@trireme/api";
import { watchCache, type KubeClient } from "@trireme/kube";

/** Whether a cluster serves a kind, asked by one small watch of its definition; `onServed` is called when that becomes true. */
export function watchDefinition(client: KubeClient, definition: string, onServed: () => void): AsyncDisposable & { readonly isServed: boolean } {
  const cache = watchCache<KubeObject>(client, { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" }, {
    fieldSelector: `metadata.name=${definition}`,
    // Its schema is large, and nothing of it is read.
    transform: ({ apiVersion, kind, metadata, ...rest }) => ({ apiVersion, kind, metadata, status: { conditions: rest["status"]?.conditions } }),
  });
  const isEstablished = (object: KubeObject) => (object["status"]?.conditions ?? []).some((condition: { type: string; status: string }) => condition.type === "Established" && condition.status === "True");
  let isServed = false;
  cache.on(({ type, object }) => {
    const was = isServed;
    isServed = type !== "deleted" && isEstablished(object);
    if (isServed && !was) onServed();
  });
  return {
    get isServed() {
      return isServed;
    },
    [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose](),
  };
}
