import type { ReactNode } from "react";
import { useTitle } from "../../components/use-title.ts";
import { useText } from "../../i18n/text.tsx";
import { Link } from "../../navigation.tsx";
import type { Route } from "../../routes.ts";

interface Props {
  title: string;
  /** Stands between the settings and this page. */
  above?: { to: Exclude<Route, { page: "unknown" }>; title: string };
  actions?: ReactNode;
  children: ReactNode;
}

/** What all pages of the settings have: where one is, the title, and what can be done. */
export function SettingsFrame({ title, above, actions, children }: Props) {
  const t = useText();
  useTitle(title);
  return (
    <section className="settings-page">
      <div className="bar">
        <nav aria-label={t("app.path")} className="crumbs">
          <Link to={{ page: "settings" }}>{t("nav.settings")}</Link>
          <span aria-hidden="true">/</span>
          {above !== undefined && (
            <>
              <Link to={above.to}>{above.title}</Link>
              <span aria-hidden="true">/</span>
            </>
          )}
        </nav>
        <h1>{title}</h1>
        <div className="actions">{actions}</div>
      </div>
      {children}
    </section>
  );
}
