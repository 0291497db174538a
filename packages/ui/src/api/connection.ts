import { useSyncExternalStore } from "react";

let lostSince: number | undefined;
const listeners = new Set<() => void>();

/** Notes when the server was heard last; undefined: it is heard. Milliseconds since the epoch. */
export function connectionLost(since: number | undefined): void {
  lostSince = since;
  for (const listener of listeners) listener();
}

/** Since when what is shown may be old; undefined while it is live. Milliseconds since the epoch. */
export function useLostSince(): number | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lostSince,
  );
}
