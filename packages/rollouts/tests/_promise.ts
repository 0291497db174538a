/** What can be seen of the pods at one moment. */
export interface Sight {
  replicas: number;
  maxUnavailable: number;
  /** Pods that serve now. */
  serving: number;
  /** Those of them that nobody has told to go. */
  staying: number;
}

/**
 * How many pods have to serve, seen from moment to moment: as many as the strategy promises of the size that was
 * reached last. A size counts as reached once that many pods serve that are to stay: pods that were told to go for the
 * size before may still serve when a person asks for more, and their going breaks nothing.
 */
export class ServingPromise {
  #replicas = 0;
  #promised = 0;
  #reached = 0;

  /** Goes on with what was promised of another set, which serves from now on. */
  take(other: ServingPromise): void {
    this.#replicas = other.#replicas;
    this.#promised = other.#promised;
    this.#reached = other.#reached;
  }

  /** Throws where fewer serve than were promised. */
  see({ replicas, maxUnavailable, serving, staying }: Sight): void {
    // What was decided for the size before is still under way: until all serve once, only what was promised then holds.
    if (replicas !== this.#replicas) this.#reached = Math.min(this.#promised, replicas);
    this.#replicas = replicas;
    this.#promised = Math.min(this.#reached, replicas - maxUnavailable);
    if (serving < this.#promised) throw new Error(`${serving} pods serve, ${this.#promised} were promised`);
    if (staying < replicas) return;
    this.#reached = replicas;
    this.#promised = replicas - maxUnavailable;
  }
}
