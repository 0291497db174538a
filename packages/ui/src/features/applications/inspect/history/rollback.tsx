import { Checkbox } from "@mantine/core";
import { isAutomated } from "@trireme/gitops";
import { useState } from "react";
import type { Application, RevisionHistory } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useSubmit } from "../../../../components/use-submit.ts";
import { useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import { isBusy } from "../../describe.ts";
import { applicationAddress, useTakeIn, type ApplicationName } from "../../details/use-application.ts";
import { NO_PANEL } from "../panel-name.ts";

interface Props {
  of: ApplicationName;
  app: Application;
  entry: RevisionHistory;
  current: boolean;
  /** The rollback would leave objects behind unless it prunes. */
  prunes: boolean;
}

/** Goes back to an entry; where automated sync would undo that at once, it is switched off first, by choice. */
export function Rollback({ of, app, entry, current, prunes }: Props) {
  const t = useText();
  const takeIn = useTakeIn(of);
  const controlPlane = useControlPlane();
  const [prune, setPrune] = useState(false);
  const [dryRun, setDryRun] = useState(false);
  const { busy, error, submit } = useSubmit();
  const automated = isAutomated(app.spec.syncPolicy);
  const disable = () =>
    submit(async () => {
      const { syncPolicy } = app.spec;
      const spec = { ...app.spec, syncPolicy: { ...syncPolicy, automated: { ...syncPolicy?.automated, enabled: false } } };
      takeIn({ ...app, spec: await call("PUT", applicationAddress(of, "/spec", { validate: "false" }), spec) });
    });
  const rollback = () =>
    submit(async () => {
      takeIn(await call("POST", applicationAddress(of, "/rollback"), { name: of.name, appNamespace: of.namespace, id: entry.id ?? 0, prune, dryRun }));
      setParameters({ ...NO_PANEL, panel: "operation" });
    });
  return (
    <section className="sub rollback" aria-label={t("history.rollback")}>
      {automated && (
        <div className="notice">
          <p>{t("history.automated")}</p>
          <ActionButton variant="default" loading={busy} needs={applicationPermission(app, "update", controlPlane)} onClick={() => void disable()}>
            {t("history.disable")}
          </ActionButton>
        </div>
      )}
      <div className="toolbar">
        <Checkbox size="xs" label={t("sync.prune")} checked={prune} onChange={(event) => setPrune(event.currentTarget.checked)} />
        <Checkbox size="xs" label={t("sync.dryRun")} checked={dryRun} onChange={(event) => setDryRun(event.currentTarget.checked)} />
        {prunes && !prune && <small>{t("history.leaves")}</small>}
        <ActionButton className="toolbar-end" {...(current ? { variant: "default" } : { color: "red" })} loading={busy} needs={applicationPermission(app, "sync", controlPlane)} blocked={automated ? t("history.automated") : isBusy(app) ? t("history.busy") : undefined} onClick={() => void rollback()}>
          {current ? t("history.again") : t("history.rollback")}
        </ActionButton>
      </div>
      <ErrorNotice error={error} />
    </section>
  );
}
