/** Kept of one container run; older lines give way, as under a kubelet's log rotation. */
const MAX_BYTES = 1 << 20;

export interface LogEntry {
  at: number;
  text: string;
}

/** The log of one run of a container, with everybody who follows it. */
export class LogBuffer {
  #entries: LogEntry[] = [];
  #bytes = 0;
  #dropped = 0;
  #ended = false;
  #changed = Promise.withResolvers<void>();

  print(text: string, at = Date.now()): void {
    this.#entries.push({ at, text });
    this.#bytes += text.length + 1;
    while (this.#bytes > MAX_BYTES && this.#entries.length > 1) {
      this.#bytes -= this.#entries.shift()!.text.length + 1;
      this.#dropped++;
    }
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** Entries from `from` (counted from the first that was ever printed) on; with `follow` until the run ends. */
  async *read(options: { skip?: number; follow?: boolean; signal?: AbortSignal } = {}): AsyncGenerator<LogEntry> {
    let next = this.#dropped + (options.skip ?? 0);
    const cancel = () => this.#wake();
    options.signal?.addEventListener("abort", cancel, { once: true });
    try {
      for (;;) {
        const changed = this.#changed.promise;
        next = Math.max(next, this.#dropped);
        while (next - this.#dropped < this.#entries.length) yield this.#entries[next++ - this.#dropped]!;
        if (!options.follow || this.#ended || options.signal?.aborted) return;
        await changed;
      }
    } finally {
      options.signal?.removeEventListener("abort", cancel);
    }
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
