import { useEffect, useRef } from "react";
import type { Key } from "./keys.ts";

const PAIR_MS = 1000;

const listening = new Set<() => string[]>();

/** The keys that do something on what is shown now. */
export function activeKeys(): ReadonlySet<string> {
  return new Set([...listening].flatMap((keys) => keys()));
}

/**
 * Single keys and pairs (`g a`) that do something while nobody types into a field and no dialogue is open.
 * @param bindings key or pair, as `KeyboardEvent.key` names it -> what it does.
 */
export function useKeys(bindings: Partial<Record<Key, () => void>>): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  useEffect(() => {
    let before = { key: "", at: 0 };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return;
      const pair = event.timeStamp - before.at < PAIR_MS ? `${before.key} ${event.key}` : "";
      before = { key: event.key, at: event.timeStamp };
      const known: Partial<Record<string, () => void>> = latest.current;
      const action = known[pair] ?? known[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    const keys = (): string[] => Object.keys(latest.current);
    listening.add(keys);
    document.addEventListener("keydown", onKey);
    return () => {
      listening.delete(keys);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A key does nothing to a checkbox but the space bar.
  const field = target.matches("input:not([type=checkbox]), textarea, select");
  return target.isContentEditable || field || target.closest('[role="menu"],[role="listbox"]') !== null;
}
