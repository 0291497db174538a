import type { Application } from "@trireme/api/argo";
import { call } from "../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import type { Releases } from "../details/types.ts";
import { applicationAddress, useTakeInReleases, type ApplicationName } from "../details/use-application.ts";

/** Lets a quarantined set go out again by itself; all of them where no digest is named. */
export function LiftQuarantine({ of, app, digest }: { of: ApplicationName; app: Application; digest?: string }) {
  const t = useText();
  const controlPlane = useControlPlane();
  const takeIn = useTakeInReleases(of);
  const { busy, error, submit } = useSubmit();
  const lift = () => submit(async () => takeIn(await call<Releases>("DELETE", applicationAddress(of, `/quarantine${digest === undefined ? "" : `/${encodeURIComponent(digest)}`}`, {}, "api/trireme/v1"))));
  return (
    <div>
      <ActionButton variant="light" loading={busy} needs={applicationPermission(app, "sync", controlPlane)} onClick={() => void lift()}>
        {t("releases.lift")}
      </ActionButton>
      <ErrorNotice error={error} />
    </div>
  );
}
