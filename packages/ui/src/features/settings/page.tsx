import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { useTitle } from "../../components/use-title.ts";
import { useText } from "../../i18n/text.tsx";
import { Link } from "../../navigation.tsx";

/** What can be set up; what this page has no view of yet says how it is done. */
export default function SettingsPage() {
  const t = useText();
  const version = useQuery({ queryKey: ["version"], queryFn: ({ signal }) => call<{ Version?: string }>("GET", "api/version", undefined, signal) });
  useTitle(t("nav.settings"));
  return (
    <section className="settings-page">
      <div className="bar">
        <h1>{t("nav.settings")}</h1>
      </div>
      <ul className="cards">
        <li className="card">
          <div>
            <Link to={{ page: "repositories" }}>{t("repos.title")}</Link>
            <small>{t("settings.repos")}</small>
          </div>
        </li>
        {(["clusters", "projects", "accounts", "certificates"] as const).map((name) => (
          <li key={name} className="card off">
            <div>
              <span>{t(`settings.${name}`)}</span>
              <small>{t("settings.elsewhere")} <code>{`argocd ${COMMANDS[name]}`}</code></small>
            </div>
          </li>
        ))}
      </ul>
      <p className="count">{version.data?.Version}</p>
    </section>
  );
}

const COMMANDS = { clusters: "cluster", projects: "proj", accounts: "account", certificates: "cert" } as const;
