import { useEffect, useRef } from "react";

const PAIR_MS = 1000;

/**
 * Single keys and pairs (`g a`) that do something while nobody types into a field and no dialogue is open.
 * @param bindings key or pair, as `KeyboardEvent.key` names it -> what it does.
 */
export function useKeys(bindings: Record<string, () => void>): void {
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
      const action = latest.current[pair] ?? latest.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A key does nothing to a checkbox but the space bar.
  const field = target.matches("input:not([type=checkbox]), textarea, select");
  return target.isContentEditable || field || target.closest('[role="menu"],[role="listbox"]') !== null;
}
