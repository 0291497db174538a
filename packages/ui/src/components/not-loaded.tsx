import { Button } from "@mantine/core";
import { useState } from "react";
import { useText } from "../i18n/text.tsx";
import { Dialog } from "./dialog.tsx";

interface Props {
  /** It had no place on the page yet, as a dialog: it is said in one. */
  floating: boolean;
  onAgain: () => void;
}

/** Stands for a part of the page whose code could not be loaded. Where the server was renewed meanwhile, it has that code under another name. */
export function NotLoaded({ floating, onAgain }: Props) {
  const t = useText();
  const [closed, setClosed] = useState(false);
  const words = (
    <div role="alert" className="notice failed not-loaded">
      {t("error.notLoaded")}
      <div className="toolbar">
        <Button variant="default" onClick={onAgain} data-autofocus>
          {t("error.again")}
        </Button>
        <Button variant="default" onClick={() => location.reload()}>
          {t("error.reload")}
        </Button>
      </div>
    </div>
  );
  if (!floating) return words;
  return (
    <Dialog opened={!closed} onClose={() => setClosed(true)} title={t("error.notLoaded.title")}>
      {words}
    </Dialog>
  );
}
