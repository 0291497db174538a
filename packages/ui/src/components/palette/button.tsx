import { Kbd, UnstyledButton } from "@mantine/core";
import { useEffect, useState } from "react";
import { useText } from "../../i18n/text.tsx";
import { onDemand } from "../on-demand.tsx";

const Palette = onDemand(() => import("./palette.tsx"));

const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);
/** How the keyboard of this machine names what opens the palette. */
export const PALETTE_KEYS = isMac ? "⌘ K" : "Ctrl K";

/** Opens the palette, by pointer and, from wherever one is, by Ctrl or Cmd and K. */
export function PaletteButton() {
  const t = useText();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || event.altKey || event.shiftKey || !(isMac ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      setOpen((before) => !before);
    };
    // Before an editor takes the key for itself.
    document.addEventListener("keydown", onKey, { capture: true });
    return () => document.removeEventListener("keydown", onKey, { capture: true });
  }, []);
  return (
    <>
      <UnstyledButton className="palette-button" aria-keyshortcuts={isMac ? "Meta+K" : "Control+K"} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M11 11l3.500 3.500M12.200 7.100a5.100 5.100 0 1 1-10.200 0a5.100 5.100 0 0 1 10.200 0z" />
        </svg>
        <span>{t("palette.open")}</span>
        <Kbd size="xs">{PALETTE_KEYS}</Kbd>
      </UnstyledButton>
      {open && <Palette onClose={() => setOpen(false)} />}
    </>
  );
}
