/** What became of one of many; undefined while it waits for its turn. */
export type Outcome = "busy" | "done" | { failed: string };

export interface Run {
  /** Of how many. */
  count: number;
  outcomes: ReadonlyMap<string, Outcome>;
  /** Called back, at most a few times a second, when outcomes have changed. Returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Goes up with every call back. */
  version(): number;
  /** Resolves when nothing is under way any more. */
  ended: Promise<void>;
}

/** A browser opens six connections to a server; one holds the stream, and the page has other questions. */
const WIDTH = 4;
const TELL_MS = 100;

/** Does something for each key, a few at a time and in their order; after an abort those that wait are left alone. */
export function startRun(keys: readonly string[], work: (key: string) => Promise<void>, signal: AbortSignal): Run {
  const outcomes = new Map<string, Outcome>();
  const listeners = new Set<() => void>();
  let version = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    version++;
    for (const listener of listeners) listener();
  };
  const set = (key: string, outcome: Outcome): void => {
    outcomes.set(key, outcome);
    timer ??= setTimeout(tell, TELL_MS);
  };
  const waiting = keys.values();
  const worker = async (): Promise<void> => {
    for (const key of waiting) {
      if (signal.aborted) return;
      set(key, "busy");
      try {
        await work(key);
        set(key, "done");
      } catch (thrown) {
        if (signal.aborted) outcomes.delete(key);
        else set(key, { failed: (thrown as Error).message });
      }
    }
  };
  const ended = Promise.all(Array.from({ length: WIDTH }, worker)).then(tell);
  return {
    count: keys.length,
    outcomes,
    version: () => version,
    ended,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
