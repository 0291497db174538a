import { Button, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { parseYaml, yamlText } from "../../../../components/code/yaml.ts";
import { useText } from "../../../../i18n/text.tsx";
import type { FieldsProps } from "./panel.tsx";
import { parameterRows, withHelm, withHelmParameter, type ParameterRow } from "./source.ts";

/** So many parameters are shown before somebody searches. */
const SHOWN = 100;

/** Values files, values, and each parameter of the chart with its override. */
export function HelmFields({ source, details, onChange }: FieldsProps) {
  const t = useText();
  const [search, setSearch] = useState("");
  const [added, setAdded] = useState("");
  const rows = parameterRows(details?.helm?.parameters ?? [], source);
  const fitting = rows.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  const set = (name: string, value: string | undefined): void => onChange(withHelmParameter(source, name, value));
  const files = [...new Set([...(details?.helm?.valueFiles ?? []), ...(source.helm?.valueFiles ?? [])])];
  return (
    <>
      <fieldset>
        <legend>{t("parameters.values")}</legend>
        <TextInput label={t("parameters.releaseName")} value={source.helm?.releaseName ?? ""} onChange={(event) => onChange(withHelm(source, { releaseName: event.currentTarget.value }))} />
        <TagsInput label={t("parameters.valueFiles")} data={files} value={source.helm?.valueFiles ?? []} onChange={(valueFiles) => onChange(withHelm(source, { valueFiles }))} comboboxProps={{ transitionProps: { duration: 0 } }} />
        <Values source={source} details={details} onChange={onChange} />
      </fieldset>
      <fieldset>
        <legend>{t("parameters.parameters", { count: rows.length })}</legend>
        {rows.length > 10 && <TextInput size="xs" type="search" aria-label={t("parameters.search")} placeholder={t("parameters.search")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} />}
        <ul className="parameter-rows">
          {fitting.slice(0, SHOWN).map((row) => (
            <Parameter key={row.name} row={row} onSet={set} />
          ))}
        </ul>
        {fitting.length > SHOWN && <p className="faint">{t("parameters.more", { count: fitting.length - SHOWN })}</p>}
        <div className="toolbar">
          <TextInput size="xs" aria-label={t("parameters.newName")} placeholder={t("parameters.newName")} value={added} onChange={(event) => setAdded(event.currentTarget.value.trim())} />
          <Button variant="default" disabled={added === "" || rows.some(({ name }) => name === added)} onClick={() => (set(added, ""), setAdded(""))}>
            {t("parameters.add")}
          </Button>
        </div>
      </fieldset>
    </>
  );
}

function Parameter({ row: { name, original, override }, onSet }: { row: ParameterRow; onSet: (name: string, value: string | undefined) => void }) {
  const t = useText();
  return (
    <li data-parameter={name}>
      <TextInput size="xs" label={name} value={override ?? original ?? ""} onChange={(event) => onSet(name, event.currentTarget.value)} classNames={{ input: override === undefined ? "" : "overridden" }} />
      {override !== undefined && (
        <span className="override">
          <small>{original === undefined ? t("parameters.own") : t("parameters.original", { value: original })}</small>
          <Button size="compact-xs" variant="subtle" aria-label={t("parameters.takeBack", { name })} onClick={() => onSet(name, undefined)}>
            {t("parameters.remove")}
          </Button>
        </span>
      )}
    </li>
  );
}

/** The application's values: a text, or an object where it is kept as one. */
function Values({ source, onChange }: FieldsProps | (Omit<FieldsProps, "stored">)) {
  const t = useText();
  const asObject = source.helm?.valuesObject !== undefined && source.helm.valuesObject !== null;
  const written = asObject ? yamlText(source.helm!.valuesObject) : (source.helm?.values ?? "");
  const [text, setText] = useState(written);
  const [problem, setProblem] = useState<string>();
  // What was typed here stays as it was typed; what was written elsewhere is taken over.
  const own = useRef(written);
  useEffect(() => {
    if (own.current === written) return;
    own.current = written;
    setText(written);
    setProblem(undefined);
  }, [written]);
  const change = (now: string): void => {
    setText(now);
    setProblem(undefined);
    try {
      const parsed = now.trim() === "" ? undefined : parseYaml(now);
      own.current = asObject ? (parsed === undefined ? "" : yamlText(parsed)) : now;
      onChange(asObject ? withHelm(source, { valuesObject: parsed as never }) : withHelm(source, { values: now }));
    } catch (thrown) {
      setProblem((thrown as Error).message);
      if (asObject) return;
      own.current = now;
      onChange(withHelm(source, { values: now }));
    }
  };
  return <Textarea label={t("parameters.inline")} autosize minRows={3} maxRows={16} value={text} error={problem} onChange={(event) => change(event.currentTarget.value)} classNames={{ input: "mono" }} spellCheck={false} />;
}
