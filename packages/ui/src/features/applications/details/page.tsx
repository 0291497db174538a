import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { ApiError, call } from "../../../api/client.ts";
import { applicationPermission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { Announce } from "../../../components/announce.tsx";
import { Ago } from "../../../components/ago.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { onDemand } from "../../../components/on-demand.tsx";
import { Status, useStateWord } from "../../../components/status.tsx";
import { useKeys } from "../../../components/use-keys.ts";
import { useTitle } from "../../../components/use-title.ts";
import { useText } from "../../../i18n/text.tsx";
import { Link, setParameters, useRoute } from "../../../navigation.tsx";
import type { Application } from "@trireme/api/argo";
import { destinationOf, isBusy, repositoryName, shortRevision, sourcesOf } from "../describe.ts";
import { DeletionNotice, PanelLinks, Panels } from "../inspect/panels.tsx";
import { ReleasesSection } from "../releases/section.tsx";
import { Operation } from "./operation/section.tsx";
import { useProgress } from "./operation/use-progress.ts";
import { applicationAddress, useApplication, useTakeIn, type ApplicationName } from "./use-application.ts";
import { preloadView, Views } from "./views/views.tsx";
import { WhyPanel } from "./why/panel.tsx";

const SyncPanel = onDemand(() => import("../sync/panel.tsx"));

/** One application: how it is and why, what it consists of, and what can be done with it. */
export default function ApplicationPage(of: ApplicationName) {
  const t = useText();
  const { parameters } = useRoute();
  const { state, tree, staleSince, why, releases } = useApplication(of);
  const progress = useProgress(state.data?.app);
  const { refresh, refreshing, error } = useRefresh(of);
  const controlPlane = useControlPlane();
  preloadView(parameters.get("view"));
  useTitle(of.name);
  const sync = (): void => setParameters({ deploy: "all" });
  useKeys({ r: () => void refresh("normal"), s: sync });

  if (state.data === undefined) return state.error === null ? null : <NotShown of={of} error={state.error} />;
  const { app, deleted } = state.data;
  return (
    <article className="application">
      <div className="bar">
        <nav aria-label={t("app.path")} className="crumbs">
          <Link to={{ page: "applications" }}>{t("list.title")}</Link>
          <span aria-hidden="true">/</span>
        </nav>
        <h1>{app.metadata.name}</h1>
        <div className="actions">
          <Button.Group>
            <ActionButton variant="default" loading={refreshing} onClick={() => void refresh("normal")}>
              {t("app.refresh")}
            </ActionButton>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" aria-label={t("app.refreshMore")} className="more">
                  ▾
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => void refresh("hard")}>{t("app.refreshHard")}</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Button.Group>
          <ActionButton onClick={sync} disabled={deleted} needs={applicationPermission(app, "sync", controlPlane)}>
            {t("app.sync")}
          </ActionButton>
          <ActionButton variant="default" onClick={() => setParameters({ delete: "true" })} disabled={deleted} needs={applicationPermission(app, "delete", controlPlane)}>
            {t("app.delete")}
          </ActionButton>
        </div>
      </div>
      <PanelLinks />
      <DeletionNotice app={app} deleted={deleted} />
      {deleted && <p className="notice" role="status">{t("app.deleted")}</p>}
      <ErrorNotice error={error} />
      <Spoken app={app} />
      <Summary app={app} />
      <WhyPanel of={of} app={app} tree={tree.data} why={why.data} releases={releases.data} onRefresh={(kind) => void refresh(kind)} onSync={(options) => setParameters({ deploy: "all", ...options })} />
      <Operation of={of} app={app} progress={progress} />
      <ReleasesSection of={of} app={app} releases={releases.data} />
      <Views of={of} app={app} tree={tree.data} staleSince={staleSince} error={tree.error} onOpen={(key) => setParameters({ node: key })} />
      {parameters.has("deploy") && <SyncPanel of={of} app={app} prune={parameters.get("prune") === "true"} onClose={() => setParameters({ deploy: undefined, prune: undefined })} />}
      <Panels of={of} app={app} deleted={deleted} tree={tree.data} progress={progress} />
    </article>
  );
}

/** Changes of health and sync, for those who hear the page. */
function Spoken({ app }: { app: Application }) {
  const t = useText();
  const word = useStateWord();
  const { status } = app;
  return <Announce text={`${t("column.health")}: ${word(status?.health?.status)}. ${t("column.sync")}: ${word(isBusy(app) ? "Running" : status?.sync?.status)}.`} />;
}

function Summary({ app }: { app: Application }) {
  const t = useText();
  const { spec, status } = app;
  return (
    <dl className="summary">
      <div>
        <dt>{t("column.health")}</dt>
        <dd data-testid="health">
          <Status value={status?.health?.status} />
        </dd>
      </div>
      <div>
        <dt>{t("column.sync")}</dt>
        <dd data-testid="sync">
          <Status value={status?.sync?.status} />
          <small>{[...(status?.sync?.revisions ?? []), ...(status?.sync?.revision ? [status.sync.revision] : [])].map(shortRevision).join(", ")}</small>
        </dd>
      </div>
      <div>
        <dt>{t("app.lastOperation")}</dt>
        <dd data-testid="operation">
          <Status value={isBusy(app) ? "Running" : (status?.operationState?.phase ?? "None")} />
          <small>
            <Ago time={status?.operationState?.finishedAt ?? status?.operationState?.startedAt} />
          </small>
        </dd>
      </div>
      {sourcesOf(app).map((source, index) => (
        <div key={index} className="wide">
          <dt>{t("column.source")}</dt>
          <dd>
            <span title={source.repoURL}>{[repositoryName(source.repoURL ?? ""), source.path ?? source.chart].filter(Boolean).join(" / ")}</span>
            <small>{source.targetRevision || "HEAD"}</small>
          </dd>
        </div>
      ))}
      <div>
        <dt>{t("column.destination")}</dt>
        <dd>
          <span>{spec.destination?.namespace}</span>
          <small>{destinationOf(app)}</small>
        </dd>
      </div>
      <div>
        <dt>{t("app.policy")}</dt>
        <dd>{spec.syncPolicy?.automated == null || spec.syncPolicy.automated.enabled === false ? t("policy.manual") : t("policy.automated")}</dd>
      </div>
    </dl>
  );
}

function useRefresh(of: ApplicationName) {
  const takeIn = useTakeIn(of);
  const [refreshing, setRefreshing] = useState(false);
  const [error, setError] = useState<unknown>();
  const refresh = async (kind: "normal" | "hard"): Promise<void> => {
    setRefreshing(true);
    setError(undefined);
    try {
      takeIn(await call("GET", applicationAddress(of, "", { refresh: kind })));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setRefreshing(false);
    }
  };
  return { refresh, refreshing, error };
}

/** Absent and forbidden are told alike. */
function NotShown({ of, error }: { of: ApplicationName; error: unknown }) {
  const t = useText();
  const hidden = error instanceof ApiError && (error.status === 403 || error.status === 404);
  return hidden ? (
    <p className="empty">
      {t("app.notShown", { name: of.name })} <Link to={{ page: "applications" }}>{t("app.toList")}</Link>
    </p>
  ) : (
    <ErrorNotice error={error} />
  );
}
