import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { Link } from "../../../navigation.tsx";
import { SettingsFrame } from "../frame.tsx";
import { useClusters, type Cluster } from "./use-clusters.ts";

const COMMAND = "argocd cluster add CONTEXT";

/** Settings → Clusters: where applications can go, and what is known of each. */
export default function ClustersPage() {
  const t = useText();
  const { data, error } = useClusters();
  return (
    <SettingsFrame title={t("settings.clusters")}>
      <ErrorNotice error={error} />
      {data?.length === 0 && <p className="empty">{t("clusters.none")}</p>}
      <ul className="cards">
        {(data ?? []).map((cluster) => (
          <Row key={cluster.server} cluster={cluster} />
        ))}
      </ul>
      <p className="faint hint">
        {t("clusters.add")} <code>{COMMAND}</code>
      </p>
    </SettingsFrame>
  );
}

function Row({ cluster }: { cluster: Cluster }) {
  const t = useText();
  const { server, name, project, info } = cluster;
  const state = info?.connectionState ?? cluster.connectionState;
  const count = Number(info?.applicationsCount ?? 0);
  return (
    <li className="card" data-cluster={server}>
      <div>
        <Link to={{ page: "cluster", server }}>{name || server}</Link>
        <small>{[server, project].filter(Boolean).join(" · ")}</small>
        {state?.status === "Failed" && <p className="notice failed">{state.message}</p>}
      </div>
      <div>
        <span>{info?.serverVersion || cluster.serverVersion}</span>
        <small>{t("clusters.applications", { count })}</small>
      </div>
      <div>
        <Status value={count === 0 && state?.status === "Unknown" ? "Unwatched" : state?.status} what={t("repos.state")} />
      </div>
    </li>
  );
}
