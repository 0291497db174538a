const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, "μs": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const NUMBER_AND_UNIT = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const WHOLE = /^[+-]?(?:(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:ns|us|µs|μs|ms|s|m|h)){1,16}$/;

/** Go's duration text (`1h30m`, `-250ms`, `0`) in milliseconds; `undefined` where it is none. */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(NUMBER_AND_UNIT)) total += Number(amount) * UNIT_MS[unit!]!;
  return text.startsWith("-") ? -total : total;
}

/** What Go's parser says of a text that is no duration. */
export function durationProblem(text: string): string {
  if (text === "") return 'time: invalid duration ""';
  if (/^[+-]?\d+(?:\.\d*)?$/.test(text)) return `time: missing unit in duration ${JSON.stringify(text)}`;
  const unit = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))*(?:\d+(?:\.\d*)?|\.\d+)([^\d.]+)/.exec(text);
  if (unit !== null && UNIT_MS[unit[1]!] === undefined) return `time: unknown unit ${JSON.stringify(unit[1])} in duration ${JSON.stringify(text)}`;
  return `time: invalid duration ${JSON.stringify(text)}`;
}

/** A duration as Go prints it: `3m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  const sign = ms < 0 ? "-" : "";
  const size = Math.abs(ms);
  if (size < 1000) return `${sign}${size < 1 ? (size < 1e-3 ? `${rounded(size * 1e6)}ns` : `${rounded(size * 1e3)}µs`) : `${rounded(size)}ms`}`;
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor((size % 3_600_000) / 60_000);
  const seconds = `${rounded((size % 60_000) / 1000)}s`;
  return sign + (hours > 0 ? `${hours}h${minutes}m${seconds}` : minutes > 0 ? `${minutes}m${seconds}` : seconds);
}

function rounded(value: number): string {
  return String(Math.round(value * 1e9) / 1e9);
}
