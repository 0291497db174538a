export interface BackoffOptions {
  /** First pause in milliseconds. */
  initialMs?: number;
  maxMs?: number;
  /** Between 0 and 1; for tests. */
  random?: () => number;
}

/** Pauses that double up to a maximum, each between half of itself and the whole, so that many clients do not return together. */
export class Backoff {
  readonly #options: Required<BackoffOptions>;
  #failures = 0;

  constructor(options: BackoffOptions = {}) {
    this.#options = { initialMs: 200, maxMs: 30_000, random: Math.random, ...options };
  }

  next(): number {
    const { initialMs, maxMs, random } = this.#options;
    const whole = Math.min(maxMs, initialMs * 2 ** Math.min(this.#failures++, 20));
    return whole / 2 + (whole / 2) * random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
