import { Button } from "@mantine/core";
import { useState } from "react";
import { permission } from "../../api/permissions.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Ago } from "../../components/ago.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Status } from "../../components/status.tsx";
import { useTitle } from "../../components/use-title.ts";
import { useText } from "../../i18n/text.tsx";
import { Link, setParameters, useRoute } from "../../navigation.tsx";
import { ConnectRepository } from "./connect.tsx";
import { useRepositories, useRepositoryChanges, type Repository } from "./use-repositories.ts";

/** Settings → Repositories: what is connected, whether it can be reached, and connecting another. */
export default function RepositoriesPage() {
  const t = useText();
  const { parameters } = useRoute();
  const { data, error } = useRepositories();
  const { tryAgain } = useRepositoryChanges();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>();
  useTitle(t("repos.title"));
  const again = async (): Promise<void> => {
    setBusy(true);
    setFailed(undefined);
    await tryAgain().catch(setFailed);
    setBusy(false);
  };
  return (
    <section className="settings-page">
      <div className="bar">
        <nav aria-label={t("app.path")} className="crumbs">
          <Link to={{ page: "settings" }}>{t("nav.settings")}</Link>
          <span aria-hidden="true">/</span>
        </nav>
        <h1>{t("repos.title")}</h1>
        <div className="actions">
          <Button variant="default" size="sm" loading={busy} onClick={() => void again()}>
            {t("repos.tryAgain")}
          </Button>
          <ActionButton size="sm" onClick={() => setParameters({ addRepo: "true" })} needs={permission("repositories", "create")}>
            {t("repos.connect")}
          </ActionButton>
        </div>
      </div>
      <ErrorNotice error={error ?? failed} />
      {data?.length === 0 && <p className="empty">{t("repos.none")}</p>}
      <ul className="cards">
        {(data ?? []).map((repository) => (
          <Card key={`${repository.project}/${repository.repo}`} repository={repository} />
        ))}
      </ul>
      {parameters.has("addRepo") && <ConnectRepository onClose={() => setParameters({ addRepo: undefined })} />}
    </section>
  );
}

function Card({ repository }: { repository: Repository }) {
  const t = useText();
  const { disconnect } = useRepositoryChanges();
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>();
  const { repo, type, name, project, connectionState } = repository;
  return (
    <li className="card" data-repo={repo}>
      <div>
        <strong>{name || repo}</strong>
        <small>{[name ? repo : undefined, (type || "git").toUpperCase(), project].filter(Boolean).join(" · ")}</small>
        {connectionState?.status === "Failed" && <p className="notice failed">{connectionState.message}</p>}
        <ErrorNotice error={error} />
      </div>
      <div>
        <Status value={connectionState?.status} what={t("repos.state")} />
        <small>
          <Ago time={connectionState?.attemptedAt} />
        </small>
      </div>
      <div className="card-actions">
        {asked ? (
          <>
            <Button color="red" onClick={() => void disconnect(repository).catch(setError)}>
              {t("repos.disconnectSure")}
            </Button>
            <Button variant="default" onClick={() => setAsked(false)}>
              {t("action.cancel")}
            </Button>
          </>
        ) : (
          <ActionButton variant="subtle" onClick={() => setAsked(true)} needs={permission("repositories", "delete", project ? `${project}/${repo}` : repo)}>
            {t("repos.disconnect")}
          </ActionButton>
        )}
      </div>
    </li>
  );
}
