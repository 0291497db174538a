const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, "µs": 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Go's duration text, or a whole number of seconds, in milliseconds. Throws TypeError that names the setting. */
export function goDurationMs(text: string, setting: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text) * 1000;
  const match = /^([+-]?)((?:\d{1,15}(?:\.\d{1,15})?(?:ns|us|µs|ms|s|m|h)){1,16})$/.exec(text);
  if (match === null) throw new TypeError(`${setting}: ${JSON.stringify(text)} is not a duration such as 30s, 5m or 1h30m`);
  let total = 0;
  for (const [, amount, unit] of match[2]!.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) total += Number(amount) * UNIT_MS[unit!]!;
  return match[1] === "-" ? -total : total;
}
