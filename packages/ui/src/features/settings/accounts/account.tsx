import { PasswordInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { permission, type Permission } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import { useSession } from "../../session/session.ts";
import { SettingsFrame } from "../frame.tsx";
import { Tokens } from "../tokens.tsx";
import { useAccount, useAccountChanges } from "./use-accounts.ts";

/** One account: what it may do here, its password, its tokens. Everybody sees and changes their own. */
export default function AccountPage({ name }: { name: string }) {
  const t = useText();
  const session = useSession();
  const { data, error } = useAccount(name);
  const { createToken, deleteToken } = useAccountChanges(name);
  const needs: readonly Permission[] = session.data?.username === name ? [] : [permission("accounts", "update", name)];
  const capabilities = data?.capabilities ?? [];
  return (
    <SettingsFrame title={name} above={{ to: { page: "accounts" }, title: t("settings.accounts") }}>
      <ErrorNotice error={error} />
      {data !== undefined && (
        <>
          <dl className="summary">
            <div>
              <dt>{t("account.state")}</dt>
              <dd>{t(data.enabled === true ? "account.enabled" : "account.disabled")}</dd>
            </div>
            <div>
              <dt>{t("account.capabilities")}</dt>
              <dd>{capabilities.join(", ") || "–"}</dd>
            </div>
          </dl>
          {capabilities.includes("login") && <Password name={name} needs={needs} />}
          <section className="panel" aria-labelledby="tokens">
            <h2 id="tokens">{t("tokens.title")}</h2>
            <Tokens
              tokens={(data.tokens ?? []).map(({ id, issuedAt, expiresAt }) => ({ id, issuedAt: Number(issuedAt ?? 0), ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }) }))}
              needs={needs}
              blocked={capabilities.includes("apiKey") ? undefined : t("account.noApiKey")}
              onCreate={createToken}
              onDelete={({ id }) => deleteToken(id)}
            />
          </section>
        </>
      )}
    </SettingsFrame>
  );
}

function Password({ name, needs }: { name: string; needs: readonly Permission[] }) {
  const t = useText();
  const session = useSession();
  const { changePassword } = useAccountChanges(name);
  const { busy, error, submit } = useSubmit();
  const [done, setDone] = useState(false);
  const own = session.data?.username === name;
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    setDone(false);
    if (!(await submit(() => changePassword(String(form.get("current")), String(form.get("new")))))) return;
    element.reset();
    setDone(true);
  };
  const eye = { "aria-label": t("signIn.show") };
  return (
    <form className="panel form narrow" onSubmit={onSubmit}>
      <h2>{t("account.password")}</h2>
      <PasswordInput name="current" label={own ? t("account.currentPassword") : t("account.yourPassword")} autoComplete="current-password" required visibilityToggleButtonProps={eye} />
      <PasswordInput name="new" label={t("account.newPassword")} description={own ? t("account.newPassword.about") : undefined} autoComplete="new-password" required visibilityToggleButtonProps={eye} />
      <ErrorNotice error={error} />
      {done && (
        <p className="notice" role="status">
          {t("account.passwordChanged")}
        </p>
      )}
      <div className="submit">
        <ActionButton type="submit" size="sm" loading={busy} needs={needs}>
          {t("account.changePassword")}
        </ActionButton>
      </div>
    </form>
  );
}
