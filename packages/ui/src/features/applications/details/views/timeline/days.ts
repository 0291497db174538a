import type { TimelineEntry } from "./use-timeline.ts";

/** Entries of one day, as the reader's clock has it. */
export interface Day {
  /** Any moment of it. */
  time: string;
  entries: TimelineEntry[];
}

/** Divides entries, newest first, into days. */
export function byDay(entries: readonly TimelineEntry[]): Day[] {
  const days: Day[] = [];
  let last = "";
  for (const entry of entries) {
    const day = new Date(entry.time).toDateString();
    if (day !== last) days.push({ time: entry.time, entries: [] });
    last = day;
    days.at(-1)!.entries.push(entry);
  }
  return days;
}
