import { Button, Checkbox, Drawer, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../api/client.ts";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { sourcesOf } from "../describe.ts";
import { objectKey } from "../details/tree.ts";
import type { ObjectName } from "../details/types.ts";
import { applicationAddress, useTakeIn, type ApplicationName } from "../details/use-application.ts";
import { SYNC_OPTIONS, syncRequest, type ResourceRef, type SyncChoices } from "./request.ts";

interface Props {
  of: ApplicationName;
  app: Application;
  /** Chosen from the start. */
  prune: boolean;
  onClose: () => void;
}

/** What is synced and how; SYNCHRONIZE starts it, and the page shows its progress. */
export default function SyncPanel({ of, app, prune, onClose }: Props) {
  const t = useText();
  const takeIn = useTakeIn(of);
  const [choices, setChoices] = useState<Omit<SyncChoices, "resources">>({ revision: "", prune, dryRun: false, applyOnly: false, force: false, options: [], retry: false });
  const resources = app.status?.resources ?? [];
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const set = (changes: Partial<SyncChoices>): void => setChoices({ ...choices, ...changes });
  const chosen = resources.filter((resource) => !left.has(objectKey(resource as ObjectName)));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const some = left.size === 0 ? undefined : chosen.map(({ group = "", kind = "", namespace = "", name = "" }): ResourceRef => ({ group, kind, namespace, name }));
      takeIn(await call("POST", applicationAddress(of, "/sync"), syncRequest(of.name, of.namespace, { ...choices, resources: some })));
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Drawer opened onClose={onClose} size="min(560px, 100%)" title={t("sync.title", { name: of.name })} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form onSubmit={submit} className="form">
        <div className="submit">
          <Button type="submit" size="sm" loading={busy} disabled={resources.length > 0 && chosen.length === 0} data-autofocus>
            {t("sync.submit")}
          </Button>
          <Button variant="default" size="sm" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        </div>
        <ErrorNotice error={error} />
        <TextInput label={t("create.revision")} placeholder={sourcesOf(app)[0]?.targetRevision || "HEAD"} value={choices.revision} onChange={(event) => set({ revision: event.currentTarget.value.trim() })} disabled={sourcesOf(app).length > 1} />
        <fieldset>
          <legend>{t("sync.how")}</legend>
          {(["prune", "dryRun", "applyOnly", "force", "retry"] as const).map((name) => (
            <Checkbox key={name} label={t(`sync.${name}`)} description={t(`sync.${name}.about`)} checked={choices[name]} onChange={(event) => set({ [name]: event.currentTarget.checked })} />
          ))}
        </fieldset>
        <fieldset>
          <legend>{t("sync.options")}</legend>
          {SYNC_OPTIONS.map((option) => (
            <Checkbox key={option} label={t(`sync.option.${option}`)} checked={choices.options.includes(option)} onChange={(event) => set({ options: event.currentTarget.checked ? [...choices.options, option] : choices.options.filter((one) => one !== option) })} />
          ))}
        </fieldset>
        <fieldset>
          <legend>{t("sync.resources", { count: chosen.length, total: resources.length })}</legend>
          <div className="choose">
            <Button variant="subtle" onClick={() => setLeft(new Set())}>{t("sync.all")}</Button>
            <Button variant="subtle" onClick={() => setLeft(new Set(resources.filter(({ status }) => status !== "OutOfSync").map((resource) => objectKey(resource as ObjectName))))}>{t("sync.outOfSync")}</Button>
            <Button variant="subtle" onClick={() => setLeft(new Set(resources.map((resource) => objectKey(resource as ObjectName))))}>{t("sync.none")}</Button>
          </div>
          {resources.map((resource) => {
            const key = objectKey(resource as ObjectName);
            const toggle = (on: boolean): void => {
              const next = new Set(left);
              if (on) next.delete(key);
              else next.add(key);
              setLeft(next);
            };
            return (
              <div key={key} className="choice">
                <Checkbox label={`${resource.kind} ${resource.name}`} checked={!left.has(key)} onChange={(event) => toggle(event.currentTarget.checked)} />
                <Status value={resource.status} />
              </div>
            );
          })}
        </fieldset>
      </form>
    </Drawer>
  );
}
