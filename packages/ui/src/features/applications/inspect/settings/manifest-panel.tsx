import { Checkbox } from "@mantine/core";
import { mergePatch } from "@trireme/gitops";
import { useEffect, useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { Code } from "../../../../components/code/shown.tsx";
import { parseYaml, withoutManagedFields, yamlText } from "../../../../components/code/yaml.ts";
import { useText } from "../../../../i18n/text.tsx";
import { applicationAddress, useTakeIn, type ApplicationName } from "../../details/use-application.ts";
import { EditYaml } from "../edit-yaml.tsx";
import type { PanelProps } from "../panels.tsx";

/** The application as YAML; edited, tried by the server, and then saved. */
export default function ManifestPanel({ of, app, onHold }: PanelProps) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [whole, setWhole] = useState(false);
  const [editing, setEditing] = useState(false);
  useEffect(() => {
    onHold(editing);
    return () => onHold(false);
  }, [editing, onHold]);
  if (editing) return <Edit of={of} app={app} onClose={() => setEditing(false)} />;
  return (
    <>
      <div className="toolbar">
        <Checkbox size="xs" label={t("manifest.whole")} checked={whole} onChange={(event) => setWhole(event.currentTarget.checked)} />
        <ActionButton className="toolbar-end" variant="default" needs={applicationPermission(app, "update", controlPlane)} onClick={() => setEditing(true)}>
          {t("manifest.edit")}
        </ActionButton>
      </div>
      <Code text={yamlText(whole ? withoutManagedFields(app) : wishOf(app))} label={t("panel.manifest.of", { name: of.name })} />
    </>
  );
}

function Edit({ of, app, onClose }: { of: ApplicationName; app: Application; onClose: () => void }) {
  const t = useText();
  const takeIn = useTakeIn(of);
  // What changes meanwhile does not move what is being edited.
  const basis = useMemo(() => wishOf(app), []);
  return (
    <EditYaml
      text={yamlText(basis)}
      label={t("panel.manifest.of", { name: of.name })}
      hint={t("edit.applicationHint")}
      changeOf={(text) => {
        const wanted = parseYaml(text);
        return mergePatch(basis, wanted) === undefined ? undefined : JSON.stringify(wanted);
      }}
      onTry={(application) => call("POST", applicationAddress(of, "/dry-run", {}, "api/trireme/v1"), { application })}
      onSave={async (application) => takeIn(await call("PUT", applicationAddress(of), JSON.parse(application)))}
      onClose={onClose}
    />
  );
}

/** What a person writes of an application; the rest is the controller's and the server's. */
function wishOf({ metadata: { name, namespace, labels, annotations, finalizers }, spec }: Application): object {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) }, spec };
}
