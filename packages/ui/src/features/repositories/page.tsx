import { Button } from "@mantine/core";
import { permission } from "../../api/permissions.ts";
import { ActionButton } from "../../components/action-button.tsx";
import { Ago } from "../../components/ago.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Status } from "../../components/status.tsx";
import { SureButton } from "../../components/sure-button.tsx";
import { useSubmit } from "../../components/use-submit.ts";
import { useText } from "../../i18n/text.tsx";
import { setParameters, useRoute } from "../../navigation.tsx";
import { SettingsFrame } from "../settings/frame.tsx";
import { ConnectRepository } from "./connect.tsx";
import { repositoryPermission, useRepositories, useRepositoryChanges, useTemplates, type Repository, type Template } from "./use-repositories.ts";

/** Settings → Repositories: what is connected, whether it can be reached, and connecting another. */
export default function RepositoriesPage() {
  const t = useText();
  const { parameters } = useRoute();
  const { data, error } = useRepositories();
  const templates = useTemplates();
  const connect = (
    <ActionButton size="sm" onClick={() => setParameters({ addRepo: "true" })} needs={permission("repositories", "create")}>
      {t("repos.connect")}
    </ActionButton>
  );
  return (
    <SettingsFrame title={t("repos.title")} actions={connect}>
      <ErrorNotice error={error} />
      {data?.length === 0 && <p className="empty">{t("repos.none")}</p>}
      <ul className="cards">
        {(data ?? []).map((repository) => (
          <Card key={`${repository.project}/${repository.repo}`} repository={repository} />
        ))}
      </ul>
      <section aria-labelledby="templates" className="subsection">
        <h2 id="templates">{t("repos.templates")}</h2>
        <p className="faint">{t("repos.templates.about")}</p>
        <ErrorNotice error={templates.error} />
        {templates.data?.length === 0 && <p className="faint">{t("repos.templates.none")}</p>}
        <ul className="cards">
          {(templates.data ?? []).map((template) => (
            <TemplateCard key={template.url} template={template} />
          ))}
        </ul>
      </section>
      {parameters.has("addRepo") && <ConnectRepository onClose={() => setParameters({ addRepo: undefined })} />}
    </SettingsFrame>
  );
}

function Card({ repository }: { repository: Repository }) {
  const t = useText();
  const { disconnect, tryAgain } = useRepositoryChanges();
  const { busy, error, setError, submit } = useSubmit();
  const { repo, type, name, project, inheritedCreds, enableOCI, githubAppID, connectionState } = repository;
  return (
    <li className="card" data-repo={repo}>
      <div>
        <strong>{name || repo}</strong>
        <small>{[name ? repo : undefined, enableOCI ? "OCI" : (type || "git").toUpperCase(), project, githubAppID ? t("repos.githubApp", { id: githubAppID }) : undefined, inheritedCreds ? t("repos.inherited") : undefined].filter(Boolean).join(" · ")}</small>
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
        <Button variant="subtle" loading={busy} onClick={() => void submit(() => tryAgain(repository))}>
          {t("repos.tryAgain")}
        </Button>
        <SureButton label={t("repos.disconnect")} sure={t("repos.disconnectSure")} needs={repositoryPermission("delete", repository)} onSure={() => disconnect(repository)} onError={setError} />
      </div>
    </li>
  );
}

function TemplateCard({ template }: { template: Template }) {
  const t = useText();
  const { deleteTemplate } = useRepositoryChanges();
  const { error, setError } = useSubmit();
  return (
    <li className="card" data-template={template.url}>
      <div>
        <strong>{template.url}</strong>
        {template.username && <small>{template.username}</small>}
        <ErrorNotice error={error} />
      </div>
      <div className="card-actions">
        <SureButton label={t("action.delete")} sure={t("action.deleteNow")} needs={permission("repositories", "delete", template.url)} onSure={() => deleteTemplate(template)} onError={setError} />
      </div>
    </li>
  );
}
