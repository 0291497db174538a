import type { Rollout } from "@trireme/api/argo";
import { replicasOf } from "./objects.ts";

export const progressDeadlineSeconds = (rollout: Rollout): number => rollout.spec.progressDeadlineSeconds ?? 600;
export const revisionHistoryLimit = (rollout: Rollout): number => rollout.spec.revisionHistoryLimit ?? 10;
export const successfulRunLimit = (rollout: Rollout): number => rollout.spec.analysis?.successfulRunHistoryLimit ?? 5;
export const unsuccessfulRunLimit = (rollout: Rollout): number => rollout.spec.analysis?.unsuccessfulRunHistoryLimit ?? 5;

/** Seconds that an old set stays up after the switch. */
export function scaleDownDelaySeconds(rollout: Rollout): number {
  const { blueGreen, canary } = rollout.spec.strategy ?? {};
  if (blueGreen !== undefined) return blueGreen.scaleDownDelaySeconds ?? 30;
  return canary?.trafficRouting === undefined ? 0 : (canary.scaleDownDelaySeconds ?? 30);
}

export function scaleDownRevisionLimit(rollout: Rollout): number {
  const { blueGreen, canary } = rollout.spec.strategy ?? {};
  return blueGreen?.scaleDownDelayRevisionLimit ?? canary?.scaleDownDelayRevisionLimit ?? Number.MAX_SAFE_INTEGER;
}

/** Seconds that the new set stays up after an abort; undefined: for good. */
export function abortScaleDownDelaySeconds(rollout: Rollout): number | undefined {
  const { blueGreen, canary } = rollout.spec.strategy ?? {};
  const seconds = (blueGreen ?? canary)?.abortScaleDownDelaySeconds ?? 30;
  return seconds === 0 ? undefined : seconds;
}

/** Pods above `spec.replicas`; 0 for blue-green. */
export function maxSurge(rollout: Rollout): number {
  return rollout.spec.strategy?.canary === undefined ? 0 : fenceposts(rollout).surge;
}

/** Pods below `spec.replicas`, never more than there are. */
export function maxUnavailable(rollout: Rollout): number {
  const replicas = replicasOf(rollout);
  const { blueGreen } = rollout.spec.strategy ?? {};
  const unavailable = blueGreen === undefined ? fenceposts(rollout).unavailable : share(blueGreen.maxUnavailable ?? "25%", replicas, Math.floor);
  return Math.min(unavailable, replicas);
}

/** Both 0 would be a rollout that cannot move: then one may be missing. */
function fenceposts(rollout: Rollout): { surge: number; unavailable: number } {
  const replicas = replicasOf(rollout);
  const { canary } = rollout.spec.strategy ?? {};
  const surge = share(canary?.maxSurge ?? "25%", replicas, Math.ceil);
  const unavailable = share(canary?.maxUnavailable ?? "25%", replicas, Math.floor);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

/** Any text is a percentage, with or without its sign. */
export function share(value: number | string, of: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  const percent = Number.parseInt(value.replace("%", ""), 10);
  return Number.isNaN(percent) ? 0 : round((percent * of) / 100);
}

const UNITS: Record<string, number> = { ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Seconds of a pause: a number, its text, or a Go duration, cut to whole seconds. -1 for what is none of these. */
export function pauseSeconds(duration: number | string): number {
  if (typeof duration === "number") return duration;
  if (/^[+-]?\d+$/.test(duration)) return Number(duration);
  const match = /^([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.exec(duration);
  if (match === null) return -1;
  let seconds = 0;
  for (const part of duration.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g)) seconds += Number(part[1]) * UNITS[part[2]!]!;
  return Math.trunc(match[1] === "-" ? -seconds : seconds);
}
