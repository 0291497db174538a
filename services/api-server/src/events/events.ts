import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";
import { rfc3339, type Clock, type Logger } from "@trireme/runtime";

/** What somebody did, written as a Kubernetes Event on the object it was done to. */
export interface Events {
  /** Never fails and is not waited for: the deed is done. */
  record(object: KubeObject, reason: string, message: string, annotations?: Record<string, string>): void;
  /** Waits for what is still being written. */
  flush(): Promise<void>;
}

const COMPONENT = "argocd-server";

export function createEvents(parts: { client: KubeClient; clock: Clock; log: Logger }): Events {
  const writing = new Set<Promise<unknown>>();
  let last = 0n;
  return {
    record(object, reason, message, annotations) {
      const now = parts.clock.now();
      const time = rfc3339(now);
      const { name, namespace, uid, resourceVersion } = object.metadata;
      const nanos = BigInt(now) * 1_000_000n;
      last = nanos > last ? nanos : last + 1n;
      const event: KubeObject = {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: `${name}.${last.toString(16)}`, namespace: namespace ?? "", ...(annotations && { annotations }) },
        involvedObject: { kind: object.kind, apiVersion: object.apiVersion, namespace, name, uid, ...(resourceVersion !== undefined && { resourceVersion }) },
        reason,
        message: message.slice(0, 1024),
        source: { component: COMPONENT },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        type: "Normal",
      };
      const done = parts.client
        .create(event, { fieldManager: COMPONENT })
        .catch((error: unknown) => parts.log.warn({ event: reason, object: `${object.kind} ${namespace}/${name}`, error: (error as Error).message }, "event not written"))
        .finally(() => writing.delete(done));
      writing.add(done);
    },
    async flush() {
      await Promise.all(writing);
    },
  };
}
