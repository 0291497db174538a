import type { SyncWindow } from "@trireme/api/argo";
import { useText } from "../../../i18n/text.tsx";
import { RowsEditor, type Row } from "../rows-editor.tsx";

const SAME: readonly (keyof SyncWindow)[] = ["kind", "schedule", "duration", "timeZone"];

/** When applications may be synced, and which of these windows count at this moment. */
export function ProjectWindows({ windows, active, readOnly, onChange }: { windows: readonly SyncWindow[]; active: readonly SyncWindow[]; readOnly: boolean; onChange: (windows: SyncWindow[]) => void }) {
  const t = useText();
  const isActive = (window: Row): boolean => active.some((one) => SAME.every((key) => (one[key] ?? "") === (window[key] ?? "")));
  const now = (row: Row) => (
    <p className="editor-extra">
      {isActive(row) ? <span className={`chip ${row["kind"] === "deny" ? "bad" : "good"}`}>{t(row["kind"] === "deny" ? "windows.shutNow" : "windows.openNow")}</span> : <span className="faint">{t("windows.notNow")}</span>}
    </p>
  );
  return (
    <RowsEditor
      legend={t("windows.title")}
      about={t("windows.about")}
      none={t("windows.none")}
      columns={[
        { key: "kind", label: t("windows.kind"), options: [{ value: "allow", label: t("windows.allow") }, { value: "deny", label: t("windows.deny") }] },
        { key: "schedule", label: t("windows.schedule"), placeholder: "0 22 * * *" },
        { key: "duration", label: t("windows.duration"), placeholder: "1h" },
        { key: "timeZone", label: t("windows.timeZone"), placeholder: "UTC" },
        { key: "applications", label: t("list.title"), kind: "list", placeholder: "shop-*" },
        { key: "namespaces", label: t("windows.namespaces"), kind: "list", placeholder: "team-*" },
        { key: "clusters", label: t("settings.clusters"), kind: "list", placeholder: "in-cluster" },
        { key: "description", label: t("project.description") },
        { key: "manualSync", label: t("windows.manualSync"), kind: "flag" },
        { key: "andOperator", label: t("windows.and"), kind: "flag" },
        { key: "syncOverrun", label: t("windows.overrun"), kind: "flag" },
      ]}
      rows={windows as unknown as Row[]}
      fresh={{ kind: "allow", schedule: "0 22 * * *", duration: "1h", applications: ["*"] }}
      readOnly={readOnly}
      onChange={(rows) => onChange(rows as unknown as SyncWindow[])}
      extra={now}
    />
  );
}
