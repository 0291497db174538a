import { randomBytes } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import type { KubeClient } from "@trireme/kube";
import type { Logger } from "@trireme/runtime";

export const EventReason = { ResourceUpdated: "ResourceUpdated", OperationStarted: "OperationStarted", OperationCompleted: "OperationCompleted", RolledBack: "RolledBack", ResourceDeleted: "ResourceDeleted", StatusRefreshed: "StatusRefreshed" } as const;
export type EventReason = (typeof EventReason)[keyof typeof EventReason];

export interface EventRecorder extends AsyncDisposable {
  record(about: KubeObject, event: { type: "Normal" | "Warning"; reason: string; message: string }): void;
}

/** An event that nobody could write in this time is let go: it tells, it does not decide. */
const WRITE_MS = 10_000;
const LONGEST_MESSAGE = 1024;
const LONGEST_QUEUE = 1000;

/** Writes Kubernetes Events behind the visits' back, one at a time, newest dropped when the server cannot follow. */
export function eventRecorder(options: { client: KubeClient; enabled: readonly string[]; now(): string; log: Logger; component?: string }): EventRecorder {
  const { client, log, now } = options;
  const queue: KubeObject[] = [];
  let working: Promise<void> | undefined;
  const isOn = (reason: string) => !options.enabled.includes("none") && (options.enabled.includes("all") || options.enabled.includes(reason));
  const work = async () => {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      await client.create(event, { signal: AbortSignal.timeout(WRITE_MS) }).catch((error: Error) => log.warn({ event: event["reason"], error: error.message }, "event not written"));
    }
    working = undefined;
  };
  return {
    record(about, { type, reason, message }) {
      log.info({ [about.kind === "Application" ? "app" : about.kind.toLowerCase()]: `${about.metadata.namespace}/${about.metadata.name}`, reason, type }, message);
      if (!isOn(reason) || queue.length >= LONGEST_QUEUE) return;
      const time = now();
      queue.push({
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: `${about.metadata.name}.${randomBytes(8).toString("hex")}`, namespace: about.metadata.namespace ?? "" },
        source: { component: options.component ?? "argocd-application-controller" },
        involvedObject: { apiVersion: about.apiVersion, kind: about.kind, name: about.metadata.name, namespace: about.metadata.namespace, uid: about.metadata.uid, resourceVersion: about.metadata.resourceVersion },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        type,
        reason,
        message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message,
      });
      working ??= work();
    },
    async [Symbol.asyncDispose]() {
      await working;
    },
  };
}
