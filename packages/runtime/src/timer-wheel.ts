import { systemClock, type Clock } from "./clock.ts";

interface Entry {
  readonly key: string;
  readonly at: number;
  readonly callback: () => void;
}

/** Entries that were moved or deleted stay in the heap until they come up, or until they are most of it. */
const FEW_STALE = 64;

/**
 * Every interval and deadline of a process hangs on one wheel: one system timer for all,
 * set to the earliest due time. A key has at most one due time; setting it again moves it.
 * What is due costs the same however much else is waiting: times stand in a binary heap.
 */
export class TimerWheel implements Disposable {
  readonly #clock: Clock;
  readonly #due = new Map<string, Entry>();
  #heap: Entry[] = [];
  #cancel: (() => void) | undefined;
  #armedFor = Infinity;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  set(key: string, at: number, callback: () => void): void {
    const entry = { key, at, callback };
    this.#due.set(key, entry);
    push(this.#heap, entry);
    if (this.#heap.length > 2 * this.#due.size + FEW_STALE) this.#forgetStale();
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
    const ready: Entry[] = [];
    let first = this.#first();
    for (; first !== undefined && first.at <= now; first = this.#first()) {
      pop(this.#heap);
      this.#due.delete(first.key);
      ready.push(first);
    }
    if (first !== undefined) this.#arm(first.at);
    for (const { callback } of ready) callback();
  }

  /** The earliest that still stands. */
  #first(): Entry | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || this.#stands(first)) return first;
      pop(this.#heap);
    }
  }

  #stands(entry: Entry): boolean {
    return this.#due.get(entry.key) === entry;
  }

  #forgetStale(): void {
    // In order of time, a list is a heap.
    this.#heap = this.#heap.filter((entry) => this.#stands(entry)).sort((a, b) => a.at - b.at);
  }

  [Symbol.dispose](): void {
    this.#cancel?.();
    this.#due.clear();
    this.#heap = [];
    this.#armedFor = Infinity;
  }
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (heap[above]!.at <= entry.at) break;
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && heap[below + 1]!.at < heap[below]!.at) below++;
    if (heap[below]!.at >= last.at) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = last;
}
