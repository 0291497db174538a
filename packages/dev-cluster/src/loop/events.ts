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

/** So many sentences with one reason about one object are told one by one; the rest of ten minutes is one event that changes its words. */
const MAX_ALIKE = 10;
const ALIKE_MS = 600_000;

/** Writes core/v1 Events one after the other, behind the work itself; a repeated one counts up, and many alike become one, as Kubernetes' own recorder has it. */
export function eventRecorder(client: KubeClient, component: string, enabled = true): EventRecorder {
  const waiting: (() => Promise<void>)[] = [];
  const known = new Map<string, { name: string; count: number }>();
  const alike = new Map<string, { sentences: Set<string>; last: number }>();
  let running: Promise<void> | undefined;

  /** Whether there are too many like this one for a sentence of its own. */
  function combined(group: string, message: string): boolean {
    const now = Date.now();
    let seen = alike.get(group);
    if (!seen || now - seen.last > ALIKE_MS) alike.set(group, (seen = { sentences: new Set(), last: now }));
    seen.sentences.add(message);
    seen.last = now;
    if (seen.sentences.size < MAX_ALIKE) return false;
    seen.sentences.delete(message);
    return true;
  }

  async function run(): Promise<void> {
    for (let write = waiting.shift(); write; write = waiting.shift()) await write().catch(() => {});
    running = undefined;
  }

  return {
    record(about, type, reason, said, container) {
      if (!enabled || waiting.length >= MAX_WAITING) return;
      const now = rfc3339(Date.now());
      const namespace = about.metadata.namespace || "default";
      const group = `${about.metadata.uid}/${type}/${reason}/${container ?? ""}`;
      if (alike.size > 5_000) alike.clear();
      const many = combined(group, said);
      const message = many ? `(combined from similar events): ${said}` : said;
      const key = many ? group : `${group}/${said}`;
      const before = known.get(key);
      if (before) {
        before.count++;
        waiting.push(async () => void (await client.patch({ group: "", version: "v1", kind: "Event", namespace, name: before.name }, "merge", { count: before.count, lastTimestamp: now, ...(many && { message: message.slice(0, 1_000) }) })));
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
