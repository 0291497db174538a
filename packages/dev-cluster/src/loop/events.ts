import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";
import { rfc3339 } from "@trireme/runtime/clock";

/** More than this many unwritten ones mean that nobody reads them. */
const MAX_WAITING = 500;

export interface EventRecorder {
  record(about: KubeObject, type: "Normal" | "Warning", reason: string, message: string, container?: string): void;
  /** Resolves when what was recorded so far is written or given up. */
  flushed(): Promise<void>;
}

/** Writes core/v1 Events one after the other, behind the work itself; a repeated one counts up. */
export function eventRecorder(client: KubeClient, component: string, enabled = true): EventRecorder {
  const waiting: (() => Promise<void>)[] = [];
  const known = new Map<string, { name: string; count: number }>();
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    for (let write = waiting.shift(); write; write = waiting.shift()) await write().catch(() => {});
    running = undefined;
  }

  return {
    record(about, type, reason, message, container) {
      if (!enabled || waiting.length >= MAX_WAITING) return;
      const now = rfc3339(Date.now());
      const namespace = about.metadata.namespace || "default";
      const key = `${about.metadata.uid}/${reason}/${container ?? ""}/${message}`;
      const before = known.get(key);
      if (before) {
        before.count++;
        waiting.push(async () => void (await client.patch({ group: "", version: "v1", kind: "Event", namespace, name: before.name }, "merge", { count: before.count, lastTimestamp: now })));
      } else {
        const name = `${about.metadata.name}.${(BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor(Math.random() * 1_000_000))).toString(16)}`;
        if (known.size > 5_000) known.clear();
        known.set(key, { name, count: 1 });
        waiting.push(async () => void (await client.create(eventOf(about, { namespace, name, type, reason, message, now, component, ...(container && { container }) }))));
      }
      running ??= run();
    },
    flushed: () => running ?? Promise.resolve(),
  };
}

function eventOf(about: KubeObject, event: { namespace: string; name: string; type: string; reason: string; message: string; now: string; component: string; container?: string }): KubeObject {
  const { namespace, name, type, reason, message, now, component, container } = event;
  const { apiVersion, kind, metadata } = about;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace, name },
    involvedObject: { apiVersion, kind, name: metadata.name, ...(metadata.namespace && { namespace: metadata.namespace }), uid: metadata.uid, resourceVersion: metadata.resourceVersion, ...(container && { fieldPath: `spec.containers{${container}}` }) },
    type,
    reason,
    message: message.slice(0, 1_000),
    source: { component },
    reportingComponent: component,
    reportingInstance: "",
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  };
}
