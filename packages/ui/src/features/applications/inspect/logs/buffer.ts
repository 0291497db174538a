/** One line of a log. */
export interface LogLine {
  /** Rises by one with each line; never used twice. */
  id: number;
  pod: string;
  container: string;
  /** RFC 3339 with nanoseconds; empty for what the server says itself. */
  time: string;
  text: string;
}

/** What is kept of them. */
export interface LogLines {
  lines: readonly LogLine[];
  /** How many older ones were let go. */
  dropped: number;
  /** Of all texts that are kept. */
  characters: number;
}

export const NO_LINES: LogLines = { lines: [], dropped: 0, characters: 0 };
/** So much is kept at most, whatever streams in. */
export const MOST = { lines: 20_000, characters: 8_000_000 };
/** Of one line, so much. */
const LONGEST_LINE = 16_000;

/** Takes lines in, those that came together in the order of their times, and lets the oldest go. */
export function append({ lines, dropped, characters }: LogLines, fresh: readonly LogLine[], most = MOST): LogLines {
  // Several streams begin with lines of the past each: as long as those overlap, they are put in order.
  const ordered = fresh.map(shortened).sort((a, b) => compare(a.time, b.time) || a.id - b.id);
  let from = lines.length;
  const first = ordered.find(({ time }) => time !== "")?.time;
  while (first !== undefined && from > 0 && lines.length - from < ordered.length && lines[from - 1]!.time !== "" && compare(lines[from - 1]!.time, first) > 0) from--;
  const tail = from === lines.length ? ordered : [...lines.slice(from), ...ordered].sort((a, b) => compare(a.time, b.time) || a.id - b.id);
  const all = [...lines.slice(0, from), ...tail];
  let kept = characters + ordered.reduce((sum, { text }) => sum + text.length, 0);
  let over = 0;
  while (all.length - over > most.lines || (kept > most.characters && over < all.length)) kept -= all[over++]!.text.length;
  return { lines: over > 0 ? all.slice(over) : all, dropped: dropped + over, characters: kept };
}

function shortened(line: LogLine): LogLine {
  return line.text.length <= LONGEST_LINE ? line : { ...line, text: `${line.text.slice(0, LONGEST_LINE)}…` };
}

/** RFC 3339 in UTC, with or without fractions; what has no time stays where it is. */
function compare(a: string, b: string): number {
  if (a === "" || b === "") return 0;
  const [x, y] = [a.replace(/Z$/, "").padEnd(29, a.includes(".") ? "0" : " "), b.replace(/Z$/, "").padEnd(29, b.includes(".") ? "0" : " ")];
  return x < y ? -1 : x > y ? 1 : 0;
}
