import { setTimeout as pause } from "node:timers/promises";
import { AppError, asAppError, Code } from "./errors.ts";

export interface Backoff {
  initialMs: number;
  factor: number;
  maxMs: number;
  /** Share of the delay that chance may add, 0 to 1. */
  jitter: number;
}

export const defaultBackoff: Backoff = { initialMs: 100, factor: 2, maxMs: 30_000, jitter: 0.2 };

/** Delay before attempt number `attempt` (the first retry is 1). */
export function backoffDelay(attempt: number, backoff: Backoff = defaultBackoff, random: () => number = Math.random): number {
  const base = Math.min(backoff.initialMs * backoff.factor ** Math.max(0, attempt - 1), backoff.maxMs);
  return base * (1 + backoff.jitter * random());
}

/** Tries until it works, the error says `never`, the attempts are used up, or the signal aborts. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: { attempts: number; backoff?: Backoff; signal?: AbortSignal; onError?: (error: AppError, attempt: number) => void }): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (thrown) {
      const error = asAppError(thrown);
      options.onError?.(error, attempt);
      if (error.retry === "never" || attempt >= options.attempts || options.signal?.aborted === true) throw thrown;
      await pause(backoffDelay(attempt, options.backoff), undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }
}

/**
 * Runs work under a deadline. The work's signal aborts when the deadline passes or the outer signal does;
 * passing it fails with DeadlineExceeded and the name of what was waited for, even if the work never settles.
 */
export async function withDeadline<T>(what: string, ms: number, work: (signal: AbortSignal) => Promise<T>, outer?: AbortSignal): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const onOuter = () => controller.abort(outer!.reason);
  outer?.addEventListener("abort", onOuter, { once: true });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work(controller.signal),
      new Promise<never>((_, reject) => {
        const fail = (error: unknown) => {
          reject(error);
          controller.abort(error);
        };
        timer = setTimeout(() => fail(new AppError(`${what} took longer than ${ms / 1000} s`, { reason: "DeadlineExceeded", code: Code.DeadlineExceeded, retry: "later" })), ms);
        controller.signal.addEventListener("abort", () => reject(controller.signal.reason as Error), { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", onOuter);
  }
}
