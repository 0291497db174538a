import { useState } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { applicationAddress, type ApplicationName } from "../use-application.ts";

interface Props {
  of: ApplicationName;
  app: Application;
  /** Whether there is a button; what was refused is said without it too. */
  offered: boolean;
  /** It is being terminated already. */
  disabled?: boolean;
}

/** Ends the operation under way before it is done. */
export function Terminate({ of, app, offered, disabled = false }: Props) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [error, setError] = useState<unknown>();
  const terminate = async (): Promise<void> => {
    setError(undefined);
    await call("DELETE", applicationAddress(of, "/operation")).catch(setError);
  };
  return (
    <>
      {offered && (
        <ActionButton variant="default" disabled={disabled} needs={applicationPermission(app, "sync", controlPlane)} onClick={() => void terminate()}>
          {t("operation.terminate")}
        </ActionButton>
      )}
      <ErrorNotice error={error} />
    </>
  );
}
