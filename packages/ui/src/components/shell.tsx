import { Menu, UnstyledButton } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";
import { useLostSince } from "../api/connection.ts";
import { useChoice } from "../choice.ts";
import { useSignOut } from "../features/session/session.ts";
import { LANGUAGES, useText } from "../i18n/text.tsx";
import { go, Link, pathBelowBase, useRoute } from "../navigation.tsx";
import { isSettings } from "../routes.ts";
import { SCHEMES } from "../theme.ts";
import { Ago } from "./ago.tsx";
import { Guard } from "./guard.tsx";
import { Help } from "./help.tsx";
import { Mark } from "./mark.tsx";
import { PaletteButton } from "./palette/button.tsx";

/** What stands around every page: where one can go, who one is (nobody in particular, where the settings allow that), and whether what is shown is live. */
export function Shell({ username, children }: { username: string | undefined; children: ReactNode }) {
  const t = useText();
  const { route } = useRoute();
  const inSettings = isSettings(route);
  const { pathname } = location;
  const shown = useRef(pathname);
  // Whoever cannot see the new page is led into it.
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    document.getElementById("content")?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <>
      <a className="skip" href="#content" onClick={(event) => (event.preventDefault(), document.getElementById("content")?.focus())}>
        {t("shell.skip")}
      </a>
      <header className="top">
        <Link to={{ page: "applications" }} className="brand" aria-label="Trireme">
          <Mark />
          <span>Trireme</span>
        </Link>
        <nav aria-label={t("shell.nav")}>
          <Link to={{ page: "applications" }} aria-current={route.page === "applications" || route.page === "application" ? "page" : undefined}>
            {t("nav.applications")}
          </Link>
          <Link to={{ page: "settings" }} aria-current={inSettings ? "page" : undefined}>
            {t("nav.settings")}
          </Link>
        </nav>
        <Connection />
        <PaletteButton />
        <Help />
        {username === undefined ? (
          <Link to={{ page: "sign-in" }} query={`?return=${encodeURIComponent(pathBelowBase().slice(1) + location.search)}`} className="user">
            {t("signIn.title")}
          </Link>
        ) : (
          <User username={username} />
        )}
      </header>
      <main id="content" tabIndex={-1}>
        <Guard key={pathname}>{children}</Guard>
      </main>
    </>
  );
}

/** Said once, quietly: the server is away, and how old is what is shown. */
function Connection() {
  const t = useText();
  const since = useLostSince();
  return (
    <p className="connection" role="status">
      {since !== undefined && (
        <>
          {t("shell.lost")} <Ago time={since} />
        </>
      )}
    </p>
  );
}

function User({ username }: { username: string }) {
  const t = useText();
  const signOut = useSignOut();
  const [scheme, setScheme] = useChoice("scheme", SCHEMES);
  const [language, setLanguage] = useChoice("language", LANGUAGES);
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className="user" aria-label={t("shell.user", { name: username })}>
          {username}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("shell.scheme")}</Menu.Label>
        {SCHEMES.map((one) => (
          <Menu.Item key={one} onClick={() => setScheme(one)} rightSection={one === scheme ? "✓" : null}>
            {t(`scheme.${one}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t("shell.language")}</Menu.Label>
        {LANGUAGES.map((one) => (
          <Menu.Item key={one} onClick={() => setLanguage(one)} rightSection={one === language ? "✓" : null}>
            {t(`language.${one}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => go("user-info")}>{t("userInfo.title")}</Menu.Item>
        <Menu.Item onClick={() => void signOut()}>{t("shell.signOut")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
