import { Button } from "@mantine/core";
import { permission } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { ACTION, OPERATIONS, type Operation } from "./operation.ts";

interface Props {
  /** How many are chosen, and how many are shown. */
  chosen: number;
  shown: number;
  onDo: (operation: Operation) => void;
  onAll: () => void;
  onNone: () => void;
}

/** What can be done with the chosen applications. */
export function BulkBar({ chosen, shown, onDo, onAll, onNone }: Props) {
  const t = useText();
  return (
    <div className="bulk-bar" role="group" aria-label={t("bulk.bar")}>
      <strong role="status">{t("bulk.count", { count: chosen })}</strong>
      {OPERATIONS.map((operation) => (
        <ActionButton key={operation} variant={operation === "sync" ? "filled" : "default"} onClick={() => onDo(operation)} needs={permission("applications", ACTION[operation])}>
          {t(`app.${operation}`)}
        </ActionButton>
      ))}
      <Button variant="subtle" onClick={onAll} disabled={chosen >= shown}>
        {t("bulk.all", { count: shown })}
      </Button>
      <Button variant="subtle" onClick={onNone}>
        {t("bulk.none")}
      </Button>
    </div>
  );
}
