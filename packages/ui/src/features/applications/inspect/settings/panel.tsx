import { Autocomplete, Button, Checkbox, NumberInput, Select, TagsInput, TextInput } from "@mantine/core";
import "@mantine/core/styles/NumberInput.css";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import type { Application, ApplicationSource } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { OuterLink } from "../../../../components/outer-link.tsx";
import { useSubmit } from "../../../../components/use-submit.ts";
import { useText } from "../../../../i18n/text.tsx";
import { applicationAddress, useTakeIn, type ApplicationName } from "../../details/use-application.ts";
import type { PanelProps } from "../panels.tsx";
import { withDraft, draftOf, type Draft } from "./draft.ts";
import { KeyValues } from "./key-values.tsx";
import { Notifications } from "./notifications.tsx";
import { StatusBadge } from "./status-badge.tsx";

/** What a source follows that says nothing. */
const HEAD = "HEAD";

/** What an application is made from, where it goes, how it is synced, and what people noted about it; saved once the server finds it right. */
export default function DetailsPanel({ of, app, onHold }: PanelProps) {
  const t = useText();
  const takeIn = useTakeIn(of);
  const controlPlane = useControlPlane();
  const [edited, setEdited] = useState<Draft>();
  const { busy, error, submit } = useSubmit();
  const [saved, setSaved] = useState(false);
  const draft = edited ?? draftOf(app);
  const changed = edited !== undefined;
  const choices = useDestinations();
  useEffect(() => {
    onHold(changed);
    return () => onHold(false);
  }, [changed, onHold]);
  const set = (changes: Partial<Draft>): void => {
    setSaved(false);
    setEdited({ ...draft, ...changes });
  };
  const setSource = (index: number, changes: Partial<ApplicationSource>): void => set({ sources: draft.sources.map((one, at) => (at === index ? { ...one, ...changes } : one)) });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(async () => {
      takeIn(await call("PUT", applicationAddress(of), withDraft(app, draft)));
      setEdited(undefined);
      setSaved(true);
    });
  };
  return (
    <form className="form" onSubmit={onSubmit}>
      <div className="sticky-bar">
        <div className="toolbar">
          <Links of={of} app={app} />
          <span className="toolbar-end">
            <ActionButton type="submit" loading={busy} disabled={!changed} needs={applicationPermission(app, "update", controlPlane)}>
              {t("edit.save")}
            </ActionButton>{" "}
            <Button variant="default" disabled={!changed} onClick={() => setEdited(undefined)}>
              {t("parameters.reset")}
            </Button>
          </span>
        </div>
        <ErrorNotice error={error} />
        {saved && (
          <p className="notice" role="status">
            {t("parameters.saved")}
          </p>
        )}
      </div>
      {draft.sources.map((source, index) => (
        <fieldset key={index}>
          <legend>{draft.sources.length > 1 ? t("details.sourceOf", { number: index + 1 }) : t("create.source")}</legend>
          <TextInput label={t("create.repoURL")} required value={source.repoURL} onChange={(event) => setSource(index, { repoURL: event.currentTarget.value })} />
          <TextInput label={t("create.revision")} placeholder={HEAD} value={source.targetRevision ?? ""} onChange={(event) => setSource(index, { targetRevision: event.currentTarget.value })} />
          {source.chart === undefined ? <TextInput label={t("create.path")} value={source.path ?? ""} onChange={(event) => setSource(index, { path: event.currentTarget.value })} /> : <TextInput label={t("details.chart")} value={source.chart} onChange={(event) => setSource(index, { chart: event.currentTarget.value })} />}
        </fieldset>
      ))}
      <fieldset>
        <legend>{t("create.destination")}</legend>
        <Autocomplete label={t("create.project")} data={choices.projects} value={draft.project} onChange={(project) => set({ project })} />
        <Select label={t("create.cluster")} data={choices.clusters(draft.cluster)} value={draft.cluster} allowDeselect={false} onChange={(cluster) => set({ cluster: cluster ?? draft.cluster })} />
        <TextInput label={t("create.namespace")} value={draft.namespace} onChange={(event) => set({ namespace: event.currentTarget.value })} />
      </fieldset>
      <fieldset>
        <legend>{t("create.policy")}</legend>
        <Checkbox label={t("create.automated")} checked={draft.automated} onChange={(event) => set({ automated: event.currentTarget.checked })} />
        <Checkbox label={t("create.prune")} checked={draft.prune} disabled={!draft.automated} onChange={(event) => set({ prune: event.currentTarget.checked })} />
        <Checkbox label={t("create.selfHeal")} checked={draft.selfHeal} disabled={!draft.automated} onChange={(event) => set({ selfHeal: event.currentTarget.checked })} />
        <TagsInput label={t("sync.options")} data={["CreateNamespace=true", "ServerSideApply=true", "ApplyOutOfSyncOnly=true", "PruneLast=true", "RespectIgnoreDifferences=true", "PrunePropagationPolicy=foreground", "Replace=true", "Validate=false"]} value={draft.syncOptions} onChange={(syncOptions) => set({ syncOptions })} comboboxProps={{ transitionProps: { duration: 0 } }} />
        <NumberInput label={t("details.retryLimit")} description={t("details.retryLimit.about")} value={draft.retryLimit ?? ""} min={-1} onChange={(value) => set({ retryLimit: value === "" ? undefined : Number(value) })} />
        <NumberInput label={t("details.historyLimit")} value={draft.revisionHistoryLimit ?? ""} min={0} placeholder="10" onChange={(value) => set({ revisionHistoryLimit: value === "" ? undefined : Number(value) })} />
      </fieldset>
      <fieldset>
        <legend>{t("details.notes")}</legend>
        <KeyValues legend={t("details.info")} values={draft.info} onChange={(info) => set({ info })} />
        <KeyValues legend={t("fact.labels")} values={draft.labels} onChange={(labels) => set({ labels })} />
        <KeyValues legend={t("details.annotations")} values={draft.annotations} onChange={(annotations) => set({ annotations })} />
      </fieldset>
      <fieldset>
        <legend>{t("details.notifications")}</legend>
        <Notifications subscriptions={draft.subscriptions} onChange={(subscriptions) => set({ subscriptions })} />
      </fieldset>
      <StatusBadge of={of} />
    </form>
  );
}

/** What the settings' deep links, the application's own notes and its ingresses lead to. */
function Links({ of, app }: { of: ApplicationName; app: Application }) {
  const { data } = useQuery({ queryKey: ["application", of.namespace, of.name, "links"], queryFn: ({ signal }) => call<{ items?: { url?: string; title?: string; description?: string }[] | null }>("GET", applicationAddress(of, "/links"), undefined, signal) });
  const links = [...(app.status?.summary?.externalURLs ?? []).map((url) => ({ url })), ...(app.spec.info ?? []).map(({ name, value }) => ({ url: value, title: name })), ...(data?.items ?? [])];
  return (
    <span className="links">
      {links.map((link, index) => (
        <OuterLink key={index} {...link} />
      ))}
    </span>
  );
}

function useDestinations() {
  const projects = useQuery({ queryKey: ["projects"], queryFn: ({ signal }) => call<{ items?: { metadata: { name: string } }[] | null }>("GET", "api/v1/projects?fields=items.metadata.name", undefined, signal) });
  const clusters = useQuery({ queryKey: ["clusters"], queryFn: ({ signal }) => call<{ items?: { server: string; name?: string }[] | null }>("GET", "api/v1/clusters", undefined, signal) });
  return {
    projects: (projects.data?.items ?? []).map(({ metadata }) => metadata.name),
    clusters: (present: string) => [...new Map([[present, present], ["https://kubernetes.default.svc", "in-cluster"], ...(clusters.data?.items ?? []).map(({ server, name }): [string, string] => [server, name || server])])].map(([value, label]) => ({ value, label })),
  };
}

