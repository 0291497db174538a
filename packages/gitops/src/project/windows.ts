import type { Application, SyncWindow } from "@trireme/api/argo";
import { globMatches } from "../globs.ts";
import { goDurationMs } from "../durations.ts";
import { nextTime, parseSchedule } from "./cron.ts";

export interface WindowDecision {
  allowed: boolean;
  /** The schedule or duration that could not be read: then nothing may sync. */
  problem?: string;
}

const MINUTE_MS = 60_000;

/**
 * Whether sync windows let an application sync now. `startedAt` is set for an operation under way, which a
 * window's overrun may let finish. Times are milliseconds since the epoch.
 */
export function syncAllowed(windows: readonly SyncWindow[] | undefined, app: Application, cluster: { server: string; name: string }, options: { now: number; manual: boolean; startedAt?: number }): WindowDecision {
  const matching = (windows ?? []).filter((window) => windowMatches(window, app, cluster));
  if (matching.length === 0) return { allowed: true };
  try {
    if (decide(matching, options.now, options.manual)) return { allowed: true };
    if (options.startedAt !== undefined && overruns(matching, options.now, options.manual, options.startedAt)) return { allowed: true };
    return { allowed: false };
  } catch (error) {
    return { allowed: false, problem: (error as Error).message };
  }
}

function decide(windows: readonly SyncWindow[], now: number, manual: boolean): boolean {
  const { activeDeny, activeAllow, inactiveAllow } = states(windows, now);
  if (activeDeny.length > 0) return manual && activeDeny.every((window) => window.manualSync === true);
  if (activeAllow.length > 0) return true;
  if (inactiveAllow.length > 0) return manual && inactiveAllow.every((window) => window.manualSync === true);
  return true;
}

/** An operation that began while it was allowed may end, where every window that now stands in its way says so. */
function overruns(windows: readonly SyncWindow[], now: number, manual: boolean, startedAt: number): boolean {
  if (!decide(windows, startedAt, manual)) return false;
  const { activeDeny, inactiveAllow } = states(windows, now);
  const blocking = activeDeny.length > 0 ? activeDeny : inactiveAllow;
  return blocking.length > 0 && blocking.every((window) => window.syncOverrun === true);
}

function states(windows: readonly SyncWindow[], now: number): { activeDeny: SyncWindow[]; activeAllow: SyncWindow[]; inactiveAllow: SyncWindow[] } {
  const sorted = { activeDeny: [] as SyncWindow[], activeAllow: [] as SyncWindow[], inactiveAllow: [] as SyncWindow[] };
  for (const window of windows) {
    const active = isActive(window, now);
    if (window.kind === "deny") active && sorted.activeDeny.push(window);
    else (active ? sorted.activeAllow : sorted.inactiveAllow).push(window);
  }
  return sorted;
}

/** Active when it last began less than its duration ago, in its time zone's offset of this moment. */
export function isActive(window: SyncWindow, now: number): boolean {
  const schedule = parseSchedule(window.schedule ?? "");
  const durationMs = goDurationMs(window.duration ?? "", "sync window duration");
  const local = now + zoneOffsetMs(window.timeZone, now);
  const next = nextTime(schedule, local - durationMs);
  return next !== undefined && next < local;
}

function windowMatches(window: SyncWindow, app: Application, cluster: { server: string; name: string }): boolean {
  const tests: [readonly string[] | undefined, (pattern: string) => boolean][] = [
    [window.applications, (pattern) => globMatches(pattern, app.metadata.name ?? "")],
    [window.clusters, (pattern) => globMatches(pattern, cluster.server) || globMatches(pattern, cluster.name)],
    [window.namespaces, (pattern) => globMatches(pattern, app.spec.destination.namespace ?? "")],
  ];
  const configured = tests.filter(([list]) => list !== undefined && list !== null && list.length > 0);
  if (configured.length === 0) return false;
  const hit = ([list, test]: (typeof tests)[number]) => list!.some(test);
  return window.andOperator === true ? configured.every(hit) : configured.some(hit);
}

function zoneOffsetMs(zone: string | undefined, now: number): number {
  if (zone === undefined || zone === "" || zone === "UTC") return 0;
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }).formatToParts(now);
    const value = (type: string) => Number(parts.find((part) => part.type === type)!.value);
    const local = Date.UTC(value("year"), value("month") - 1, value("day"), value("hour"), value("minute"), value("second"));
    return Math.round((local - now) / MINUTE_MS) * MINUTE_MS;
  } catch {
    return 0;
  }
}
