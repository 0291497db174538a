import { Checkbox, Select } from "@mantine/core";
import { useServerSettings } from "../../../api/server-settings.ts";
import { useText } from "../../../i18n/text.tsx";
import { PROPAGATION, propagationOf, SYNC_OPTIONS, withOption, withPropagation } from "./request.ts";

/** How objects are applied and pruned: of an application's policy, or of one sync. */
export function OptionFields({ options, onChange }: { options: readonly string[]; onChange: (options: string[]) => void }) {
  const t = useText();
  const replaceRefused = useServerSettings().data?.syncWithReplaceAllowed === false;
  return (
    <fieldset>
      <legend>{t("sync.options")}</legend>
      {SYNC_OPTIONS.map((option) => {
        const refused = option === "Replace=true" && replaceRefused;
        return <Checkbox key={option} label={t(`sync.option.${option}`)} description={refused ? t("sync.replaceRefused") : undefined} disabled={refused} checked={options.includes(option)} onChange={(event) => onChange(withOption(options, option, event.currentTarget.checked))} />;
      })}
      <Select label={t("sync.propagation")} data={PROPAGATION.map((value) => ({ value, label: t(`sync.propagation.${value}`) }))} value={propagationOf(options)} allowDeselect={false} onChange={(value) => value !== null && onChange(withPropagation(options, value))} comboboxProps={{ transitionProps: { duration: 0 } }} />
    </fieldset>
  );
}
