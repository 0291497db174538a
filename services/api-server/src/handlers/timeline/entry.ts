/** One thing that happened; see trireme.v1.TimelineEntry. */
export interface Entry {
  id: string;
  /** Empty: nobody knows when. */
  time: string;
  kind: EntryKind;
  reason: string;
  what: string;
  who?: string;
  why?: string;
  state?: string;
  revisions?: EntryRevision[];
  object?: { group: string; kind: string; namespace: string; name: string };
  historyID?: number;
  count?: number;
}

export const ENTRY_KINDS = ["deploy", "operation", "health", "sync", "release", "drift", "action", "event"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface EntryRevision {
  revision: string;
  repoURL: string;
  /** Which of the application's sources it is of. */
  sourceIndex: number;
  author?: string;
  date?: string;
  message?: string;
  tags?: string[];
}

/** What happened nobody knows when is how things are now. */
const placeOf = ({ time }: Entry): number => (time === "" ? Infinity : Date.parse(time));

/** Newest first; at the same moment in a fixed order, so that pages neither overlap nor leave anything out. */
export const newestFirst = (a: Entry, b: Entry): number => (a.time === b.time ? 0 : placeOf(b) - placeOf(a)) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Where a page ended: the next one begins after it, whatever has happened meanwhile. */
export const cursorOf = ({ time, id }: Entry): string => Buffer.from(JSON.stringify([time, id])).toString("base64url");

/** What a cursor stands for; undefined: it is none of ours. */
export function cursorFrom(text: string): Pick<Entry, "time" | "id"> | undefined {
  try {
    const [time, id] = JSON.parse(Buffer.from(text, "base64url").toString()) as unknown[];
    return typeof time === "string" && typeof id === "string" && (time === "" || !Number.isNaN(Date.parse(time))) ? { time, id } : undefined;
  } catch {
    return undefined;
  }
}

/** Within this, two records are taken for records of the same thing: they are written one after the other. */
const SAME_MS = 3_000;

export function isSameMoment(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && Math.abs(Date.parse(a) - Date.parse(b)) <= SAME_MS;
}
