import { byDay } from "./days.ts";
import type { TimelineEntry } from "./use-timeline.ts";

const entry = (time?: Date): TimelineEntry => ({ id: String(time?.getTime()), ...(time && { time: time.toISOString() }), kind: "deploy", reason: "Deployed", what: "" });

describe("byDay", () => {
  it("divides entries where the reader's day ends", () => {
    const times = [new Date(2026, 0, 2, 0, 1), new Date(2026, 0, 1, 23, 59), new Date(2026, 0, 1, 8), new Date(2025, 11, 31)];
    expect(byDay(times.map((time) => entry(time))).map(({ entries }) => entries.length)).toEqual([1, 2, 1]);
    expect(byDay([])).toEqual([]);
  });

  it("keeps those apart of which nobody knows when", () => {
    expect(byDay([entry(), { ...entry(), time: "" }, entry(new Date(2026, 0, 2))]).map(({ time, entries }) => [time === undefined, entries.length])).toEqual([[true, 2], [false, 1]]);
  });
});
