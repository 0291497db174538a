import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Application, ApplicationSource } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../../api/permissions.ts";
import { ActionButton } from "../../../../components/action-button.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { useSubmit } from "../../../../components/use-submit.ts";
import { useText } from "../../../../i18n/text.tsx";
import { repositoryName, sourcesOf } from "../../describe.ts";
import { applicationAddress, useTakeIn } from "../../details/use-application.ts";
import type { PanelProps } from "../panels.tsx";
import { DirectoryFields } from "./directory.tsx";
import { HelmFields } from "./helm.tsx";
import { KustomizeFields } from "./kustomize.tsx";
import { PluginFields } from "./plugin.tsx";

/** What the repository says of a source: POST /api/v1/repositories/{url}/appdetails. */
export interface SourceDetails {
  type?: string;
  helm?: { parameters?: { name?: string; value?: string }[] | null; valueFiles?: string[] | null; values?: string } | null;
  kustomize?: { images?: string[] | null } | null;
  plugin?: object | null;
}

/** How the sources are rendered: Helm parameters and values, Kustomize images, directory and plugin settings. Validated before they are saved. */
export default function ParametersPanel({ of, app, onHold }: PanelProps) {
  const t = useText();
  const takeIn = useTakeIn(of);
  const controlPlane = useControlPlane();
  const [index, setIndex] = useState(0);
  const [changes, setChanges] = useState<Record<number, ApplicationSource>>({});
  const { busy, error, submit } = useSubmit();
  const [saved, setSaved] = useState(false);
  const sources = sourcesOf(app);
  const stored = sources[index];
  const changed = Object.keys(changes).length > 0;
  useEffect(() => {
    onHold(changed);
    return () => onHold(false);
  }, [changed, onHold]);
  const details = useQuery({
    queryKey: ["source-details", of.namespace, of.name, index, stored, app.status?.sync?.revision],
    enabled: stored !== undefined,
    queryFn: ({ signal }) => call<SourceDetails>("POST", `api/v1/repositories/${encodeURIComponent(stored!.repoURL)}/appdetails`, { source: stored, appName: of.name, appProject: app.spec.project, sourceIndex: index }, signal),
    placeholderData: (before) => before,
    retry: false,
  });
  if (stored === undefined) return <p className="empty">{t("parameters.none")}</p>;
  const source = changes[index] ?? stored;
  const change = (next: ApplicationSource): void => {
    setSaved(false);
    setChanges({ ...changes, [index]: next });
  };
  const save = () =>
    submit(async () => {
      takeIn({ ...app, spec: await call("PUT", applicationAddress(of, "/spec"), specWith(app, sources.map((one, at) => changes[at] ?? one))) });
      setChanges({});
      setSaved(true);
    });
  const fields = { source, stored, onChange: change, details: details.data };
  return (
    <>
      <div className="sticky-bar">
        <div className="toolbar">
          {sources.length > 1 && <Select size="xs" aria-label={t("column.source")} allowDeselect={false} value={String(index)} onChange={(value) => setIndex(Number(value ?? 0))} data={sources.map((one, at) => ({ value: String(at), label: one.name || [repositoryName(one.repoURL), one.path ?? one.chart].filter(Boolean).join(" / ") }))} />}
          <span className="faint">{details.data?.type}</span>
          <span className="toolbar-end">
            <ActionButton loading={busy} disabled={!changed} needs={applicationPermission(app, "update", controlPlane)} onClick={() => void save()}>
              {t("edit.save")}
            </ActionButton>{" "}
            <Button variant="default" disabled={!changed} onClick={() => setChanges({})}>
              {t("parameters.reset")}
            </Button>
          </span>
        </div>
        <ErrorNotice error={error ?? details.error} />
        {saved && (
          <p className="notice" role="status">
            {t("parameters.saved")}
          </p>
        )}
      </div>
      <div className="form">
        {details.data?.type === "Helm" && <HelmFields {...fields} />}
        {details.data?.type === "Kustomize" && <KustomizeFields {...fields} />}
        {details.data?.type === "Directory" && <DirectoryFields {...fields} />}
        {(details.data?.type === "Plugin" || source.plugin !== undefined) && <PluginFields {...fields} />}
      </div>
    </>
  );
}

function specWith(app: Application, sources: readonly ApplicationSource[]): Application["spec"] {
  return (app.spec.sources?.length ?? 0) > 0 ? { ...app.spec, sources: [...sources] } : { ...app.spec, source: sources[0]! };
}

export interface FieldsProps {
  source: ApplicationSource;
  /** As it is saved. */
  stored: ApplicationSource;
  details: SourceDetails | undefined;
  onChange: (source: ApplicationSource) => void;
}
