import { Button, TextInput } from "@mantine/core";
import { useText } from "../../../../i18n/text.tsx";

interface Props {
  legend: string;
  values: readonly [name: string, value: string][];
  onChange: (values: [name: string, value: string][]) => void;
}

/** Names with values, as rows that can be changed, added and taken away. */
export function KeyValues({ legend, values, onChange }: Props) {
  const t = useText();
  const set = (index: number, row: [string, string] | undefined): void => onChange(values.flatMap((one, at): [string, string][] => (at !== index ? [[...one]] : row === undefined ? [] : [row])));
  return (
    <div className="key-values" role="group" aria-label={legend}>
      <span className="group-label">{legend}</span>
      {values.map(([name, value], index) => (
        <div key={index} className="key-value">
          <TextInput size="xs" aria-label={t("keyValues.name", { number: index + 1, of: legend })} value={name} onChange={(event) => set(index, [event.currentTarget.value, value])} />
          <TextInput size="xs" aria-label={t("keyValues.value", { number: index + 1, of: legend })} value={value} onChange={(event) => set(index, [name, event.currentTarget.value])} />
          <Button size="compact-xs" variant="subtle" aria-label={t("keyValues.removeRow", { number: index + 1, of: legend })} onClick={() => set(index, undefined)}>
            {t("parameters.remove")}
          </Button>
        </div>
      ))}
      <Button size="compact-xs" variant="default" aria-label={t("keyValues.add", { of: legend })} onClick={() => onChange([...values.map((one): [string, string] => [...one]), ["", ""]])}>
        {t("parameters.add")}
      </Button>
    </div>
  );
}
