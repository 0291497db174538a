/** Minutes, hours, days of the month, months and days of the week at which something begins. */
export interface Schedule {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  anyDay: boolean;
  anyWeekday: boolean;
}

const MACROS: Record<string, string> = { "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *" };
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const YEARS_AHEAD = 5;
const MINUTE_MS = 60_000;

/** Five-field cron text. Throws TypeError that names it. */
export function parseSchedule(text: string): Schedule {
  const fields = (MACROS[text.trim()] ?? text.trim()).split(/\s+/);
  if (fields.length !== 5) throw new TypeError(`cannot parse schedule '${text}': expected exactly 5 fields, found ${fields[0] === "" ? 0 : fields.length}`);
  const bad = (field: string) => new TypeError(`cannot parse schedule '${text}': ${field}`);
  const [minutes, hours, days, months, weekdays] = fields as [string, string, string, string, string];
  return {
    minutes: values(minutes, 0, 59, [], bad),
    hours: values(hours, 0, 23, [], bad),
    days: values(days, 1, 31, [], bad),
    months: values(months, 1, 12, MONTHS, bad),
    weekdays: new Set([...values(weekdays, 0, 7, WEEKDAYS, bad)].map((day) => day % 7)),
    anyDay: days.startsWith("*") || days === "?",
    anyWeekday: weekdays.startsWith("*") || weekdays === "?",
  };
}

/** The first beginning after `after`, both in milliseconds of local time; `undefined` where there is none in five years. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  let time = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const end = after + YEARS_AHEAD * 366 * 24 * 60 * MINUTE_MS;
  while (time <= end) {
    const date = new Date(time);
    if (!schedule.months.has(date.getUTCMonth() + 1)) time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    else if (!dayFits(schedule, date)) time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
    else if (!schedule.hours.has(date.getUTCHours())) time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours() + 1);
    else if (!schedule.minutes.has(date.getUTCMinutes())) time += MINUTE_MS;
    else return time;
  }
  return undefined;
}

/** Two restricted day fields mean either; one alone means that one. */
function dayFits(schedule: Schedule, date: Date): boolean {
  const day = schedule.days.has(date.getUTCDate());
  const weekday = schedule.weekdays.has(date.getUTCDay());
  return schedule.anyDay || schedule.anyWeekday ? day && weekday : day || weekday;
}

function values(field: string, min: number, max: number, names: readonly string[], bad: (field: string) => Error): Set<number> {
  const found = new Set<number>();
  const number = (text: string): number => {
    const index = names.indexOf(text.toLowerCase());
    const value = index >= 0 ? index + (min === 1 ? 1 : 0) : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) throw bad(field);
    return value;
  };
  for (const part of field.split(",")) {
    const [range = "", stepText] = part.split("/");
    const step = stepText === undefined ? 1 : /^\d{1,2}$/.test(stepText) && Number(stepText) > 0 ? Number(stepText) : NaN;
    if (Number.isNaN(step)) throw bad(field);
    const [from, to] = range === "*" || range === "?" ? [min, max] : range.includes("-") ? (range.split("-", 2).map(number) as [number, number]) : [number(range), stepText === undefined ? number(range) : max];
    if (from > to) throw bad(field);
    for (let value = from; value <= to; value += step) found.add(value);
  }
  return found;
}
