import { Button, CloseButton, NativeSelect, Checkbox, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../i18n/text.tsx";

/** One field of a row. Lists are written with commas between. */
export interface Column<K extends string = string> {
  key: K;
  label: string;
  placeholder?: string;
  kind?: "text" | "list" | "flag";
  options?: readonly { value: string; label: string }[];
  wide?: boolean;
}

/** A row as the editor knows it; what else it carries stays. */
export type Row = Record<string, unknown>;

interface Props {
  legend: string;
  about?: string;
  /** Said where there is no row. */
  none: string;
  columns: readonly Column[];
  rows: readonly Row[];
  fresh: Row;
  readOnly: boolean;
  onChange: (rows: Row[]) => void;
  /** Stands below a row. */
  extra?: (row: Row, index: number) => ReactNode;
}

/** Rows of fields that can be added, changed and taken away. */
export function RowsEditor({ legend, about, none, columns, rows, fresh, readOnly, onChange, extra }: Props) {
  const t = useText();
  const change = (index: number, changes: Row): void => onChange(rows.map((row, at) => (at === index ? { ...row, ...changes } : row)));
  return (
    <fieldset className="rows-editor" data-rows={legend}>
      <legend>{legend}</legend>
      {about !== undefined && <p className="faint">{about}</p>}
      {rows.length === 0 && <p className="faint">{none}</p>}
      {rows.map((row, index) => (
        <div key={index} className="editor-row">
          <div className="editor-fields">
            {columns.map((column) => (
              <Cell key={column.key} column={column} alone={columns.length === 1} value={row[column.key]} place={rows.length > 1 ? ` ${index + 1}` : ""} readOnly={readOnly} onChange={(value) => change(index, { [column.key]: value })} />
            ))}
          </div>
          {!readOnly && <CloseButton aria-label={t("rows.remove", { what: legend, number: index + 1 })} onClick={() => onChange(rows.filter((_, at) => at !== index))} />}
          {extra?.(row, index)}
        </div>
      ))}
      {!readOnly && (
        <div>
          <Button variant="default" onClick={() => onChange([...rows, fresh])} aria-label={t("rows.addTo", { what: legend })}>
            {t("rows.add")}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Cell({ column, value, place, alone, readOnly, onChange }: { column: Column; value: unknown; alone: boolean; place: string; readOnly: boolean; onChange: (value: unknown) => void }) {
  const { label, placeholder, kind = "text", options, wide = false } = column;
  // What the legend says already is only for those who hear it.
  const seen = alone ? undefined : label;
  const className = wide ? "wide" : "";
  if (kind === "flag") return <Checkbox className={className} label={label} checked={value === true} disabled={readOnly} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (options !== undefined) return <NativeSelect className={className} label={label} aria-label={label + place} data={[...options]} value={String(value ?? "")} disabled={readOnly} onChange={(event) => onChange(event.currentTarget.value)} />;
  const text = kind === "list" ? ((value as string[] | null | undefined) ?? []).join(", ") : String(value ?? "");
  return kind === "list" ? (
    <TextInput className={className} label={seen} aria-label={label + place} placeholder={placeholder} defaultValue={text} readOnly={readOnly} onBlur={(event) => event.currentTarget.value !== text && onChange(listOf(event.currentTarget.value))} onKeyDown={(event) => event.key === "Enter" && onChange(listOf(event.currentTarget.value))} />
  ) : (
    <TextInput className={className} label={seen} aria-label={label + place} placeholder={placeholder} value={text} readOnly={readOnly} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

function listOf(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
