import { compareResourceVersions } from "@trireme/api";
import type { Application } from "@trireme/api/argo";

export interface ApplicationEvent {
  type: "ADDED" | "MODIFIED" | "DELETED";
  application: Application;
}

/** Applications as a list and a stream of changes give them together. */
export interface KnownApplications {
  items: ReadonlyMap<string, Application>;
  /** How many changes came so far, and which one was the last of each application. */
  count: number;
  changed: ReadonlyMap<string, number>;
  /** That of the last complete list. */
  version?: string;
  /** There are more, which come after these. */
  partial?: true;
}

export const NONE: KnownApplications = { items: new Map(), count: 0, changed: new Map() };

export const keyOf = (app: Application): string => `${app.metadata.namespace ?? ""}/${app.metadata.name ?? ""}`;

/** Takes in what comes first of a list that is on its way; whoever knows one already waits for the whole. */
export function applyFirst(known: KnownApplications, first: readonly Application[]): KnownApplications {
  return known.items.size > 0 || known.version !== undefined ? known : { ...known, items: new Map(first.map((app) => [keyOf(app), app])), partial: true };
}

/**
 * Takes a complete list in that was asked for when `since` changes had come. What the stream said of an application
 * after that stands, its deletion too: where the list is newer, the stream is about to say the same.
 */
export function applyList(known: KnownApplications, list: readonly Application[], since: number, version?: string): KnownApplications {
  const isNewer = (key: string): boolean => (known.changed.get(key) ?? 0) > since;
  const listed = list.flatMap((app): [string, Application][] => (isNewer(keyOf(app)) ? [] : [[keyOf(app), app]]));
  const kept = [...known.items].filter(([key]) => isNewer(key));
  // What the list knows of needs no memory any more.
  return { count: known.count, ...(version !== undefined && { version }), items: new Map([...listed, ...kept]), changed: new Map([...known.changed].filter(([, change]) => change > since)) };
}

/** Takes changes in, in their order. */
export function applyEvents(known: KnownApplications, events: readonly ApplicationEvent[]): KnownApplications {
  const items = new Map(known.items);
  const changed = new Map(known.changed);
  let { count } = known;
  for (const { type, application } of events) {
    const key = keyOf(application);
    changed.set(key, (count += 1));
    if (type === "DELETED") items.delete(key);
    else items.set(key, application);
  }
  return { ...known, items, count, changed };
}

/** Whether a list of this version holds all that had happened at the other one. What is no version holds nothing for sure. */
export function holdsAll(list: string | undefined, at: string | undefined): boolean {
  return list !== undefined && (list === at || compareResourceVersions(list, at) > 0);
}
