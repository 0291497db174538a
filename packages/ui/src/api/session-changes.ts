export type SessionChange = "signed in" | "signed out";

const listeners = new Set<(change: SessionChange) => void>();

/** Calls back when the server does not know the session any more, and when another tab has signed in. Returns the way to stop. */
export function onSessionChange(listener: (change: SessionChange) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function sessionChanged(change: SessionChange): void {
  for (const listener of listeners) listener(change);
}
