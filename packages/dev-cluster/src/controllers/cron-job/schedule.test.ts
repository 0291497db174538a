import { mostRecent } from "./index.ts";
import { parseSchedule } from "./schedule.ts";

const at = (text: string) => Date.parse(`${text}:00Z`);
const text = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16));

describe(parseSchedule, () => {
  test.each([
    { schedule: "* * * * *", after: "2026-01-01T00:00", want: "2026-01-01T00:01" },
    { schedule: "*/15 * * * *", after: "2026-01-01T00:07", want: "2026-01-01T00:15" },
    { schedule: "5/20 * * * *", after: "2026-01-01T00:26", want: "2026-01-01T00:45" },
    { schedule: "0 3 * * *", after: "2026-01-01T03:00", want: "2026-01-02T03:00" },
    { schedule: "30 8-10 * * mon-fri", after: "2026-01-02T10:30", want: "2026-01-05T08:30" },
    { schedule: "0 0 29 2 *", after: "2026-01-01T00:00", want: "2028-02-29T00:00" },
    { schedule: "0 0 13 * 5", after: "2026-01-01T00:00", want: "2026-01-02T00:00" },
    { schedule: "0 0 * * 7", after: "2026-01-01T00:00", want: "2026-01-04T00:00" },
    { schedule: "@monthly", after: "2026-01-15T00:00", want: "2026-02-01T00:00" },
    { schedule: "0 0 30 2 *", after: "2026-01-01T00:00", want: undefined },
    { schedule: "0 9 * * *", zone: "America/New_York", after: "2026-01-01T00:00", want: "2026-01-01T14:00" },
    { schedule: "0 9 * * *", zone: "Asia/Kolkata", after: "2026-01-01T00:00", want: "2026-01-01T03:30" },
    { schedule: "0 12 * * *", zone: "Europe/Berlin", after: "2026-03-28T23:00", want: "2026-03-29T10:00" },
  ])("$schedule ($zone) after $after", ({ schedule, zone, after, want }) => expect(text(parseSchedule(schedule, zone).next(at(after)))).toBe(want));

  it("counts @every from the last time", () => expect(text(parseSchedule("@every 1h30m").next(at("2026-01-01T00:00")))).toBe("2026-01-01T01:30"));

  test.each(["", "* * * *", "60 * * * *", "* * * 13 *", "*/0 * * * *", "5-1 * * * *", "a * * * *", "@often"])("refuses %j", (schedule) => expect(() => parseSchedule(schedule)).toThrow("is not a cron schedule"));

  it("names an unknown time zone", () => expect(() => parseSchedule("* * * * *", "Mars/Olympus")).toThrow("unknown time zone Mars/Olympus"));
});

describe(mostRecent, () => {
  it.each([
    { name: "nothing is due yet", schedule: "0 3 * * *", since: "2026-01-01T04:00", now: "2026-01-01T05:00", want: undefined },
    { name: "only the last of many", schedule: "* * * * *", since: "2025-01-01T00:00", now: "2026-01-01T05:00", want: "2026-01-01T05:00" },
    { name: "one that is weeks ago", schedule: "0 0 1 * *", since: "2025-11-15T00:00", now: "2026-01-20T05:00", want: "2026-01-01T00:00" },
  ])("$name", ({ schedule, since, now, want }) => expect(text(mostRecent(parseSchedule(schedule), at(since), at(now)))).toBe(want));
});
