import { Autocomplete, Button, Checkbox, Drawer, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { dump } from "js-yaml";
import { useState, type FormEvent } from "react";
import { call } from "../../../api/client.ts";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import { go } from "../../../navigation.tsx";
import { pathOf } from "../../../routes.ts";
import { useRepositories } from "../../repositories/use-repositories.ts";
import { applicationOf, EMPTY, type ApplicationForm } from "./application.ts";

type TextField = { [K in keyof ApplicationForm]: ApplicationForm[K] extends string ? K : never }[keyof ApplicationForm];
type Switch = Exclude<keyof ApplicationForm, TextField>;

/** A new application as a form, with what it will be as YAML beside it. */
export default function CreateApplication({ onClose }: { onClose: () => void }) {
  const t = useText();
  const [form, setForm] = useState<ApplicationForm>(EMPTY);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const choices = useChoices(form.repoURL, form.revision);
  const set = (changes: Partial<ApplicationForm>): void => setForm({ ...form, ...changes });
  const field = (name: TextField) => ({ label: t(`create.${name}`), value: form[name], onChange: (value: string) => set({ [name]: value }) });
  const onOff = (name: Switch) => ({ label: t(`create.${name}`), checked: form[name], onChange: (event: { currentTarget: { checked: boolean } }) => set({ [name]: event.currentTarget.checked }) });

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { metadata } = await call<{ metadata: { name: string; namespace: string } }>("POST", "api/v1/applications", applicationOf(form));
      go(pathOf({ page: "application", ...metadata }));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Drawer opened onClose={onClose} size="min(1000px, 100%)" title={t("create.title")} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form onSubmit={submit} className="create">
        <div className="form">
          <div className="submit">
            <Button type="submit" size="sm" loading={busy}>
              {t("create.submit")}
            </Button>
            <Button variant="default" size="sm" onClick={onClose}>
              {t("action.cancel")}
            </Button>
          </div>
          <ErrorNotice error={error} />
          <fieldset>
            <legend>{t("create.general")}</legend>
            <TextInput {...field("name")} onChange={(event) => set({ name: event.currentTarget.value })} required data-autofocus autoComplete="off" />
            <Autocomplete {...field("project")} data={choices.projects} required />
          </fieldset>
          <fieldset>
            <legend>{t("create.source")}</legend>
            <Autocomplete {...field("repoURL")} data={choices.repositories} required />
            <Autocomplete {...field("revision")} data={choices.revisions} />
            <Autocomplete {...field("path")} data={choices.paths} placeholder="." error={choices.pathsError} />
          </fieldset>
          <fieldset>
            <legend>{t("create.destination")}</legend>
            <Select label={t("create.cluster")} data={choices.clusters} value={form.cluster} allowDeselect={false} onChange={(cluster) => set({ cluster: cluster ?? form.cluster })} />
            <TextInput {...field("namespace")} onChange={(event) => set({ namespace: event.currentTarget.value })} autoComplete="off" />
            <Checkbox {...onOff("createNamespace")} />
          </fieldset>
          <fieldset>
            <legend>{t("create.policy")}</legend>
            <Checkbox {...onOff("automated")} />
            {form.automated && <Checkbox {...onOff("prune")} />}
            {form.automated && <Checkbox {...onOff("selfHeal")} />}
          </fieldset>
        </div>
        <pre className="manifest" tabIndex={0} aria-label={t("create.yaml")}>
          {dump(applicationOf(form))}
        </pre>
      </form>
    </Drawer>
  );
}

/** What can be chosen: from the settings, and, once a repository is named, from the repository. */
function useChoices(repoURL: string, revision: string) {
  const repositories = useRepositories();
  const projects = useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => call<{ items?: { metadata: { name: string } }[] | null }>("GET", "api/v1/projects?fields=items.metadata.name", undefined, signal) });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: ({ signal }) => call<{ items?: { server: string; name?: string }[] | null }>("GET", "api/v1/clusters", undefined, signal) });
  const known = repositories.data?.some(({ repo }) => repo === repoURL) === true;
  const at = `api/v1/repositories/${encodeURIComponent(repoURL)}`;
  const refs = useQuery({ queryKey: ["refs", repoURL], enabled: known, queryFn: ({ signal }) => call<{ branches?: string[] | null; tags?: string[] | null }>("GET", `${at}/refs`, undefined, signal) });
  const names = [...(refs.data?.branches ?? []), ...(refs.data?.tags ?? [])];
  const asked = revision === "" || revision === "HEAD" || names.includes(revision);
  const paths = useQuery({ queryKey: ["paths", repoURL, revision], enabled: known && asked, queryFn: ({ signal }) => call<{ items?: { path: string; type: string }[] | null }>("GET", `${at}/apps?revision=${encodeURIComponent(revision || "HEAD")}`, undefined, signal) });
  return {
    repositories: (repositories.data ?? []).map(({ repo }) => repo),
    projects: (projects.data?.items ?? []).map(({ metadata }) => metadata.name),
    clusters: [...new Map([["https://kubernetes.default.svc", "in-cluster"], ...(clusters.data?.items ?? []).map(({ server, name }): [string, string] => [server, name || server])])].map(([value, label]) => ({ value, label })),
    revisions: ["HEAD", ...names],
    paths: (paths.data?.items ?? []).map(({ path }) => path),
    pathsError: paths.error?.message,
  };
}
