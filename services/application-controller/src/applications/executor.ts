import { asAppError, backoffDelay, type Logger } from "@trireme/runtime";
import { mergeWakes, NO_PINS, type Next, type Wake } from "./wakes.ts";

export interface Executor {
  /** Asks for a visit; never two at a time for one key. Many wake-ups before a visit are one. */
  wake(key: string, wake: Wake): void;
  /** Resolves when everything that was asked for a key so far has been looked at. */
  settled(key: string): Promise<void>;
  forget(key: string): void;
  readonly busy: number;
  /** Starts no more visits and waits for those that run. */
  stop(): Promise<void>;
}

export interface ExecutorOptions {
  /** One visit; what it answers comes back by itself. */
  visit(key: string, wake: Wake, signal: AbortSignal): Promise<Next>;
  /** Where a visit works: each place has its own limit, so that one that hangs holds up none but itself. */
  placeOf(key: string): string;
  perPlace: number;
  at(key: string, inMs: number, callback: () => void): void;
  log: Logger;
}

interface Entry {
  pending: Wake | undefined;
  running: boolean;
  queued: boolean;
  failures: number;
  waiters: (() => void)[];
}

/** One serial executor for each key, with the keys of a place sharing its width. */
export function createExecutor(options: ExecutorOptions): Executor {
  const entries = new Map<string, Entry>();
  const places = new Map<string, { running: number; queue: string[] }>();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const placeFor = (name: string) => {
    let place = places.get(name);
    if (place === undefined) places.set(name, (place = { running: 0, queue: [] }));
    return place;
  };
  const enqueue = (key: string, entry: Entry) => {
    if (entry.queued || entry.running || stopping.signal.aborted) return;
    entry.queued = true;
    const name = options.placeOf(key);
    placeFor(name).queue.push(key);
    // Not at once: wake-ups that belong together arrive in the same turn.
    setImmediate(() => drain(name));
  };
  const drain = (name: string) => {
    const place = placeFor(name);
    while (place.running < options.perPlace && place.queue.length > 0 && !stopping.signal.aborted) {
      const key = place.queue.shift()!;
      const entry = entries.get(key);
      if (entry === undefined) continue;
      entry.queued = false;
      if (entry.pending === undefined) continue;
      place.running++;
      const work = run(key, entry).finally(() => {
        place.running--;
        running.delete(work);
        drain(name);
      });
      running.add(work);
    }
  };
  const run = async (key: string, entry: Entry) => {
    const wake = entry.pending!;
    const waiters = entry.waiters;
    entry.pending = undefined;
    entry.waiters = [];
    entry.running = true;
    try {
      const next = await options.visit(key, wake, stopping.signal);
      entry.failures = 0;
      if (next !== undefined) later(key, next.inMs, { level: next.level, hard: next.hard ?? false, pinned: next.pinned ?? NO_PINS });
    } catch (thrown) {
      if (!stopping.signal.aborted) {
        entry.failures++;
        const error = asAppError(thrown);
        options.log.error({ key, reason: error.reason, error: error.message, stack: (thrown as Error).stack }, "visit failed");
        later(key, backoffDelay(entry.failures), wake);
      }
    } finally {
      entry.running = false;
      for (const done of waiters) done();
      if (entry.pending !== undefined) enqueue(key, entry);
    }
  };
  const later = (key: string, inMs: number, wake: Wake) => {
    if (inMs <= 0) executor.wake(key, wake);
    else options.at(key, inMs, () => entries.has(key) && executor.wake(key, wake));
  };
  const executor: Executor = {
    wake(key, wake) {
      let entry = entries.get(key);
      if (entry === undefined) entries.set(key, (entry = { pending: undefined, running: false, queued: false, failures: 0, waiters: [] }));
      entry.pending = mergeWakes(entry.pending, wake);
      enqueue(key, entry);
    },
    settled(key) {
      const entry = entries.get(key);
      if (entry === undefined || (entry.pending === undefined && !entry.running)) return Promise.resolve();
      if (entry.pending === undefined) entry.pending = { level: 0, hard: false, pinned: NO_PINS };
      return new Promise((resolve) => entry.waiters.push(resolve));
    },
    forget(key) {
      const entry = entries.get(key);
      for (const done of entry?.waiters ?? []) done();
      entries.delete(key);
    },
    get busy() {
      return running.size;
    },
    async stop() {
      stopping.abort(new Error("stopping"));
      await Promise.allSettled(running);
    },
  };
  return executor;
}
