import { createElement, useEffect, useState, type ComponentType, type ReactNode } from "react";
import { NotLoaded } from "./not-loaded.tsx";

export interface OnDemand<P> {
  (props: P): ReactNode;
  /** Loads its code before it is shown. */
  preload: () => void;
}

/**
 * A component whose code is loaded when it is wanted. Unlike React's lazy it is shown as soon as it is there: what was
 * suspended React holds back until 300 ms after it showed that something is missing. And where it cannot be loaded,
 * only its place says so: the rest of the page, with what was written there, stays.
 */
export function onDemand<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, meanwhile: ReactNode = null): OnDemand<P> {
  let loaded: ComponentType<P> | undefined;
  let loading: Promise<void> | undefined;
  const start = (): Promise<void> =>
    (loading ??= load().then(
      (module) => void (loaded = module.default),
      (error: unknown) => {
        // The next one to want it tries again.
        loading = undefined;
        throw error;
      },
    ));
  function Shown(props: P): ReactNode {
    const [state, setState] = useState<"loading" | "loaded" | "failed">("loading");
    const isThere = loaded !== undefined;
    useEffect(() => {
      // It may have come since this was drawn without it: then that is told at once.
      if (isThere || state !== "loading") return;
      let left = false;
      const settle = (how: "loaded" | "failed") => (): void => void (left || setState(how));
      start().then(settle("loaded"), settle("failed"));
      return () => {
        left = true;
      };
    }, [isThere, state]);
    if (loaded !== undefined) return createElement(loaded, props);
    return state === "failed" ? <NotLoaded floating={meanwhile === null} onAgain={() => setState("loading")} /> : meanwhile;
  }
  return Object.assign(Shown, { preload: () => void start().catch(() => undefined) });
}
