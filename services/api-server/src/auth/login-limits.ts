import type { Clock } from "@trireme/runtime";

interface Failures {
  count: number;
  last: number;
}

export interface LoginLimits {
  /** True while a name has failed too often to be tried. */
  exceeded(username: string): boolean;
  failed(username: string): void;
  succeeded(username: string): void;
  /** Runs the work when not too many sign-ins run; otherwise `undefined`. */
  within<T>(work: () => Promise<T>): Promise<T | undefined>;
}

/**
 * Brute force has to wait: after so many failures within the window, a name is not tried any more.
 * The table is bounded; a flood of made-up names never pushes out `admin` or the name at hand.
 */
export function createLoginLimits(options: { maxFailures: number; windowMs: number; maxEntries: number; maxConcurrent: number; clock: Clock }): LoginLimits {
  const { clock } = options;
  const failures = new Map<string, Failures>();
  let running = 0;

  const inWindow = (entry: Failures) => options.windowMs === 0 || clock.now() - entry.last <= options.windowMs;
  const makeRoom = (username: string) => {
    for (const [name, entry] of failures) if (!inWindow(entry)) failures.delete(name);
    if (failures.size < options.maxEntries || failures.has(username)) return;
    for (const name of failures.keys()) {
      if (name === "admin" || name === username) continue;
      failures.delete(name);
      return;
    }
  };

  return {
    exceeded(username) {
      const entry = failures.get(username);
      return entry !== undefined && entry.count >= options.maxFailures && inWindow(entry);
    },
    failed(username) {
      makeRoom(username);
      const count = (failures.get(username)?.count ?? 0) + 1;
      failures.set(username, { count, last: clock.now() });
    },
    succeeded(username) {
      failures.delete(username);
    },
    async within(work) {
      if (running >= options.maxConcurrent) return undefined;
      running++;
      try {
        return await work();
      } finally {
        running--;
      }
    },
  };
}
