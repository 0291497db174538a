import { Button, Checkbox, Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Application, ApplicationSource } from "@trireme/api/argo";
import { address, call } from "../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { Completion } from "../../../components/completion.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { FocusBack } from "../../../components/focus-back.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import "../../../styles/inspect.css";
import "../../../styles/create.css";
import { isBusy, repositoryName, sourcesOf } from "../describe.ts";
import { objectKey } from "../details/tree.ts";
import type { ObjectName } from "../details/types.ts";
import { applicationAddress, useTakeIn, type ApplicationName } from "../details/use-application.ts";
import { OptionFields } from "./option-fields.tsx";
import { choicesOf, RETRY, syncRequest, type ResourceRef, type SyncChoices } from "./request.ts";
import { ResourceChoice } from "./resource-choice.tsx";
import { RetryFields } from "./retry-fields.tsx";

interface Props {
  of: ApplicationName;
  app: Application;
  /** Chosen from the start. */
  prune: boolean;
  onClose: () => void;
}

const HEAD = "HEAD";

/** What is synced and how; SYNCHRONIZE starts it, and the page shows its progress. */
export default function SyncPanel({ of, app, prune, onClose }: Props) {
  const t = useText();
  const takeIn = useTakeIn(of);
  const controlPlane = useControlPlane();
  const [choices, setChoices] = useState<SyncChoices>(() => choicesOf(app, { prune }));
  const resources = (app.status?.resources ?? []).filter(({ hook }) => hook !== true);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const { busy, error, submit } = useSubmit();
  const set = (changes: Partial<SyncChoices>): void => setChoices({ ...choices, ...changes });
  const chosen = resources.filter((resource) => !left.has(objectKey(resource as ObjectName)));
  const sources = sourcesOf(app);

  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const some = chosen.length === resources.length ? undefined : chosen.map(({ group = "", kind = "", namespace = "", name = "" }): ResourceRef => ({ group, kind, namespace, name }));
    if (await submit(async () => takeIn(await call("POST", applicationAddress(of, "/sync"), syncRequest(app, { ...choices, resources: some }))))) onClose();
  };
  return (
    <Drawer opened onClose={onClose} size="min(760px, 100%)" title={t("sync.title", { name: of.name })} closeButtonProps={{ "aria-label": t("action.close") }}>
      <FocusBack />
      <form onSubmit={onSubmit} className="form">
        <div className="sticky-bar">
          <div className="toolbar">
            <ActionButton type="submit" size="sm" loading={busy} disabled={resources.length > 0 && chosen.length === 0} data-autofocus needs={applicationPermission(app, "sync", controlPlane)} blocked={isBusy(app) ? t("history.busy") : undefined}>
              {t("sync.submit")}
            </ActionButton>
            <Button variant="default" size="sm" onClick={onClose}>
              {t("action.cancel")}
            </Button>
          </div>
          <ErrorNotice error={error} />
        </div>
        {sources.map((source, index) => (
          <Revision key={index} source={source} project={app.spec.project} many={sources.length > 1} value={choices.revisions[index] ?? ""} onChange={(revision) => set({ revisions: sources.map((_, at) => (at === index ? revision : (choices.revisions[at] ?? ""))) })} />
        ))}
        <fieldset>
          <legend>{t("sync.how")}</legend>
          {(["prune", "dryRun", "applyOnly", "force"] as const).map((name) => (
            <Checkbox key={name} label={t(`sync.${name}`)} description={t(`sync.${name}.about`)} checked={choices[name]} onChange={(event) => set({ [name]: event.currentTarget.checked })} />
          ))}
        </fieldset>
        <OptionFields options={choices.options} onChange={(options) => set({ options })} />
        <fieldset>
          <legend>{t("sync.retry")}</legend>
          <Checkbox label={t("create.retry")} checked={choices.retry !== undefined} onChange={(event) => set({ retry: event.currentTarget.checked ? RETRY : undefined })} />
          {choices.retry !== undefined && <RetryFields retry={choices.retry} onChange={({ backoff, ...rest }) => set({ retry: { ...choices.retry, ...rest, ...(backoff && { backoff: { ...choices.retry?.backoff, ...backoff } }) } })} />}
        </fieldset>
        <ResourceChoice of={of} app={app} resources={resources} left={left} onLeft={setLeft} />
      </form>
    </Drawer>
  );
}

/** The revision that is synced instead of the one that is followed, completed from the repository. */
function Revision({ source, project, many, value, onChange }: { source: ApplicationSource; project: string | undefined; many: boolean; value: string; onChange: (revision: string) => void }) {
  const t = useText();
  const { repoURL = "", chart } = source;
  const refs = useQuery({
    queryKey: ["refs", repoURL, project],
    enabled: !chart,
    queryFn: ({ signal }) => call<{ branches?: string[] | null; tags?: string[] | null }>("GET", address(`api/v1/repositories/${encodeURIComponent(repoURL)}/refs`, { appProject: project }), undefined, signal),
    retry: false,
  });
  const names = [...(refs.data?.branches ?? []), ...(refs.data?.tags ?? [])];
  return <Completion label={many ? t("sync.revisionOf", { source: repositoryName(repoURL) }) : t("create.revision")} placeholder={source.targetRevision || HEAD} data={chart ? [] : [HEAD, ...names]} value={value} onChange={onChange} />;
}
