import type { RetryStrategy } from "@trireme/api/argo";
import { goDurationMs } from "./durations.ts";

const DEFAULTS = { durationMs: 5_000, factor: 2, maxMs: 180_000 };

/** Whether a failed operation is tried again; a negative limit means for ever. */
export function mayRetry(retry: RetryStrategy | undefined, retryCount: number): boolean {
  const limit = retry?.limit ?? 0;
  return limit < 0 || retryCount < limit;
}

/**
 * When the attempt after `retryCount` retries is due, in milliseconds. Throws TypeError naming the bad setting.
 */
export function nextRetryAt(retry: RetryStrategy | undefined, finishedAt: number, retryCount: number): number {
  const backoff = retry?.backoff;
  const duration = backoff?.duration ? goDurationMs(backoff.duration, "retry.backoff.duration") : DEFAULTS.durationMs;
  const max = backoff?.maxDuration ? goDurationMs(backoff.maxDuration, "retry.backoff.maxDuration") : DEFAULTS.maxMs;
  const factor = backoff?.factor ?? DEFAULTS.factor;
  const wait = duration * factor ** Math.max(0, retryCount);
  return finishedAt + (max > 0 ? Math.min(wait, max) : wait);
}

/** `3:04PM`, as the message of a retry shows its time (UTC). */
export function kitchenTime(ms: number): string {
  const date = new Date(ms);
  const hours = date.getUTCHours();
  return `${hours % 12 === 0 ? 12 : hours % 12}:${String(date.getUTCMinutes()).padStart(2, "0")}${hours < 12 ? "AM" : "PM"}`;
}

export interface SelfHealBackoff {
  initialMs: number;
  factor: number;
  capMs: number;
}

/** How long the heal number `attempts + 1` of one revision still has to wait; the first is immediate. */
export function selfHealDelay(backoff: SelfHealBackoff, attempts: number, finishedAt: number | undefined, now: number): number {
  if (attempts <= 0) return 0;
  const delay = Math.min(backoff.initialMs * backoff.factor ** (attempts - 1), backoff.capMs);
  return Math.max(0, delay - (finishedAt === undefined ? 0 : now - finishedAt));
}
