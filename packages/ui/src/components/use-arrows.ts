import { useLayoutEffect, useRef, type FocusEvent, type KeyboardEvent, type RefObject } from "react";
import { nearest, type Direction } from "./nearest.ts";

const DIRECTIONS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** Arrow keys go from one of the buttons in a container to the next as they stand there; the Tab key stops at one of them. */
export function useArrows<T extends HTMLElement>(selector: string): { ref: RefObject<T | null>; onKeyDown: (event: KeyboardEvent) => void; onFocus: (event: FocusEvent) => void } {
  const ref = useRef<T>(null);
  const all = (): HTMLElement[] => [...(ref.current?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const enterBy = (entry: HTMLElement | undefined): void => all().forEach((one) => (one.tabIndex = one === entry ? 0 : -1));
  // What is shown may be others than before.
  useLayoutEffect(() => {
    const shown = all();
    const entries = shown.filter(({ tabIndex }) => tabIndex === 0);
    if (entries.length !== 1) enterBy(shown.find((one) => one === document.activeElement) ?? shown[0]);
  });
  return {
    ref,
    onKeyDown(event) {
      const direction = DIRECTIONS[event.key];
      const from = (event.target as HTMLElement).closest<HTMLElement>(selector);
      if (direction === undefined || from === null || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const boxes = all().flatMap((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return element === from ? [] : [{ element, left, top, right, bottom }];
      });
      nearest(from.getBoundingClientRect(), boxes, direction)?.element.focus();
    },
    onFocus(event) {
      const at = (event.target as HTMLElement).closest<HTMLElement>(selector);
      if (at !== null) enterBy(at);
    },
  };
}
