import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useText } from "../../../../i18n/text.tsx";
import type { PanelProps } from "../panels.tsx";
import { useStateVersion } from "../use-state-version.ts";
import { ObjectDifferences } from "./object-differences.tsx";
import { useDifferences } from "./use-differences.ts";

/** What differs between Git and the cluster, over all objects of the application. */
export default function DifferencesPanel({ of, app, tree }: PanelProps) {
  const t = useText();
  const { data, error } = useDifferences(of, useStateVersion(app, tree));
  return (
    <>
      <ErrorNotice error={error} />
      {data?.length === 0 && <p className="empty">{t("diff.none")}</p>}
      {data !== undefined && data.length > 0 && <ObjectDifferences items={data} afterLabel={t("diff.desired")} />}
    </>
  );
}
