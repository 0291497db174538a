import type { Application } from "@trireme/api/argo";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { objectKey } from "../../details/tree.ts";
import type { Tree } from "../../details/types.ts";
import type { ApplicationName } from "../../details/use-application.ts";
import { DiffBlock, DiffOptions } from "../differences/diff-block.tsx";
import { Fields } from "../differences/fields.tsx";
import { useDifferences } from "../differences/use-differences.ts";
import type { Subject } from "../subject.ts";
import { SyncObject } from "./sync-object.tsx";
import { useStateVersion } from "../use-state-version.ts";

/** What differs between one object and Git, and who made it so. */
export function ObjectDiff({ of, app, subject, tree }: { of: ApplicationName; app: Application; subject: Subject; tree: Tree }) {
  const t = useText();
  const { data, error } = useDifferences(of, useStateVersion(app, tree));
  if (data === undefined) return <ErrorNotice error={error} />;
  const item = data.find((one) => objectKey(one) === objectKey(subject));
  if (item === undefined) return <p className="empty">{t("diff.noneHere")}</p>;
  return (
    <>
      <ErrorNotice error={error} />
      {item.state === "Missing" && <p className="notice">{t("diff.missing")}</p>}
      {item.state === "RequiresPruning" && <p className="notice">{t("diff.prune")}</p>}
      <Fields fields={item.fields ?? []} beforeLabel={t("diff.live")} afterLabel={t("diff.desired")} />
      <div className="toolbar">
        <DiffOptions />
        <SyncObject of={of} app={app} subject={subject} prune={item.state === "RequiresPruning"} />
      </div>
      <DiffBlock before={item.live} after={item.desired} beforeLabel={t("diff.live")} afterLabel={t("diff.desired")} />
    </>
  );
}
