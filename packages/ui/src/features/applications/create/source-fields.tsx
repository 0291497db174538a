import { Button, SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import type { ApplicationSource } from "@trireme/api/argo";
import { Completion } from "../../../components/completion.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useText } from "../../../i18n/text.tsx";
import type { Repository } from "../../repositories/use-repositories.ts";
import { DirectoryFields } from "../inspect/parameters/directory.tsx";
import { HelmFields } from "../inspect/parameters/helm.tsx";
import { KustomizeFields } from "../inspect/parameters/kustomize.tsx";
import { PluginFields } from "../inspect/parameters/plugin.tsx";
import { HEAD } from "./form.ts";
import type { Refusal } from "./refusal.ts";
import { ORIGINS, withOrigin, withRepository } from "./source.ts";
import { useSourceChoices } from "./use-choices.ts";

const TOOLS = ["Directory", "Helm", "Kustomize", "Plugin"] as const;
/** The repository's own folder. */
const ROOT = ".";

interface Props {
  source: ApplicationSource;
  /** Its place among several; undefined: it is the only one. */
  number: number | undefined;
  project: string;
  name: string;
  repositories: readonly Repository[];
  refused: Refusal["fields"];
  onChange: (source: ApplicationSource) => void;
  onRemove: () => void;
}

/** Where one source comes from, which part and version of it, and how it is rendered. */
export function SourceFields({ source, number, project, name, repositories, refused, onChange, onRemove }: Props) {
  const t = useText();
  const choices = useSourceChoices(source, { project, name, repositories });
  const [chosen, setChosen] = useState<string>();
  const { origin } = choices;
  const set = (changes: Partial<ApplicationSource>): void => onChange({ ...source, ...changes });
  const written = TOOLS.find((one) => source[one.toLowerCase() as "helm"] !== undefined && source[one.toLowerCase() as "helm"] !== null);
  const tool = chosen ?? written ?? choices.type;
  const fields = { source, stored: source, details: choices.details, onChange };
  return (
    <fieldset data-source={number ?? 1}>
      <legend>{number === undefined ? t("create.source") : t("details.sourceOf", { number })}</legend>
      <SegmentedControl size="xs" className="start" aria-label={t("create.origin")} value={origin} onChange={(value) => onChange(withOrigin(source, ORIGINS.find((one) => one === value) ?? "git"))} data={ORIGINS.map((value) => ({ value, label: t(`create.origin.${value}`) }))} />
      <Completion label={t("create.repoURL")} data={[...new Set(repositories.map(({ repo }) => repo))]} value={source.repoURL ?? ""} onChange={(repoURL) => onChange(withRepository(source, repoURL, repositories))} error={refused.repoURL} required />
      {origin === "git" ? (
        <>
          <Completion label={t("create.revision")} data={choices.revisions} placeholder={HEAD} value={source.targetRevision ?? ""} onChange={(targetRevision) => set({ targetRevision })} error={refused.targetRevision} />
          <Completion label={t("create.path")} description={choices.morePaths && t("create.path.more")} data={choices.paths} placeholder={ROOT} value={source.path ?? ""} onChange={(path) => set({ path })} error={refused.path} />
        </>
      ) : (
        <>
          <Completion label={t("details.chart")} data={choices.charts} value={source.chart ?? ""} onChange={(chart) => set({ chart })} error={refused.chart} required />
          <Completion label={t("create.version")} data={choices.revisions} onFocus={choices.onChartNamed} value={source.targetRevision ?? ""} onChange={(targetRevision) => set({ targetRevision })} error={refused.targetRevision} required />
        </>
      )}
      <ErrorNotice error={choices.error} />
      {tool !== undefined && (
        <details className="more-fields" data-tool={tool}>
          <summary>{t("create.tool", { tool })}</summary>
          <div className="form">
            <Select label={t("create.toolChosen")} description={choices.type === undefined ? undefined : t("create.toolFound", { tool: choices.type })} data={[...TOOLS]} value={tool} allowDeselect={false} onChange={(value) => setChosen(value ?? undefined)} comboboxProps={{ transitionProps: { duration: 0 } }} />
            {tool === "Helm" && <HelmFields {...fields} />}
            {tool === "Kustomize" && <KustomizeFields {...fields} />}
            {tool === "Directory" && <DirectoryFields {...fields} />}
            {tool === "Plugin" && <PluginFields {...fields} />}
          </div>
        </details>
      )}
      {number !== undefined && (
        <div>
          <Button variant="subtle" color="red" onClick={onRemove}>
            {t("create.removeSource", { number })}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
