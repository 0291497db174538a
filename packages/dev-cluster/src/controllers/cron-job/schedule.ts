import { AppError, Code } from "@trireme/runtime/errors";

export interface Schedule {
  /** First time after `after` (milliseconds), on a whole minute; `undefined` where there is none within five years. */
  next(after: number): number | undefined;
}

interface Field {
  matches: ReadonlySet<number>;
  any: boolean;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const NAMED: Record<string, string> = { "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *" };
const FIVE_YEARS_MS = 5 * 366 * 86_400_000;

/** Standard cron of five fields, names and `@every` included. Throws AppError `InvalidSchedule`. */
export function parseSchedule(text: string, timeZone = "UTC"): Schedule {
  const trimmed = text.trim();
  const every = /^@every\s+(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(trimmed);
  if (every) {
    const ms = (Number(every[1] ?? 0) * 3600 + Number(every[2] ?? 0) * 60 + Number(every[3] ?? 0)) * 1000;
    if (ms > 0) return { next: (after) => after + ms };
  }
  const parts = (NAMED[trimmed] ?? trimmed).split(/\s+/);
  if (parts.length !== 5) throw invalid(text);
  const [minute, hour, day, month, weekday] = [field(parts[0]!, 0, 59, text), field(parts[1]!, 0, 23, text), field(parts[2]!, 1, 31, text), field(parts[3]!, 1, 12, text, MONTHS, 1), field(parts[4]!, 0, 7, text, DAYS)];
  const weekdays = new Set([...weekday.matches].map((value) => value % 7));
  const clock = wallClock(timeZone);

  function fits(at: number): "yes" | "not this day" | "not this hour" | "not this minute" {
    const local = clock(at);
    const byDay = day.matches.has(local.day);
    const byWeekday = weekdays.has(local.weekday);
    // When both are given either will do; a star leaves it to the other.
    const dayFits = day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
    if (!month.matches.has(local.month) || !dayFits) return "not this day";
    if (!hour.matches.has(local.hour)) return "not this hour";
    return minute.matches.has(local.minute) ? "yes" : "not this minute";
  }

  return {
    next(after) {
      let at = Math.floor(after / 60_000) * 60_000 + 60_000;
      for (const end = after + FIVE_YEARS_MS; at < end; ) {
        const verdict = fits(at);
        if (verdict === "yes") return at;
        const { minute: minutes } = clock(at);
        // Zones shift by quarters of an hour at least, so whole hours of the wall are safe steps.
        at += verdict === "not this minute" ? 60_000 : (60 - minutes) * 60_000;
      }
      return undefined;
    },
  };
}

function field(text: string, min: number, max: number, whole: string, names: readonly string[] = [], offset = 0): Field {
  const number = (value: string): number => {
    const named = names.indexOf(value.toLowerCase());
    const parsed = named >= 0 ? named + offset : /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(parsed >= min && parsed <= max)) throw invalid(whole);
    return parsed;
  };
  const matches = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step] = part.split("/");
    const [from, to] = range === "*" || range === "?" ? [min, max] : range.includes("-") ? range.split("-").map(number) : [number(range), step === undefined ? number(range) : max];
    const by = step === undefined ? 1 : Number(step);
    if (from === undefined || to === undefined || from > to || !Number.isInteger(by) || by < 1) throw invalid(whole);
    for (let value = from; value <= to; value += by) matches.add(value);
  }
  return { matches, any: text.startsWith("*") || text.startsWith("?") };
}

function wallClock(timeZone: string): (at: number) => { minute: number; hour: number; day: number; month: number; weekday: number } {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", weekday: "short" });
  } catch {
    throw new AppError(`unknown time zone ${timeZone}`, { reason: "InvalidSchedule", code: Code.InvalidArgument, retry: "never" });
  }
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { minute: Number(parts["minute"]), hour: Number(parts["hour"]), day: Number(parts["day"]), month: Number(parts["month"]), weekday: DAYS.indexOf(parts["weekday"]!.toLowerCase()) };
  };
}

function invalid(text: string): AppError {
  return new AppError(`${JSON.stringify(text)} is not a cron schedule of five fields`, { reason: "InvalidSchedule", code: Code.InvalidArgument, retry: "never" });
}
