import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../api/apply-event.ts";
import { useKeys } from "../../../components/use-keys.ts";

export interface Cursor {
  /** The application that keys act on, as `NAMESPACE/NAME`. */
  at: string | undefined;
  /** Put on its link: moves the focus there, unless the reader is busy elsewhere. */
  onLink: (link: HTMLAnchorElement | null) => void;
}

interface Options {
  apps: readonly Application[];
  /** How many stand beside each other. */
  columns: number;
  list: RefObject<HTMLElement | null>;
  scrollTo: (index: number) => void;
  onChoose: (key: string) => void;
  onMark: (key: string) => void;
}

/** Arrows and `j`, `k` move the focus through the applications, `x` chooses one, `f` marks it. It stays with its application while others come and go. */
export function useCursor({ apps, columns, list, scrollTo, onChoose, onMark }: Options): Cursor {
  const [at, setAt] = useState<string>();
  const wanted = useRef(false);
  const index = at === undefined ? -1 : apps.findIndex((app) => keyOf(app) === at);
  const move = (by: number): void => {
    const next = Math.max(0, Math.min(apps.length - 1, index === -1 ? 0 : index + by));
    if (apps[next] === undefined) return;
    wanted.current = true;
    setAt(keyOf(apps[next]));
    scrollTo(next);
  };
  const here = (act: (key: string) => void) => (): void => {
    if (index !== -1) act(at!);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(columns),
    ArrowUp: () => move(-columns),
    ...(columns > 1 && { ArrowRight: () => move(1), ArrowLeft: () => move(-1) }),
    Home: () => move(-apps.length),
    End: () => move(apps.length),
    x: here(onChoose),
    f: here(onMark),
  });
  const onLink = useCallback((link: HTMLAnchorElement | null): void => {
    if (link === null || !wanted.current) return;
    wanted.current = false;
    const active = document.activeElement;
    // Whoever types by now is not interrupted.
    if (active?.matches("input, textarea") !== true || list.current?.contains(active)) link.focus({ preventScroll: true });
  }, [list]);
  // Whoever comes here by Tab or pointer goes on from there.
  useEffect(() => {
    const element = list.current;
    const onFocus = ({ target }: FocusEvent): void => {
      const key = (target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset["key"];
      if (key !== undefined) setAt(key);
    };
    element?.addEventListener("focusin", onFocus);
    return () => element?.removeEventListener("focusin", onFocus);
  }, [list]);
  return { at, onLink };
}
