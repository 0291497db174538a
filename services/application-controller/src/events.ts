import { createHash, randomBytes } from "node:crypto";
import type { KubeObject } from "@trireme/api";
import { isKubeError, refOf, type KubeClient } from "@trireme/kube";
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
/** Of so many, what was said last is known; client-go's recorder remembers as many. */
const MOST_KNOWN = 4096;

/**
 * Writes Kubernetes Events behind the visits' back, one at a time, newest dropped when the server cannot follow. With
 * `folds`, what is said again of the same object raises `count` and `lastTimestamp` of the Event that stands, as
 * client-go's recorder does; Argo CD's own recorder makes a new Event each time.
 */
export function eventRecorder(options: { client: KubeClient; enabled: readonly string[]; now(): string; log: Logger; component?: string; folds?: boolean }): EventRecorder {
  const { client, log, now, folds = false } = options;
  const queue: KubeObject[] = [];
  /** The Event that stands for what was said, oldest first. */
  const known = new Map<string, KubeObject>();
  let working: Promise<void> | undefined;
  const isOn = (reason: string) => !options.enabled.includes("none") && (options.enabled.includes("all") || options.enabled.includes(reason));
  const work = async () => {
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      await write(event).catch((error: Error) => log.warn({ event: event["reason"], error: error.message }, "event not written"));
    }
    working = undefined;
  };
  const write = async (event: KubeObject): Promise<void> => {
    const key = folds ? keyOf(event) : "";
    const standing = known.get(key);
    const written = standing === undefined ? undefined : await again(standing, event);
    if (folds) remember(key, written ?? (await create(event)));
    else await create(event);
  };
  const create = (event: KubeObject) => client.create(event, { signal: AbortSignal.timeout(WRITE_MS) });
  /** undefined: it is not there any more, or may not be changed. */
  const again = async (standing: KubeObject, { lastTimestamp }: KubeObject): Promise<KubeObject | undefined> => {
    try {
      return await client.patch(refOf(standing), "merge", { count: (standing["count"] as number) + 1, lastTimestamp }, { signal: AbortSignal.timeout(WRITE_MS) });
    } catch (error) {
      if (isKubeError(error, "NotFound", "Forbidden")) return undefined;
      throw error;
    }
  };
  const remember = (key: string, event: KubeObject): void => {
    known.delete(key);
    known.set(key, event);
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
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

/** What makes two Events the same, as client-go has it: everything but the time and the object's version. */
function keyOf({ involvedObject, type, reason, message, source }: KubeObject): string {
  return createHash("sha256").update(JSON.stringify([{ ...involvedObject, resourceVersion: undefined }, type, reason, message, source])).digest("base64");
}
