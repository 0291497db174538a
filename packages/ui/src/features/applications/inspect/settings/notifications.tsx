import { Button, TextInput } from "@mantine/core";
import { useText } from "../../../../i18n/text.tsx";
import type { Subscription } from "./subscriptions.ts";

/** Who is told of what, as rows. */
export function Notifications({ subscriptions, onChange }: { subscriptions: readonly Subscription[]; onChange: (subscriptions: Subscription[]) => void }) {
  const t = useText();
  const set = (index: number, changes: Partial<Subscription>): void => onChange(subscriptions.map((one, at) => (at === index ? { ...one, ...changes } : one)));
  return (
    <>
      {subscriptions.map((one, index) => (
        <div key={index} className="key-value">
          {(["trigger", "service", "recipients"] as const).map((field) => (
            <TextInput key={field} size="xs" aria-label={t(`details.${field}`)} placeholder={t(`details.${field}`)} value={one[field]} onChange={(event) => set(index, { [field]: event.currentTarget.value })} />
          ))}
          <Button size="compact-xs" variant="subtle" aria-label={t("keyValues.removeRow", { number: index + 1, of: t("details.notifications") })} onClick={() => onChange(subscriptions.filter((_, at) => at !== index))}>
            {t("parameters.remove")}
          </Button>
        </div>
      ))}
      <Button size="compact-xs" variant="default" className="start" aria-label={t("keyValues.add", { of: t("details.notifications") })} onClick={() => onChange([...subscriptions, { trigger: "", service: "", recipients: "" }])}>
        {t("parameters.add")}
      </Button>
    </>
  );
}
