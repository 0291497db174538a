import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

/** One choice of the reader, kept in this browser and shared by its tabs; the first option until something is chosen. */
export function useChoice<const T extends string>(name: string, options: readonly [T, ...T[]]): [T, (value: T) => void] {
  const key = `trireme.${name}`;
  const value = useSyncExternalStore(subscribe, () => options.find((option) => option === stored(key)) ?? options[0]);
  const choose = (chosen: T): void => {
    try {
      localStorage.setItem(key, chosen);
    } catch {
      // A browser that keeps nothing: the choice lasts as long as it can.
    }
    for (const listener of listeners) listener();
  };
  return [value, choose];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
