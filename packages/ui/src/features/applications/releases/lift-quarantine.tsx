import { Button } from "@mantine/core";
import { useState } from "react";
import { call } from "../../../api/client.ts";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import type { Releases } from "../details/types.ts";
import { applicationAddress, useTakeInReleases, type ApplicationName } from "../details/use-application.ts";

/** Lets a quarantined set go out again by itself; all of them where no digest is named. */
export function LiftQuarantine({ of, digest }: { of: ApplicationName; digest?: string }) {
  const t = useText();
  const takeIn = useTakeInReleases(of);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const lift = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      takeIn(await call<Releases>("DELETE", applicationAddress(of, `/quarantine${digest === undefined ? "" : `/${encodeURIComponent(digest)}`}`, {}, "api/trireme/v1")));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <Button variant="light" loading={busy} onClick={() => void lift()}>
        {t("releases.lift")}
      </Button>
      <ErrorNotice error={error} />
    </div>
  );
}
