import { useQuery, useQueryClient } from "@tanstack/react-query";
import { address, call } from "../../api/client.ts";
import { permission } from "../../api/permissions.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { SureButton } from "../../components/sure-button.tsx";
import { useSubmit } from "../../components/use-submit.ts";
import { useText } from "../../i18n/text.tsx";
import { SettingsFrame } from "./frame.tsx";

const KEY = ["gpg-keys"];

/** Settings → GnuPG keys: those that the installation holds. Signatures are not verified, and the page says so. */
export default function GpgKeysPage() {
  const t = useText();
  const queries = useQueryClient();
  const { error: failed, setError } = useSubmit();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: async ({ signal }) => (await call<{ items?: { keyID: string }[] | null }>("GET", "api/v1/gpgkeys", undefined, signal)).items ?? [] });
  const remove = async (keyID: string): Promise<void> => {
    await call("DELETE", address("api/v1/gpgkeys", { keyID }));
    await queries.invalidateQueries({ queryKey: KEY });
  };
  const add = (
    <ActionButton size="sm" blocked={t("gpg.notYet")}>
      {t("gpg.add")}
    </ActionButton>
  );
  return (
    <SettingsFrame title={t("settings.gpg-keys")} actions={add}>
      <p className="notice">{t("gpg.notYet")}</p>
      <ErrorNotice error={error ?? failed} />
      {data?.length === 0 && <p className="empty">{t("gpg.none")}</p>}
      <ul className="cards">
        {(data ?? []).map(({ keyID }) => (
          <li key={keyID} className="card" data-key={keyID}>
            <div>
              <code>{keyID}</code>
            </div>
            <div className="card-actions">
              <SureButton label={t("action.delete")} sure={t("action.deleteNow")} needs={permission("gpgkeys", "delete", "")} onSure={() => remove(keyID)} onError={setError} />
            </div>
          </li>
        ))}
      </ul>
    </SettingsFrame>
  );
}
