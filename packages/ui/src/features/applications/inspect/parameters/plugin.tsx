import { TextInput } from "@mantine/core";
import { useText } from "../../../../i18n/text.tsx";
import { KeyValues } from "../settings/key-values.tsx";
import type { FieldsProps } from "./panel.tsx";
import { withBlock } from "./source.ts";

/** Which plugin renders the source, and the environment that it is given. */
export function PluginFields({ source, onChange }: FieldsProps) {
  const t = useText();
  const { plugin } = source;
  return (
    <fieldset>
      <legend>{t("parameters.plugin")}</legend>
      <TextInput label={t("column.name")} value={plugin?.name ?? ""} onChange={(event) => onChange(withBlock(source, "plugin", { name: event.currentTarget.value }))} />
      <KeyValues legend={t("parameters.environment")} values={(plugin?.env ?? []).map(({ name, value }): [string, string] => [name, value])} onChange={(rows) => onChange(withBlock(source, "plugin", { env: rows.map(([name, value]) => ({ name, value })) }))} />
    </fieldset>
  );
}
