import { systemClock, type Clock } from "./clock.ts";

/**
 * Every interval and deadline of a process hangs on one wheel: one system timer for all,
 * set to the earliest due time. A key has at most one due time; setting it again moves it.
 */
export class TimerWheel implements Disposable {
  readonly #clock: Clock;
  readonly #due = new Map<string, { at: number; callback: () => void }>();
  #cancel: (() => void) | undefined;
  #armedFor = Infinity;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  set(key: string, at: number, callback: () => void): void {
    this.#due.set(key, { at, callback });
    if (at < this.#armedFor) this.#arm(at);
  }

  /** As `set`, but an earlier due time that stands already is kept. */
  setNoLater(key: string, at: number, callback: () => void): void {
    const standing = this.#due.get(key);
    if (standing === undefined || standing.at > at) this.set(key, at, callback);
  }

  delete(key: string): void {
    this.#due.delete(key);
  }

  dueAt(key: string): number | undefined {
    return this.#due.get(key)?.at;
  }

  get size(): number {
    return this.#due.size;
  }

  #arm(at: number): void {
    this.#cancel?.();
    this.#armedFor = at;
    this.#cancel = this.#clock.at(at, () => this.#fire());
  }

  #fire(): void {
    const now = this.#clock.now();
    this.#armedFor = Infinity;
    this.#cancel = undefined;
    let next = Infinity;
    const ready: { at: number; callback: () => void }[] = [];
    for (const [key, entry] of this.#due) {
      if (entry.at <= now) {
        this.#due.delete(key);
        ready.push(entry);
      } else if (entry.at < next) next = entry.at;
    }
    if (next < this.#armedFor) this.#arm(next);
    for (const { callback } of ready.sort((a, b) => a.at - b.at)) callback();
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    this.#due.clear();
    this.#armedFor = Infinity;
  }
}
