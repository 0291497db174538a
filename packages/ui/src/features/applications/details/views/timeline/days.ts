import type { TimelineEntry } from "./use-timeline.ts";

/** Entries of one day, as the reader's clock has it. */
export interface Day {
  /** Any moment of it; undefined: nobody knows when. */
  time: string | undefined;
  entries: TimelineEntry[];
}

/** Divides entries, newest first, into days. */
export function byDay(entries: readonly TimelineEntry[]): Day[] {
  const days: Day[] = [];
  let last: string | undefined;
  for (const entry of entries) {
    const time = entry.time || undefined;
    const day = time === undefined ? "" : new Date(time).toDateString();
    if (day !== last) days.push({ time, entries: [] });
    last = day;
    days.at(-1)!.entries.push(entry);
  }
  return days;
}
