import { useMemo } from "react";
import { useKept } from "../../../choice.ts";

/** Applications that the reader has marked in this browser, as `NAMESPACE/NAME`, and what marks one or takes its mark away. */
export function useFavourites(): { marked: ReadonlySet<string>; mark: (key: string) => void } {
  const [text, keep] = useKept("favourites");
  const marked = useMemo(() => new Set(favouritesIn(text)), [text]);
  return { marked, mark: (key) => keep(JSON.stringify(marked.has(key) ? [...marked].filter((one) => one !== key) : [...marked, key])) };
}

/** What is kept may have been written by anything. */
export function favouritesIn(text: string | null): string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter((key) => typeof key === "string") : [];
  } catch {
    return [];
  }
}
