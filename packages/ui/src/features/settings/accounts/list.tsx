import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import { Link } from "../../../navigation.tsx";
import { SettingsFrame } from "../frame.tsx";
import { useAccounts } from "./use-accounts.ts";

/** As it stands in the ConfigMap. */
const LINE = "accounts.NAME: login, apiKey";

/** Settings → Accounts: the local ones, which stand in argocd-cm. */
export default function AccountsPage() {
  const t = useText();
  const { data, error } = useAccounts();
  return (
    <SettingsFrame title={t("settings.accounts")}>
      <ErrorNotice error={error} />
      {data?.length === 0 && <p className="empty">{t("accounts.none")}</p>}
      <ul className="cards">
        {(data ?? []).map(({ name, enabled, capabilities, tokens }) => (
          <li key={name} className="card" data-account={name}>
            <div>
              <Link to={{ page: "account", name }}>{name}</Link>
              <small>{(capabilities ?? []).join(", ")}</small>
            </div>
            <div>
              <span>{t(enabled === true ? "account.enabled" : "account.disabled")}</span>
              <small>{t("account.tokenCount", { count: tokens?.length ?? 0 })}</small>
            </div>
          </li>
        ))}
      </ul>
      <p className="faint hint">
        {t("accounts.add")} <code>{LINE}</code>
      </p>
    </SettingsFrame>
  );
}
