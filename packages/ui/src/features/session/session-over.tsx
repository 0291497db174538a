import { useLayoutEffect, useRef } from "react";
import { DEAF_TO_ESCAPE } from "../../components/dialog.tsx";
import { useText } from "../../i18n/text.tsx";
import { WaysToSignIn } from "./sign-in.tsx";

/**
 * Stands before a page whose session is over. Nothing of the page is seen or reached, and all that was written on it stays;
 * the one who was here goes on where they were.
 */
export function SessionOver({ username }: { username: string }) {
  const t = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  // Above all other dialogs, which keep their places below it; closing it gives the focus back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    shown.querySelector<HTMLInputElement>("input[name=password]")?.focus();
    for (const element of [shown, ...shown.querySelectorAll("input, button")]) element.setAttribute(DEAF_TO_ESCAPE, "true");
    return () => shown.close();
  }, []);
  return (
    <dialog ref={dialog} role="dialog" className="sign-in session-over" aria-label={t("signIn.title")} aria-describedby="session-over" onCancel={(event) => event.preventDefault()}>
      <WaysToSignIn username={username} />
    </dialog>
  );
}
