import { useCallback, useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../api/apply-event.ts";

export interface Choices {
  /** Keys of the chosen applications, as `NAMESPACE/NAME`. */
  chosen: ReadonlySet<string>;
  toggle: (key: string) => void;
  choose: (keys: Iterable<string>) => void;
}

/** Applications that something is to be done with together. Those that are gone are chosen no more. */
export function useChoices(items: ReadonlyMap<string, Application> | undefined): Choices & { apps: Application[] } {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const apps = useMemo(() => [...keys].flatMap((key) => items?.get(key) ?? []), [keys, items]);
  const chosen = useMemo(() => (apps.length === keys.size ? keys : new Set(apps.map(keyOf))), [apps, keys]);
  const toggle = useCallback((key: string): void => setKeys((before) => (before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]))), []);
  const choose = useCallback((next: Iterable<string>): void => setKeys(new Set(next)), []);
  return { apps, chosen, toggle, choose };
}
