import { useLayoutEffect } from "react";

/** Stands in a dialog, and gives the focus back to what had it before the dialog came; to the page where that is gone. */
export function FocusBack() {
  useLayoutEffect(() => {
    const before = document.activeElement;
    return () => {
      setTimeout(() => {
        // Whoever goes on somewhere else has it already.
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        const known = before instanceof HTMLElement && before !== document.body && before.isConnected;
        (known ? before : document.getElementById("content"))?.focus();
      }, 0);
    };
  }, []);
  return null;
}
