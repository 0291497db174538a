import { Checkbox, SegmentedControl } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { ActionButton } from "../../../../components/action-button.tsx";
import { Code } from "../../../../components/code/shown.tsx";
import { yamlOfJson } from "../../../../components/code/yaml.ts";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useText } from "../../../../i18n/text.tsx";
import type { ApplicationName } from "../../details/use-application.ts";
import type { Subject } from "../subject.ts";
import { EditResource } from "./edit-resource.tsx";
import { useResourceObstacle } from "./permission.ts";
import { useDesiredManifest, useLiveManifest } from "./use-manifest.ts";

interface Props {
  of: ApplicationName;
  app: Application;
  subject: Subject;
  /** Called with true while there is something typed that closing would lose. */
  onHold: (holding: boolean) => void;
}

/** The object as it is, and as Git wants it; the live one can be edited. */
export function Manifest({ of, app, subject, onHold }: Props) {
  const t = useText();
  const sides = [...(subject.node?.uid !== undefined ? (["live"] as const) : []), ...(subject.declared !== undefined ? (["desired"] as const) : [])];
  const [chosen, setChosen] = useState<"live" | "desired">("live");
  const side = sides.find((one) => one === chosen) ?? sides[0];
  const [managedFields, setManagedFields] = useState(false);
  const [editing, setEditing] = useState(false);
  const live = useLiveManifest(of, subject);
  const desired = useDesiredManifest(of, subject, app.status?.sync?.revision, side === "desired");
  const obstacle = useResourceObstacle(app, "update", subject);
  useEffect(() => {
    onHold(editing);
    return () => onHold(false);
  }, [editing, onHold]);
  const { data, error } = side === "desired" ? desired : live;
  if (editing && live.data !== undefined) return <EditResource of={of} subject={subject} live={live.data} onClose={() => setEditing(false)} />;
  return (
    <>
      <div className="toolbar">
        {sides.length > 1 && <SegmentedControl size="xs" aria-label={t("manifest.side")} value={side ?? "live"} onChange={(value) => setChosen(value === "desired" ? "desired" : "live")} data={sides.map((value) => ({ value, label: t(`diff.${value}`) }))} />}
        {side === "live" && <Checkbox size="xs" label={t("manifest.managedFields")} checked={managedFields} onChange={(event) => setManagedFields(event.currentTarget.checked)} />}
        {side === "live" && (
          <ActionButton className="toolbar-end" variant="default" blocked={obstacle} onClick={() => setEditing(true)}>
            {t("manifest.edit")}
          </ActionButton>
        )}
      </div>
      <ErrorNotice error={error} />
      {data === "null" && <p className="empty">{t("manifest.notInGit")}</p>}
      {data !== undefined && data !== "null" && (
        <Code text={yamlOfJson(data, { managedFields })} label={side === "desired" ? t("manifest.desiredOf", { name: subject.name }) : t("manifest.liveOf", { name: subject.name })} />
      )}
    </>
  );
}
