import { Button } from "@mantine/core";
import { useText } from "../i18n/text.tsx";

/** Stands for a part of the page whose code could not be loaded. Where the server was renewed meanwhile, it has that code under another name. */
export function NotLoaded({ onAgain }: { onAgain: () => void }) {
  const t = useText();
  return (
    <div role="alert" className="notice failed not-loaded">
      {t("error.notLoaded")}
      <Button variant="default" onClick={onAgain}>
        {t("error.again")}
      </Button>
      <Button variant="default" onClick={() => location.reload()}>
        {t("error.reload")}
      </Button>
    </div>
  );
}
