import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Application } from "@trireme/api/argo";
import { applyEvents, applyFirst, applyList, holdsAll, NONE, type ApplicationEvent, type KnownApplications } from "../../api/apply-event.ts";
import { address, callList } from "../../api/client.ts";
import { follow } from "../../api/live.ts";

const KEY = ["applications"];
/** What a list shows of an application, and what syncing it from there asks; the rest stays at the server. */
const FIELDS = ["metadata.name", "metadata.namespace", "metadata.labels", "metadata.creationTimestamp", "metadata.deletionTimestamp", "spec.project", "spec.source", "spec.sources", "spec.destination", "spec.syncPolicy", "operation.sync", "status.sync.status", "status.sync.revision", "status.health", "status.operationState.phase", "status.operationState.startedAt", "status.operationState.finishedAt"];
const LIST = address("api/v1/applications", { fields: FIELDS.map((field) => `items.${field}`).join(",") });

/** A change is shown with the next frame; where many come, they are shown ten times a second. */
const SOON_MS = 16;
const AT_MOST_EVERY_MS = 100;

/** Every application that the reader may see, kept current by the server's stream. Of a long list the first by name are there before the rest. */
export function useApplications() {
  const queries = useQueryClient();
  /** What the list has to hold once it is there: what happened before the stream was open, the stream does not tell. */
  const due = useRef<{ version: string | undefined }>(undefined);
  useEffect(() => {
    let waiting: ApplicationEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let flushedAt = -Infinity;
    const flush = (): void => {
      timer = undefined;
      flushedAt = performance.now();
      const events = waiting;
      waiting = [];
      queries.setQueryData<KnownApplications>(KEY, (known) => applyEvents(known ?? NONE, events));
    };
    return follow<Application>({
      topic: "applications",
      onOpen: (version) => {
        const state = queries.getQueryState<KnownApplications>(KEY);
        // The first list is on its way.
        if (state?.data?.version === undefined && state?.fetchStatus !== "idle") due.current = { version };
        else if (!holdsAll(state?.data?.version, version)) void queries.invalidateQueries({ queryKey: KEY });
      },
      onEvent: ({ type, object }) => {
        if (object === undefined) return;
        waiting.push({ type: type as ApplicationEvent["type"], application: object });
        timer ??= setTimeout(flush, Math.max(SOON_MS, flushedAt + AT_MOST_EVERY_MS - performance.now()));
      },
    });
  }, [queries]);
  const query = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const known = (): KnownApplications => queries.getQueryData<KnownApplications>(KEY) ?? NONE;
      const since = known().count;
      const { metadata, items } = await callList<Application>(LIST, (first) => queries.setQueryData<KnownApplications>(KEY, applyFirst(known(), first)), signal);
      return applyList(known(), items ?? [], since, metadata?.resourceVersion);
    },
    // Maps are compared as a whole.
    structuralSharing: false,
  });
  const version = query.data?.version;
  useEffect(() => {
    if (version === undefined || due.current === undefined) return;
    if (!holdsAll(version, due.current.version)) void queries.invalidateQueries({ queryKey: KEY });
    due.current = undefined;
  }, [version, queries]);
  return query;
}
