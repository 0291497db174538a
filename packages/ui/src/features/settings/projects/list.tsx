import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { permission } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { FocusBack } from "../../../components/focus-back.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import { go, Link, setParameters, useRoute } from "../../../navigation.tsx";
import { pathOf } from "../../../routes.ts";
import { SettingsFrame } from "../frame.tsx";
import { useProjectChanges, useProjects } from "./use-projects.ts";

/** Settings → Projects: what applications of each may use, and a new one. */
export default function ProjectsPage() {
  const t = useText();
  const { parameters } = useRoute();
  const { data, error } = useProjects();
  const create = (
    <ActionButton size="sm" onClick={() => setParameters({ add: "true" })} needs={permission("projects", "create")}>
      {t("projects.new")}
    </ActionButton>
  );
  return (
    <SettingsFrame title={t("settings.projects")} actions={create}>
      <ErrorNotice error={error} />
      {data?.length === 0 && <p className="empty">{t("projects.none")}</p>}
      <ul className="cards">
        {(data ?? []).map(({ metadata: { name = "" }, spec }) => (
          <li key={name} className="card" data-project={name}>
            <div>
              <Link to={{ page: "project", name }}>{name}</Link>
              <small>{spec.description}</small>
            </div>
            <div>
              <small>{t("projects.counts", { sources: spec.sourceRepos?.length ?? 0, destinations: spec.destinations?.length ?? 0, roles: spec.roles?.length ?? 0 })}</small>
            </div>
          </li>
        ))}
      </ul>
      {parameters.has("add") && <NewProject onClose={() => setParameters({ add: undefined })} />}
    </SettingsFrame>
  );
}

function NewProject({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { create } = useProjectChanges();
  const { busy, error, submit } = useSubmit();
  const onSubmit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name") ?? "").trim();
    if (await submit(() => create(name, String(form.get("description") ?? "").trim()))) go(pathOf({ page: "project", name }));
  };
  return (
    <Dialog onClose={onClose} title={t("projects.new.title")}>
      <FocusBack />
      <form className="form" onSubmit={onSubmit}>
        <TextInput name="name" label={t("column.name")} required data-autofocus autoComplete="off" />
        <TextInput name="description" label={t("project.description")} autoComplete="off" />
        <p className="faint">{t("projects.new.about")}</p>
        <ErrorNotice error={error} />
        <div className="submit">
          <Button type="submit" size="sm" loading={busy}>
            {t("action.create")}
          </Button>
          <Button variant="default" size="sm" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
