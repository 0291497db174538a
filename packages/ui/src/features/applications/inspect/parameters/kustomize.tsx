import { Button, TextInput } from "@mantine/core";
import { useText } from "../../../../i18n/text.tsx";
import type { FieldsProps } from "./panel.tsx";
import { imageRows, withBlock, withImage } from "./source.ts";

/** The images of a kustomization with their overrides, and what is put around every name. */
export function KustomizeFields({ source, details, onChange }: FieldsProps) {
  const t = useText();
  const { kustomize } = source;
  const text = (field: "namePrefix" | "nameSuffix" | "namespace" | "version") => ({ value: kustomize?.[field] ?? "", onChange: (event: { currentTarget: { value: string } }) => onChange(withBlock(source, "kustomize", { [field]: event.currentTarget.value })) });
  const rows = imageRows(details?.kustomize?.images ?? [], source);
  return (
    <>
      <fieldset>
        <legend>{t("parameters.images")}</legend>
        {rows.length === 0 && <p className="faint">{t("parameters.noImages")}</p>}
        <ul className="parameter-rows">
          {rows.map(({ name, original, override }) => (
            <li key={name} data-parameter={name}>
              <TextInput size="xs" label={name} value={override ?? original ?? ""} onChange={(event) => onChange(withImage(source, name, event.currentTarget.value))} classNames={{ input: override === undefined ? "" : "overridden" }} />
              {override !== undefined && (
                <span className="override">
                  <small>{original === undefined ? t("parameters.own") : t("parameters.original", { value: original })}</small>
                  <Button size="compact-xs" variant="subtle" aria-label={t("parameters.takeBack", { name })} onClick={() => onChange(withImage(source, name, undefined))}>
                    {t("parameters.remove")}
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      </fieldset>
      <fieldset>
        <legend>{t("parameters.names")}</legend>
        <TextInput label={t("parameters.namePrefix")} {...text("namePrefix")} />
        <TextInput label={t("parameters.nameSuffix")} {...text("nameSuffix")} />
        <TextInput label={t("parameters.namespace")} {...text("namespace")} />
        <TextInput label={t("parameters.version")} {...text("version")} />
      </fieldset>
    </>
  );
}
