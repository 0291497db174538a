import { Checkbox, TextInput } from "@mantine/core";
import { useText } from "../../../../i18n/text.tsx";
import type { FieldsProps } from "./panel.tsx";
import { withBlock } from "./source.ts";

/** Patterns are the same in every language. */
const EXAMPLES = { include: "*.yaml", exclude: "{test/*,*.tmpl}" };

/** Which files of a plain directory are read. */
export function DirectoryFields({ source, onChange }: FieldsProps) {
  const t = useText();
  const { directory } = source;
  const text = (field: "include" | "exclude") => ({ value: directory?.[field] ?? "", onChange: (event: { currentTarget: { value: string } }) => onChange(withBlock(source, "directory", { [field]: event.currentTarget.value })) });
  return (
    <fieldset>
      <legend>{t("parameters.directory")}</legend>
      <Checkbox label={t("parameters.recurse")} checked={directory?.recurse === true} onChange={(event) => onChange(withBlock(source, "directory", { recurse: event.currentTarget.checked }))} />
      <TextInput label={t("parameters.include")} placeholder={EXAMPLES.include} {...text("include")} />
      <TextInput label={t("parameters.exclude")} placeholder={EXAMPLES.exclude} {...text("exclude")} />
    </fieldset>
  );
}
