import { useSyncExternalStore } from "react";

/** Streams that are lost, and since when the first of them is. */
const lost = new Set<symbol>();
let lostSince: number | undefined;
const listeners = new Set<() => void>();

/** Notes that a stream is open, lost, or (undefined) no longer wanted. */
export function connectionChanged(stream: symbol, open: boolean | undefined): void {
  if (open === false) lost.add(stream);
  else lost.delete(stream);
  const since = lost.size === 0 ? undefined : (lostSince ?? Date.now());
  if (since === lostSince) return;
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
