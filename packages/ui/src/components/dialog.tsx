import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useText } from "../i18n/text.tsx";

/** An Escape that is pressed on what carries this closes nothing below it. */
export const DEAF_TO_ESCAPE = "data-mantine-stop-propagation";

/** What Escape does to each dialog that is open, the one in front last. */
const open: (() => void)[] = [];

// Every drawer listens to the whole window, and would close with what was typed there: this one listens first.
addEventListener(
  "keydown",
  (event) => {
    const close = open.at(-1);
    if (event.key !== "Escape" || event.isComposing || close === undefined || (event.target instanceof Element && event.target.getAttribute(DEAF_TO_ESCAPE) === "true")) return;
    event.stopImmediatePropagation();
    close();
  },
  { capture: true },
);

interface Props extends Omit<ModalProps, "opened" | "closeOnEscape" | "closeOnClickOutside" | "closeButtonProps"> {
  opened?: boolean;
  /** Something is written that a slip would lose: only its buttons close it. */
  held?: boolean;
}

/** A dialog in front of everything; Escape closes it alone. */
export function Dialog({ opened = true, held = false, onClose, ...props }: Props) {
  const t = useText();
  const latest = useRef(onClose);
  latest.current = held ? () => undefined : onClose;
  useEffect(() => {
    if (!opened) return undefined;
    const close = (): void => latest.current();
    open.push(close);
    return () => void open.splice(open.indexOf(close), 1);
  }, [opened]);
  return <Modal opened={opened} onClose={onClose} closeOnEscape={false} closeOnClickOutside={!held} closeButtonProps={{ "aria-label": t("action.close") }} {...props} />;
}
