import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

/** One choice of the reader, kept in this browser and shared by its tabs; the first option until something is chosen. */
export function useChoice<const T extends string>(name: string, options: readonly [T, ...T[]]): [T, (value: T) => void] {
  const [text, keep] = useKept(name);
  return [options.find((option) => option === text) ?? options[0], keep];
}

/** One text kept in this browser and shared by its tabs; null until there is one. */
export function useKept(name: string): [string | null, (text: string) => void] {
  const key = `trireme.${name}`;
  const text = useSyncExternalStore(subscribe, () => stored(key));
  const keep = (chosen: string): void => {
    try {
      localStorage.setItem(key, chosen);
    } catch {
      // A browser that keeps nothing: the choice lasts as long as it can.
    }
    for (const listener of listeners) listener();
  };
  return [text, keep];
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
