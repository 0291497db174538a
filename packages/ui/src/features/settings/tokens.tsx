import { Button, CopyButton, NativeSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Permission } from "../../api/permissions.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Ago } from "../../components/ago.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { SureButton } from "../../components/sure-button.tsx";
import { useSubmit } from "../../components/use-submit.ts";
import { useText } from "../../i18n/text.tsx";

/** Seconds since the epoch. */
export interface Token {
  id: string;
  issuedAt: number;
  expiresAt?: number;
}

const DAY = 24 * 3600;
/** How long a token lasts, in seconds; 0: until it is revoked. */
const LIVES = [0, DAY, 30 * DAY, 90 * DAY, 365 * DAY];

interface Props {
  tokens: readonly Token[];
  needs: readonly Permission[];
  blocked?: string | undefined;
  onCreate: (id: string, expiresIn: number) => Promise<string>;
  onDelete: (token: Token) => Promise<unknown>;
}

/** API tokens: made, shown once, revoked. */
export function Tokens({ tokens, needs, blocked, onCreate, onDelete }: Props) {
  const t = useText();
  const { busy, error, setError, submit } = useSubmit();
  const [made, setMade] = useState<string>();
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    setMade(undefined);
    if (await submit(async () => setMade(await onCreate(String(form.get("id") ?? "").trim(), Number(form.get("life")))))) element.reset();
  };
  return (
    <>
      <form className="inline-form" onSubmit={onSubmit}>
        <TextInput name="id" label={t("tokens.id")} placeholder={t("tokens.id.example")} autoComplete="off" />
        <NativeSelect name="life" label={t("tokens.life")} data={LIVES.map((seconds) => ({ value: String(seconds), label: seconds === 0 ? t("tokens.forever") : t("tokens.days", { count: seconds / DAY }) }))} />
        <ActionButton type="submit" size="sm" loading={busy} needs={needs} blocked={blocked}>
          {t("tokens.create")}
        </ActionButton>
      </form>
      <ErrorNotice error={error} />
      {made !== undefined && (
        <div className="notice made" role="status">
          <p>{t("tokens.once")}</p>
          <code data-testid="token">{made}</code>
          <div className="submit">
            <CopyButton value={made}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {t(copied ? "tokens.copied" : "tokens.copy")}
                </Button>
              )}
            </CopyButton>
            <Button variant="subtle" onClick={() => setMade(undefined)}>
              {t("tokens.kept")}
            </Button>
          </div>
        </div>
      )}
      {tokens.length === 0 && <p className="faint">{t("tokens.none")}</p>}
      <ul className="plain-rows">
        {tokens.map((token) => (
          <li key={token.id} data-token={token.id}>
            <code>{token.id}</code>
            <small>
              {t("tokens.issued")} <Ago time={token.issuedAt * 1000} />
            </small>
            <small>{token.expiresAt === undefined || token.expiresAt === 0 ? t("tokens.forever") : <>{t("tokens.expires")} <Ago time={token.expiresAt * 1000} /></>}</small>
            <span className="card-actions">
              <SureButton label={t("tokens.revoke")} sure={t("tokens.revokeNow")} needs={needs} onSure={() => onDelete(token)} onError={setError} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
