import type { Application } from "@trireme/api/argo";
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
import type { Subject } from "../subject.ts";

/** Makes one object what Git says, and leaves the others alone; then shows how that goes. */
export function SyncObject({ of, app, subject, prune }: { of: ApplicationName; app: Application; subject: Subject; prune: boolean }) {
  const t = useText();
  const takeIn = useTakeIn(of);
  const controlPlane = useControlPlane();
  const { busy, error, submit } = useSubmit();
  const { group = "", kind, namespace = "", name } = subject;
  const sync = () =>
    submit(async () => {
      takeIn(await call("POST", applicationAddress(of, "/sync"), { name: of.name, appNamespace: of.namespace, prune, strategy: { hook: {} }, resources: [{ group, kind, namespace, name }] }));
      setParameters({ ...NO_PANEL, panel: "operation" });
    });
  return (
    <>
      <ActionButton className="toolbar-end" loading={busy} {...(prune && { color: "red" })} needs={applicationPermission(app, "sync", controlPlane)} blocked={isBusy(app) ? t("history.busy") : undefined} onClick={() => void sync()}>
        {prune ? t("diff.pruneThis") : t("diff.syncThis")}
      </ActionButton>
      <ErrorNotice error={error} />
    </>
  );
}
