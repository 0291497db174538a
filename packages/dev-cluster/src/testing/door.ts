import type { Door } from "../server/api-server.ts";
import type { StatusError } from "../server/status-error.ts";

export interface CountedRequest {
  method: string;
  /** Path with query. */
  url: string;
  userAgent: string;
  code: number;
  milliseconds: number;
}

/** Decides about one request before it is handled: nothing, an error to answer, or "drop" to cut the connection. */
export type Fault = (request: { method: string; url: string; userAgent: string }) => StatusError | "drop" | number | void;

/** Counts every request, and lets tests pause, delay, fail or cut them. Nothing else uses it. */
export class TestingDoor implements Door {
  #kept: CountedRequest[] = [];
  #open: { method: string; url: string; userAgent: string }[] = [];
  #faults = new Set<Fault>();
  #resumed: Promise<void> | undefined;
  #resume: (() => void) | undefined;
  readonly #limit: number;

  /** Keeps so many finished requests for counting, the newest; 0 keeps none. */
  constructor(limit = 100_000) {
    this.#limit = limit;
  }

  /** Every request that finished since the last `reset`, in the order of finishing. */
  get finished(): readonly CountedRequest[] {
    return this.#kept;
  }

  reset(): void {
    this.#kept = [];
  }

  /** Lets nothing in until `resume`. */
  pause(): void {
    this.#resumed ??= new Promise((resolve) => (this.#resume = resolve));
  }

  resume(): void {
    this.#resume?.();
    this.#resumed = undefined;
    this.#resume = undefined;
  }

  /** Adds a fault; a number is a delay in milliseconds. Answers the way to take it away. */
  inject(fault: Fault): () => void {
    this.#faults.add(fault);
    return () => void this.#faults.delete(fault);
  }

  async enter(request: { method: string; url: string; userAgent: string }): Promise<"drop" | void> {
    if (this.#limit > 0) this.#open.push(request);
    if (this.#resumed) await this.#resumed;
    for (const fault of [...this.#faults]) {
      const verdict = fault(request);
      if (verdict === "drop") return "drop";
      if (typeof verdict === "number") await new Promise((resolve) => setTimeout(resolve, verdict));
      else if (verdict) throw verdict;
    }
  }

  left(request: { method: string; url: string; code: number; milliseconds: number }): void {
    if (this.#limit === 0) return;
    const at = this.#open.findIndex((one) => one.method === request.method && one.url === request.url);
    const [opened] = at < 0 ? [] : this.#open.splice(at, 1);
    this.#kept.push({ ...request, userAgent: opened?.userAgent ?? "" });
    if (this.#kept.length > this.#limit) this.#kept.splice(0, this.#kept.length - this.#limit);
  }
}
