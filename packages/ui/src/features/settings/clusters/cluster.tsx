import { Button, Checkbox, TagsInput, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { ActionButton } from "../../../components/action-button.tsx";
import { Ago } from "../../../components/ago.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { SureButton } from "../../../components/sure-button.tsx";
import { useSubmit } from "../../../components/use-submit.ts";
import { useText } from "../../../i18n/text.tsx";
import { go } from "../../../navigation.tsx";
import { pathOf } from "../../../routes.ts";
import { SettingsFrame } from "../frame.tsx";
import { clusterPermission, useCluster, useClusterChanges, type Cluster } from "./use-clusters.ts";

/** One cluster: whether it answers, what is held of it, and what can be changed. */
export default function ClusterPage({ server }: { server: string }) {
  const t = useText();
  const { data, error } = useCluster(server);
  const { invalidate, remove } = useClusterChanges();
  const { busy, error: failed, setError, submit } = useSubmit();
  const cluster = data ?? { server };
  const actions = (
    <>
      <ActionButton variant="default" size="sm" loading={busy} needs={clusterPermission("update", cluster)} onClick={() => void submit(() => invalidate(server))}>
        {t("cluster.invalidate")}
      </ActionButton>
      <SureButton
        label={t("action.delete")}
        sure={t("action.deleteNow")}
        needs={clusterPermission("delete", cluster)}
        onSure={async () => {
          await remove(server);
          go(pathOf({ page: "clusters" }));
        }}
        onError={setError}
      />
    </>
  );
  return (
    <SettingsFrame title={data?.name || server} above={{ to: { page: "clusters" }, title: t("settings.clusters") }} actions={actions}>
      <ErrorNotice error={error ?? failed} />
      {data !== undefined && <Facts cluster={data} />}
      {data !== undefined && <Edit key={JSON.stringify([data.name, data.namespaces, data.project])} cluster={data} />}
    </SettingsFrame>
  );
}

function Facts({ cluster }: { cluster: Cluster }) {
  const t = useText();
  const { info } = cluster;
  const state = info?.connectionState ?? cluster.connectionState;
  const applications = Number(info?.applicationsCount ?? 0);
  return (
    <>
      <dl className="summary">
        <div>
          <dt>{t("repos.state")}</dt>
          <dd data-testid="connection">
            <Status value={applications === 0 && state?.status === "Unknown" ? "Unwatched" : state?.status} />
            <small>
              <Ago time={state?.attemptedAt} />
            </small>
          </dd>
        </div>
        <div>
          <dt>{t("cluster.version")}</dt>
          <dd>{info?.serverVersion || cluster.serverVersion || "–"}</dd>
        </div>
        <div>
          <dt>{t("list.title")}</dt>
          <dd>{applications}</dd>
        </div>
        <div>
          <dt>{t("cluster.kinds")}</dt>
          <dd>{Number(info?.cacheInfo?.apisCount ?? 0)}</dd>
        </div>
        <div>
          <dt>{t("cluster.objects")}</dt>
          <dd>{Number(info?.cacheInfo?.resourcesCount ?? 0)}</dd>
        </div>
        <div>
          <dt>{t("cluster.listed")}</dt>
          <dd>{info?.cacheInfo?.lastCacheSyncTime ? <Ago time={info.cacheInfo.lastCacheSyncTime} /> : "–"}</dd>
        </div>
        <div>
          <dt>{t("cluster.server")}</dt>
          <dd>{cluster.server}</dd>
        </div>
      </dl>
      {applications > 0 && state?.message && <p className={`notice ${state.status === "Failed" ? "failed" : ""}`}>{state.message}</p>}
      {applications === 0 && <p className="notice">{t("cluster.unwatched")}</p>}
    </>
  );
}

const FIELDS = ["name", "namespaces", "clusterResources", "project"] as const;

function Edit({ cluster }: { cluster: Cluster }) {
  const t = useText();
  const { change } = useClusterChanges();
  const { busy, error, submit } = useSubmit();
  const [draft, setDraft] = useState<Cluster>(cluster);
  const set = (changes: Partial<Cluster>): void => setDraft({ ...draft, ...changes });
  const changed = FIELDS.filter((field) => JSON.stringify(draft[field] ?? "") !== JSON.stringify(cluster[field] ?? ""));
  const namespaces = draft.namespaces ?? [];
  const onSubmit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await submit(() => change(draft, changed));
  };
  return (
    <form className="panel form narrow" onSubmit={onSubmit}>
      <h2>{t("cluster.edit")}</h2>
      <TextInput label={t("column.name")} value={draft.name ?? ""} onChange={(event) => set({ name: event.currentTarget.value })} required />
      <TagsInput label={t("cluster.namespaces")} description={t("cluster.namespaces.about")} value={[...namespaces]} onChange={(value) => set({ namespaces: value })} comboboxProps={{ transitionProps: { duration: 0 } }} />
      {namespaces.length > 0 && <Checkbox label={t("cluster.clusterResources")} checked={draft.clusterResources ?? false} onChange={(event) => set({ clusterResources: event.currentTarget.checked })} />}
      <TextInput label={t("repos.project")} value={draft.project ?? ""} onChange={(event) => set({ project: event.currentTarget.value })} />
      <ErrorNotice error={error} />
      <div className="submit">
        <ActionButton type="submit" size="sm" loading={busy} disabled={changed.length === 0} needs={[clusterPermission("update", cluster), ...(changed.includes("project") ? [clusterPermission("update", draft)] : [])]}>
          {t("action.save")}
        </ActionButton>
        {changed.length > 0 && (
          <Button variant="default" size="sm" onClick={() => setDraft(cluster)}>
            {t("action.undo")}
          </Button>
        )}
      </div>
    </form>
  );
}
