import { Button, Checkbox, NativeSelect, Textarea } from "@mantine/core";
import { compareResourceVersions } from "@trireme/api";
import type { AppProject, AppProjectSpec, SyncWindow } from "@trireme/api/argo";
import { useEffect, useState, type FormEvent } from "react";
import { permission, useMissing } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { OuterLink } from "../../../components/outer-link.tsx";
import { SureButton } from "../../../components/sure-button.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import { go } from "../../../navigation.tsx";
import { pathOf } from "../../../routes.ts";
import { SettingsFrame } from "../frame.tsx";
import { carriedOver } from "./carried-over.ts";
import { RowsEditor, type Row } from "../rows-editor.tsx";
import { ProjectRoles, RoleTokens } from "./roles.tsx";
import { ProjectWindows } from "./windows.tsx";
import { useActiveWindows, useProject, useProjectChanges, useProjectLinks, type DetailedProject } from "./use-projects.ts";

/** One project: what its applications may take, where they may go, when and by whom they are synced. */
export default function ProjectPage({ name }: { name: string }) {
  const t = useText();
  const { data, error } = useProject(name);
  const windows = useActiveWindows(name);
  const { remove } = useProjectChanges();
  const { error: failed, setError } = useSubmit();
  const [unsaved, setUnsaved] = useState(false);
  const actions = (
    <SureButton
      label={t("action.delete")}
      sure={t("action.deleteNow")}
      needs={permission("projects", "delete", name)}
      blocked={name === "default" ? t("project.default") : undefined}
      onSure={async () => {
        await remove(name);
        go(pathOf({ page: "projects" }));
      }}
      onError={setError}
    />
  );
  return (
    <SettingsFrame title={name} above={{ to: { page: "projects" }, title: t("settings.projects") }} actions={actions}>
      <ErrorNotice error={error ?? failed} />
      <Links name={name} />
      {data !== undefined && <Editor detailed={data} active={windows.data ?? []} onUnsaved={setUnsaved} />}
      {data !== undefined && <RoleTokens project={data.project} blocked={unsaved ? t("project.saveFirst") : undefined} />}
    </SettingsFrame>
  );
}

function Links({ name }: { name: string }) {
  const t = useText();
  const { data = [] } = useProjectLinks(name);
  if (data.length === 0) return null;
  return (
    <nav className="outer-links" aria-label={t("fact.links")}>
      {data.map((link, index) => (
        <OuterLink key={index} {...link} />
      ))}
    </nav>
  );
}

function Editor({ detailed, active, onUnsaved }: { detailed: DetailedProject; active: readonly SyncWindow[]; onUnsaved: (unsaved: boolean) => void }) {
  const t = useText();
  const newest = detailed.project;
  const name = newest.metadata.name ?? "";
  const { save } = useProjectChanges();
  const { busy, error, setError, submit } = useSubmit();
  /** What is changed here began from this. */
  const [project, setProject] = useState(newest);
  const [spec, setSpec] = useState<AppProjectSpec>(project.spec);
  const begin = (from: AppProject, now = from.spec): void => {
    setProject(from);
    setSpec(now);
  };
  const update = permission("projects", "update", name);
  const readOnly = useMissing([update]).length > 0;
  const set = (changes: Partial<AppProjectSpec>): void => setSpec({ ...spec, ...changes });
  const changed = JSON.stringify(spec) !== JSON.stringify(project.spec);
  const { resourceVersion: began } = project.metadata;
  const isOld = compareResourceVersions(newest.metadata.resourceVersion, began) > 0;
  if (isOld && !changed) begin(newest);
  useEffect(() => onUnsaved(changed), [changed, onUnsaved]);
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { name: _name, namespace, labels, annotations, finalizers, resourceVersion } = project.metadata;
    await submit(async () => begin(await save({ metadata: { name, namespace, labels, annotations, finalizers, resourceVersion }, spec } as AppProject)));
  };
  const names = (key: "sourceRepos" | "sourceNamespaces", label: string, about: string, none: string, placeholder: string) => (
    <RowsEditor legend={label} about={about} none={none} columns={[{ key: "value", label, placeholder, wide: true }]} rows={(spec[key] ?? []).map((value) => ({ value }))} fresh={{ value: "" }} readOnly={readOnly} onChange={(rows) => set({ [key]: rows.map(({ value }) => String(value)) })} />
  );
  const rows = (key: "destinations" | "destinationServiceAccounts" | "clusterResourceWhitelist" | "clusterResourceBlacklist" | "namespaceResourceWhitelist" | "namespaceResourceBlacklist", label: string, none: string, columns: Parameters<typeof RowsEditor>[0]["columns"], fresh: Row, about?: string) => (
    <RowsEditor legend={label} {...(about !== undefined && { about })} none={none} columns={columns} rows={(spec[key] ?? []) as unknown as Row[]} fresh={fresh} readOnly={readOnly} onChange={(value) => set({ [key]: value } as Partial<AppProjectSpec>)} />
  );
  const kind = [{ key: "group", label: t("project.group"), placeholder: "apps" }, { key: "kind", label: t("project.kind"), placeholder: "Deployment" }];
  const anyKind = { group: "*", kind: "*" };
  const orphans = spec.orphanedResources;
  return (
    <form key={began} className="project-form" onSubmit={onSubmit}>
      <div className={`save-bar ${changed ? "changed" : ""}`}>
        <ActionButton type="submit" size="sm" loading={busy} disabled={!changed} needs={update}>
          {t("action.save")}
        </ActionButton>
        {changed && (
          <Button variant="default" size="sm" onClick={() => setSpec(project.spec)}>
            {t("action.undo")}
          </Button>
        )}
        <span role="status" className="faint">
          {changed ? t("project.changed") : ""}
        </span>
      </div>
      {isOld && changed ? (
        <div className="notice" role="status">
          <p>{t("project.changedElsewhere")}</p>
          <div className="submit">
            <Button variant="default" onClick={() => (setError(undefined), begin(newest, carriedOver(project.spec, spec, newest.spec)))}>
              {t("project.carryOver")}
            </Button>
            <Button variant="subtle" onClick={() => (setError(undefined), begin(newest))}>
              {t("project.takeTheirs")}
            </Button>
          </div>
        </div>
      ) : (
        <ErrorNotice error={error} />
      )}
      <Inherited detailed={detailed} />
      <fieldset>
        <legend>{t("create.general")}</legend>
        <Textarea label={t("project.description")} value={spec.description ?? ""} rows={2} readOnly={readOnly} onChange={(event) => set({ description: event.currentTarget.value })} />
        <Checkbox label={t("project.ownClusters")} checked={spec.permitOnlyProjectScopedClusters ?? false} disabled={readOnly} onChange={(event) => set({ permitOnlyProjectScopedClusters: event.currentTarget.checked })} />
      </fieldset>
      {names("sourceRepos", t("project.sources"), t("project.sources.about"), t("project.nothing"), "https://git.example.com/team/*")}
      {names("sourceNamespaces", t("project.sourceNamespaces"), t("project.sourceNamespaces.about"), t("project.sourceNamespaces.none"), "team-*")}
      {rows("destinations", t("project.destinations"), t("project.nothing"), [{ key: "server", label: t("cluster.server"), placeholder: "https://kubernetes.default.svc" }, { key: "name", label: t("project.clusterName"), placeholder: "in-cluster" }, { key: "namespace", label: t("create.namespace"), placeholder: "team-*" }], { server: "", namespace: "" }, t("project.destinations.about"))}
      {rows("destinationServiceAccounts", t("project.accounts"), t("project.accounts.none"), [{ key: "server", label: t("cluster.server"), placeholder: "https://kubernetes.default.svc" }, { key: "namespace", label: t("create.namespace") }, { key: "defaultServiceAccount", label: t("project.account") }], { server: "", namespace: "", defaultServiceAccount: "" })}
      {rows("clusterResourceWhitelist", t("project.clusterAllow"), t("project.nothing"), [...kind, { key: "name", label: t("project.objectName") }], anyKind)}
      {rows("clusterResourceBlacklist", t("project.clusterDeny"), t("project.noDeny"), [...kind, { key: "name", label: t("project.objectName") }], anyKind)}
      <fieldset className="rows-editor">
        <legend>{t("project.namespaceAllow")}</legend>
        <NativeSelect aria-label={t("project.namespaceAllow")} disabled={readOnly} value={spec.namespaceResourceWhitelist === undefined || spec.namespaceResourceWhitelist === null ? "all" : "these"} onChange={(event) => (event.currentTarget.value === "all" ? setSpec(({ namespaceResourceWhitelist: _all, ...rest }) => rest) : set({ namespaceResourceWhitelist: [] }))} data={[{ value: "all", label: t("project.allKinds") }, { value: "these", label: t("project.theseKinds") }]} />
      </fieldset>
      {spec.namespaceResourceWhitelist != null && rows("namespaceResourceWhitelist", t("project.namespaceAllowed"), t("project.nothing"), kind, anyKind)}
      {rows("namespaceResourceBlacklist", t("project.namespaceDeny"), t("project.noDeny"), kind, anyKind)}
      <fieldset>
        <legend>{t("project.orphans")}</legend>
        <Checkbox label={t("project.orphans.watch")} checked={orphans != null} disabled={readOnly} onChange={(event) => (event.currentTarget.checked ? set({ orphanedResources: { warn: true } }) : setSpec(({ orphanedResources: _none, ...rest }) => rest))} />
        {orphans != null && <Checkbox label={t("project.orphans.warn")} checked={orphans.warn ?? false} disabled={readOnly} onChange={(event) => set({ orphanedResources: { ...orphans, warn: event.currentTarget.checked } })} />}
        {orphans != null && <RowsEditor legend={t("project.orphans.ignore")} none={t("project.orphans.noIgnore")} columns={[...kind, { key: "name", label: t("project.objectName"), placeholder: "kube-*" }]} rows={(orphans.ignore ?? []) as Row[]} fresh={{ group: "", kind: "", name: "" }} readOnly={readOnly} onChange={(ignore) => set({ orphanedResources: { ...orphans, ignore } })} />}
      </fieldset>
      <ProjectWindows windows={spec.syncWindows ?? []} active={active} readOnly={readOnly} onChange={(syncWindows) => set({ syncWindows })} />
      <ProjectRoles project={project} roles={spec.roles ?? []} readOnly={readOnly} onChange={(roles) => set({ roles })} />
      <RowsEditor legend={t("project.keys")} about={t("gpg.notYet")} none={t("project.keys.none")} columns={[{ key: "keyID", label: t("project.keyId"), placeholder: "4AEE18F83AFDEB23" }]} rows={(spec.signatureKeys ?? []) as unknown as Row[]} fresh={{ keyID: "" }} readOnly={readOnly} onChange={(keys) => set({ signatureKeys: keys as unknown as NonNullable<AppProjectSpec["signatureKeys"]> })} />
    </form>
  );
}

/** What counts here too, and is changed elsewhere. */
function Inherited({ detailed: { globalProjects, repositories, clusters } }: { detailed: DetailedProject }) {
  const t = useText();
  const parts: [string, string[]][] = [
    [t("project.inherits"), (globalProjects ?? []).map(({ metadata }) => metadata.name ?? "")],
    [t("project.ownRepositories"), (repositories ?? []).map(({ name, repo }) => name || repo)],
    [t("project.ownClustersList"), (clusters ?? []).map(({ name, server }) => name || server)],
  ];
  const told = parts.filter(([, names]) => names.length > 0);
  if (told.length === 0) return null;
  return (
    <dl className="summary">
      {told.map(([title, names]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{names.join(", ")}</dd>
        </div>
      ))}
    </dl>
  );
}
