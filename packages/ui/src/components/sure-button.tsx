import { Button } from "@mantine/core";
import { useState } from "react";
import type { Permission } from "../api/permissions.ts";
import { useText } from "../i18n/text.tsx";
import { ActionButton } from "./action-button.tsx";

interface Props {
  label: string;
  /** What it says the second time. */
  sure: string;
  needs: Permission | readonly Permission[];
  blocked?: string | undefined;
  onSure: () => Promise<unknown>;
  onError: (error: unknown) => void;
}

/** Asks once more in its own place before it does what cannot be undone. */
export function SureButton({ label, sure, needs, blocked, onSure, onError }: Props) {
  const t = useText();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    onError(undefined);
    await onSure().catch(onError);
    setBusy(false);
    setAsked(false);
  };
  if (!asked)
    return (
      <ActionButton variant="subtle" color="red" onClick={() => setAsked(true)} needs={needs} blocked={blocked}>
        {label}
      </ActionButton>
    );
  return (
    <>
      <Button color="red" loading={busy} onClick={() => void go()} autoFocus>
        {sure}
      </Button>
      <Button variant="default" onClick={() => setAsked(false)}>
        {t("action.cancel")}
      </Button>
    </>
  );
}
