import { useEffect } from "react";

/** What the browser's tab and screen readers call this view. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title === "" ? "Trireme" : `${title} · Trireme`;
  }, [title]);
}
