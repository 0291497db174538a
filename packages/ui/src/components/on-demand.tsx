import { createElement, useEffect, useState, type ComponentType, type ReactNode } from "react";

export interface OnDemand<P> {
  (props: P): ReactNode;
  /** Loads its code before it is shown. */
  preload: () => void;
}

/**
 * A component whose code is loaded when it is wanted. Unlike React's lazy it is shown as soon as it is there: what was
 * suspended React holds back until 300 ms after it showed that something is missing.
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
    const [state, setState] = useState<{ failed?: unknown }>({});
    useEffect(() => {
      if (loaded === undefined) start().then(() => setState({}), (failed: unknown) => setState({ failed }));
    }, []);
    if ("failed" in state) throw state.failed;
    return loaded === undefined ? meanwhile : createElement(loaded, props);
  }
  return Object.assign(Shown, { preload: () => void start().catch(() => undefined) });
}
