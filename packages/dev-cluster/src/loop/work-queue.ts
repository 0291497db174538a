import { Backoff, isConflict, isKubeError, isNotFound } from "@trireme/kube";
import { TimerWheel } from "@trireme/runtime/timer-wheel";
import { asAppError } from "@trireme/runtime/errors";

export interface WorkQueueOptions {
  name: string;
  /** Looks at one key and makes it so. A number asks to come back after so many milliseconds. */
  visit: (key: string, signal: AbortSignal) => Promise<number | void>;
  /** Keys visited at the same time; one key never twice. Default 16. */
  workers?: number;
  onError?: (what: string, error: Error) => void;
}

export interface WorkQueue extends AsyncDisposable {
  /** Sees to it that the key is visited once more from now on. */
  add(key: string): void;
  addAfter(key: string, ms: number): void;
}

/** Keys, not events: any number of reasons to visit a key while it waits is one visit. Failures come back with growing pauses. */
export function workQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyedQueue(options);
}

class KeyedQueue implements WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #active = new Map<string, Promise<void>>();
  /** Keys that were added while they were visited. */
  readonly #again = new Set<string>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #timers = new TimerWheel();
  readonly #stop = new AbortController();

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#stop.signal.aborted) return;
    if (this.#active.has(key)) this.#again.add(key);
    else this.#waiting.add(key);
    this.#start();
  }

  addAfter(key: string, ms: number): void {
    if (ms <= 0) return this.add(key);
    if (!this.#stop.signal.aborted) this.#timers.setNoLater(key, Date.now() + ms, () => this.add(key));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#waiting.clear();
    this.#again.clear();
    this.#timers[Symbol.dispose]();
    await Promise.all(this.#active.values());
  }

  #start(): void {
    const workers = this.#options.workers ?? 16;
    for (const key of this.#waiting) {
      if (this.#active.size >= workers) return;
      this.#waiting.delete(key);
      this.#active.set(key, this.#visit(key));
    }
  }

  async #visit(key: string): Promise<void> {
    const { signal } = this.#stop;
    // Not within the listener that added it: first everybody hears of the event.
    await undefined;
    try {
      const again = await this.#options.visit(key, signal);
      this.#backoffs.delete(key);
      if (again !== undefined) this.addAfter(key, again);
    } catch (thrown) {
      if (!signal.aborted) this.#failed(key, thrown);
    } finally {
      this.#active.delete(key);
      if (this.#again.delete(key)) this.#waiting.add(key);
      if (!signal.aborted) this.#start();
    }
  }

  #failed(key: string, thrown: unknown): void {
    // Nothing new comes into a namespace that goes; its end is an event.
    if (isKubeError(thrown, "Forbidden") && thrown.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating")) return;
    const backoff = this.#backoffs.get(key) ?? new Backoff({ initialMs: 10, maxMs: 30_000 });
    this.#backoffs.set(key, backoff);
    this.addAfter(key, backoff.next());
    // Lost races are the normal life of several writers.
    if (!isConflict(thrown) && !isNotFound(thrown)) this.#options.onError?.(`${this.#options.name} ${key}`, asAppError(thrown));
  }
}
