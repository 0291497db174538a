import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, type FormEvent } from "react";
import { call } from "../../api/client.ts";
import { onSessionChange } from "../../api/session-changes.ts";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Mark } from "../../components/mark.tsx";
import { useSubmit } from "../../components/use-submit.ts";
import { useTitle } from "../../components/use-title.ts";
import { useText } from "../../i18n/text.tsx";
import { go, useRoute } from "../../navigation.tsx";
import { useSignIn } from "./session.ts";

/** Signs in and goes on to where the reader wanted to be. */
export function SignIn() {
  const t = useText();
  const { parameters } = useRoute();
  useTitle(t("signIn.title"));
  const wanted = parameters.get("return");
  // Another tab was quicker.
  useEffect(() => onSessionChange((change) => change === "signed in" && wanted !== null && go(returnTo(wanted), { replace: true })), [wanted]);
  return (
    <main className="sign-in">
      <WaysToSignIn onDone={() => go(returnTo(wanted), { replace: true })} />
    </main>
  );
}

interface Ways {
  /** Whether a local account may sign in. */
  local?: boolean;
  providers?: { kind: string; name: string; available?: boolean }[] | null;
}

/** How one can sign in here. @param username who was here until now. */
export function WaysToSignIn({ username, onDone }: { username?: string; onDone?: () => void }) {
  const t = useText();
  const { data: ways, failureCount } = useQuery({ queryKey: ["sign-in-ways"], queryFn: ({ signal }) => call<Ways>("GET", "api/trireme/v1/sign-in", undefined, signal) });
  // A form that might be taken away again does not stand there while the server is asked; where it gives no answer, it is there to be tried.
  const local = ways === undefined ? username !== undefined || failureCount > 0 : ways.local === true;
  return (
    <div className="sign-in-ways">
      <h1>
        <Mark /> Trireme
      </h1>
      {username !== undefined && <p id="session-over">{t("signIn.over")}</p>}
      {local && <PasswordForm username={username} onDone={onDone} />}
      {ways !== undefined && !local && <p className="notice" role="status">{t("signIn.noLocal")}</p>}
      {ways !== undefined && <Providers providers={ways.providers ?? []} local={local} />}
    </div>
  );
}

function PasswordForm({ username, onDone }: { username: string | undefined; onDone: (() => void) | undefined }) {
  const t = useText();
  const signIn = useSignIn(username);
  const { busy, error, submit } = useSubmit();
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (await submit(() => signIn(String(form.get("username")), String(form.get("password"))))) onDone?.();
  };
  const known = username !== undefined;
  return (
    <form onSubmit={onSubmit}>
      <TextInput name="username" label={t("signIn.username")} autoComplete="username" defaultValue={username} autoFocus={!known} required />
      <PasswordInput name="password" label={t("signIn.password")} autoComplete="current-password" autoFocus={known} required visibilityToggleButtonProps={{ "aria-label": t("signIn.show") }} />
      <ErrorNotice error={error} />
      <Button type="submit" size="sm" fullWidth loading={busy}>
        {t("signIn.submit")}
      </Button>
    </form>
  );
}

/** What the settings name beside local accounts; people who know it from elsewhere look for it here. */
function Providers({ providers, local }: { providers: NonNullable<Ways["providers"]>; local: boolean }) {
  const t = useText();
  const id = useId();
  if (providers.length === 0) return null;
  return (
    <section className="providers" aria-label={t("signIn.providers")}>
      {providers.map(({ kind, name }, index) => (
        <Button key={`${kind}-${index}`} variant="default" size="sm" fullWidth data-disabled aria-disabled="true" aria-describedby={id}>
          {t("signIn.via", { name })}
        </Button>
      ))}
      <p id={id} className="faint">{local ? `${t("signIn.sso.notYet")} ${t("signIn.sso.useLocal")}` : t("signIn.sso.notYet")}</p>
    </section>
  );
}

/** Only addresses of this page. */
function returnTo(wanted: string | null): string {
  if (wanted === null) return "applications";
  const url = new URL(wanted, document.baseURI);
  return url.origin === location.origin && !/^[\\/]/.test(wanted) ? wanted : "applications";
}
