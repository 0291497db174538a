import type { KubeObject } from "@trireme/api";
import { parseApiVersion } from "@trireme/api";
import { isSameMoment, type Entry, type EntryKind } from "./entry.ts";

/**
 * What the Events of the application tell: changes of its health and sync, what people did, operations that its history
 * does not tell. Where another record tells of the same thing at the same moment, and more of it, the Event is left out.
 */
export function entriesOfApplicationEvents(events: readonly KubeObject[], told: readonly Entry[]): Entry[] {
  return events.flatMap((event) => {
    const { reason, message, annotations, time, id, count } = readEvent(event);
    const transition = /^Updated (sync|health) status: (.*) -> (.*)$/.exec(message);
    const entry = (kind: EntryKind, more: Partial<Entry> = {}): Entry[] => [{ id, time, kind, reason, what: message, ...(count > 1 && { count }), ...more }];
    if (transition !== null) {
      const [, aspect, , to] = transition;
      return entry(aspect as "sync" | "health", { reason: aspect === "sync" ? "SyncChanged" : "HealthChanged", state: to || "Unknown" });
    }
    switch (reason) {
      case "OperationStarted":
        // Whoever tells how it ended also tells who began it.
        return [];
      case "OperationCompleted": {
        if (told.some((other) => (other.kind === "deploy" || other.kind === "operation") && isSameMoment(other.time, time))) return [];
        const succeeded = / succeeded$/.test(message);
        return entry("operation", { reason: succeeded ? "OperationSucceeded" : "OperationFailed", state: succeeded ? "Succeeded" : "Failed" });
      }
      case "ResourceCreated":
        return told.some((other) => other.reason === "Created") ? [] : entry("action");
      case "RolledBack":
        return told.some((other) => other.kind === "release" && isSameMoment(other.time, time)) ? [] : entry("release", { state: "Degraded" });
      default: {
        const who = annotations["user"] ?? "";
        return entry(event["type"] === "Warning" ? "event" : "action", { ...(who !== "" && { who }), what: who !== "" && message.startsWith(`${who} `) ? message.slice(who.length + 1) : message });
      }
    }
  });
}

/** What the Events of an application's objects tell. */
export function entriesOfObjectEvents(events: readonly KubeObject[]): Entry[] {
  return events.map((event) => {
    const { reason, message, time, id, count, component } = readEvent(event);
    const { apiVersion = "", kind = "", namespace = "", name = "" } = event["involvedObject"] ?? {};
    const isRelease = kind === "Rollout" || kind === "AnalysisRun";
    return { id, time, kind: isRelease ? "release" : "event", reason, what: message, ...(component !== "" && { who: component }), ...(event["type"] === "Warning" && { state: "Degraded" }), object: { group: parseApiVersion(apiVersion).group, kind, namespace, name }, ...(count > 1 && { count }) };
  });
}

/** Old clients write lastTimestamp and count, new ones eventTime and series. */
function readEvent(event: KubeObject) {
  const { lastTimestamp, eventTime, series, count, reason = "", message = "", source, reportingComponent } = event as Record<string, any>;
  const time = String(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? event.metadata.creationTimestamp ?? "");
  return { id: `event/${event.metadata.namespace ?? ""}/${event.metadata.name ?? ""}`, time, reason: String(reason), message: String(message), annotations: event.metadata.annotations ?? {}, count: Number(series?.count ?? count ?? 1), component: String(source?.component || reportingComponent || "") };
}
