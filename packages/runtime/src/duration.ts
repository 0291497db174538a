import { AppError, Code } from "./errors.ts";

const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, "μs": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Go's duration text (`1h15m30.5s`, `-250ms`, `0`) in milliseconds; `undefined` where it is none.
 * A plain whole number counts as seconds only where `secondsAllowed`, as Argo's retry settings do.
 */
export function parseDuration(text: string, options: { secondsAllowed?: boolean } = {}): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "0") return 0;
  if (options.secondsAllowed === true && /^-?\d{1,15}$/.test(trimmed)) return Number(trimmed) * 1000;
  const match = /^([+-]?)((?:\d{0,15}(?:\.\d{0,15})?(?:ns|us|µs|μs|ms|s|m|h)){1,16})$/.exec(trimmed);
  if (match === null) return undefined;
  let total = 0;
  for (const [, amount, unit] of match[2]!.matchAll(/(\d*(?:\.\d*)?)(ns|us|µs|μs|ms|s|m|h)/g)) {
    if (amount === "" || amount === ".") return undefined;
    total += Number(amount) * UNIT_MS[unit!]!;
  }
  return match[1] === "-" ? -total : total;
}

/** As `parseDuration`, but a bad text is an InvalidArgument that names it and what it is for. */
export function durationOf(text: string, what: string, options: { secondsAllowed?: boolean } = {}): number {
  const ms = parseDuration(text, options);
  if (ms === undefined) throw new AppError(`${what}: ${JSON.stringify(text)} is not a duration such as 30s, 5m or 1h30m`, { reason: "InvalidDuration", code: Code.InvalidArgument, retry: "never" });
  return ms;
}

/** A duration as Go prints it: `3m0s`, `1h0m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0s";
  const sign = ms < 0 ? "-" : "";
  let rest = Math.abs(ms);
  if (rest < 1000) return `${sign}${trimZeros(rest)}ms`;
  const hours = Math.floor(rest / 3_600_000);
  rest -= hours * 3_600_000;
  const minutes = Math.floor(rest / 60_000);
  rest -= minutes * 60_000;
  const seconds = `${trimZeros(rest / 1000)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  if (minutes > 0) return `${sign}${minutes}m${seconds}`;
  return sign + seconds;
}

function trimZeros(value: number): string {
  return String(Math.round(value * 1e6) / 1e6);
}
