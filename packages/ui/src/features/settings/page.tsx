import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { useTitle } from "../../components/use-title.ts";
import { useText } from "../../i18n/text.tsx";
import { Link } from "../../navigation.tsx";

const PAGES = ["repositories", "certificates", "gpg-keys", "clusters", "projects", "accounts", "appearance"] as const;

/** What can be set up. */
export default function SettingsPage() {
  const t = useText();
  const version = useQuery({ queryKey: ["version"], queryFn: ({ signal }) => call<{ Version?: string }>("GET", "api/version", undefined, signal) });
  useTitle(t("nav.settings"));
  return (
    <section className="settings-page">
      <div className="bar">
        <h1>{t("nav.settings")}</h1>
      </div>
      <ul className="cards doors">
        {PAGES.map((page) => (
          <li key={page} className="card door">
            <div>
              <Link to={{ page }}>{t(`settings.${page}`)}</Link>
              <small>{t(`settings.${page}.about`)}</small>
            </div>
          </li>
        ))}
      </ul>
      <p className="count">{version.data?.Version}</p>
    </section>
  );
}
