import { parseDuration } from "@trireme/api";

/** Go's duration text, or a whole number of seconds, in milliseconds. Throws TypeError that names the setting. */
export function goDurationMs(text: string, setting: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text) * 1000;
  const ms = parseDuration(text);
  if (ms === undefined) throw new TypeError(`${setting}: ${JSON.stringify(text)} is not a duration such as 30s, 5m or 1h30m`);
  return ms;
}
