/** JSON of `trireme.v1.StreamEvent`. */
export interface StreamEvent {
  topic: string;
  type: "OPEN" | "ADDED" | "MODIFIED" | "DELETED" | "TREE" | "STALE";
  object?: unknown;
  message?: string;
  resourceVersion?: string;
}

/** Events on their way to one client. */
export interface Outbox {
  /** `key` names what the event is about: a newer one takes the place of one that was not sent yet. */
  put(key: string, event: () => StreamEvent | Promise<StreamEvent>): void;
  /** In the order in which their keys came, until the signal aborts. */
  events(): AsyncIterable<StreamEvent>;
}

/** A client that reads slowly gets what is true by then, not everything that was: nothing piles up. */
export function createOutbox(signal: AbortSignal): Outbox {
  const pending = new Map<string, () => StreamEvent | Promise<StreamEvent>>();
  let wake: () => void = () => undefined;
  return {
    put(key, event) {
      pending.set(key, event);
      wake();
    },
    async *events() {
      const onAbort = (): void => wake();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const [next] = pending;
          if (next === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted || pending.size > 0) resolve();
            });
            continue;
          }
          pending.delete(next[0]);
          yield await next[1]();
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}
