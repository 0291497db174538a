import { useInfiniteQuery } from "@tanstack/react-query";
import { call } from "../../../../../api/client.ts";
import type { ObjectName } from "../../types.ts";
import { applicationAddress, type ApplicationName } from "../../use-application.ts";

/** GET /api/trireme/v1/applications/{name}/timeline. */
export interface Timeline {
  entries?: TimelineEntry[] | null;
  next?: string;
  missing?: string[] | null;
}

export interface TimelineEntry {
  id: string;
  /** Nobody knows when, where it is not there. */
  time?: string;
  kind: string;
  reason: string;
  what: string;
  who?: string;
  why?: string;
  state?: string;
  revisions?: { revision?: string; repoURL?: string; author?: string; date?: string; message?: string; tags?: string[] | null }[] | null;
  object?: ObjectName | null;
  historyID?: number | string;
  count?: number;
}

export const ENTRY_KINDS = ["deploy", "operation", "release", "health", "sync", "drift", "action", "event"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** An application's timeline page by page; asked again whenever the application has changed. */
export function useTimeline(of: ApplicationName, kinds: readonly string[]) {
  return useInfiniteQuery({
    queryKey: ["application", of.namespace, of.name, "timeline", ...kinds],
    queryFn: ({ pageParam, signal }) => call<Timeline>("GET", pageAddress(of, kinds, pageParam), undefined, signal),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next || undefined,
    placeholderData: (before) => before,
  });
}

function pageAddress(of: ApplicationName, kinds: readonly string[], before: string): string {
  const start = applicationAddress(of, "/timeline", { before }, "api/trireme/v1");
  const query = kinds.map((kind) => `kinds=${kind}`).join("&");
  return query === "" ? start : `${start}${start.includes("?") ? "&" : "?"}${query}`;
}
