import { When } from "../../../../components/ago.tsx";
import { useText } from "../../../../i18n/text.tsx";
import type { FieldDifference } from "./use-differences.ts";

/** Values longer than this stand in the comparison below alone. */
const LONGEST = 120;

/** Each field that differs, both values, and who wrote the one in the cluster. */
export function Fields({ fields, beforeLabel, afterLabel }: { fields: readonly FieldDifference[]; beforeLabel: string; afterLabel: string }) {
  const t = useText();
  if (fields.length === 0) return null;
  return (
    <div className="table-scroll">
      <table className="grid-table fields">
        <thead>
          <tr>
            <th>{t("diff.field")}</th>
            <th>{beforeLabel}</th>
            <th>{afterLabel}</th>
            <th>{t("diff.writer")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ path, desired, live, writer, operation, writtenAt }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td data-label={beforeLabel}>
                <Value json={live} />
              </td>
              <td data-label={afterLabel}>
                <Value json={desired} />
              </td>
              <td data-label={t("diff.writer")}>
                {writer === undefined || writer === "" ? (
                  <span className="faint">{t("diff.writerUnknown")}</span>
                ) : (
                  <>
                    <strong>{writer}</strong> <small>{operation}</small> <When time={writtenAt} />
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ json }: { json: string | undefined }) {
  const t = useText();
  if (json === undefined || json === "") return <span className="faint">{t("diff.notShown")}</span>;
  const text = json.startsWith('"') ? (JSON.parse(json) as string) : json;
  return <code title={text.length > LONGEST ? text : undefined}>{text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}</code>;
}
