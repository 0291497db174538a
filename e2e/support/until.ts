import { setTimeout as pause } from "node:timers/promises";

/** What an expectation answers: it holds, it may still come, or it never will; with the reason that people read. */
export type Verdict = true | { notYet: string } | { never: string };

/**
 * Looks again until the verdict is yes. Ends early on never; at the deadline it fails with the last reason.
 * @returns the last value looked at.
 */
export async function until<T>(what: string, look: () => Promise<T>, judge: (value: T) => Verdict, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let reason = "was not looked at";
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 250)) {
    try {
      const value = await look();
      const verdict = judge(value);
      if (verdict === true) return value;
      if ("never" in verdict) throw new NeverError(`${what}: ${verdict.never}`);
      reason = verdict.notYet;
    } catch (error) {
      if (error instanceof NeverError) throw error;
      reason = (error as Error).message;
    }
    if (Date.now() > deadline) throw new Error(`${what}: after ${timeoutMs / 1000} s still ${reason}`);
    await pause(wait);
  }
}

/** Looks again until it is just what is wanted, as JSON. */
export function untilSame<T>(what: string, look: () => Promise<T>, wanted: T, timeoutMs?: number): Promise<T> {
  return until(what, look, (seen) => JSON.stringify(seen) === JSON.stringify(wanted) || { notYet: JSON.stringify(seen) }, timeoutMs);
}

class NeverError extends Error {}
