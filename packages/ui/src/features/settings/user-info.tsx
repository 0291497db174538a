import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { permission, usePermissions } from "../../api/permissions.ts";
import { useTitle } from "../../components/use-title.ts";
import { useText } from "../../i18n/text.tsx";
import { Link } from "../../navigation.tsx";
import { useSession } from "../session/session.ts";
import { useProjectNames } from "./use-names.ts";

/** Rights in a project, and rights that know none: resource -> actions, as policies write them. */
const IN_PROJECT: Record<string, readonly string[]> = {
  applications: ["get", "create", "update", "delete", "sync", "override", "action/*"],
  applicationsets: ["get", "create", "update", "delete"],
  logs: ["get"],
  exec: ["create"],
};
const EVERYWHERE: Record<string, readonly string[]> = {
  projects: ["get", "create", "update", "delete"],
  repositories: ["get", "create", "update", "delete"],
  clusters: ["get", "create", "update", "delete"],
  certificates: ["get", "create", "delete"],
  gpgkeys: ["get", "delete"],
  accounts: ["get", "update"],
};

/** Who is signed in, and what they may do. */
export default function UserInfoPage() {
  const t = useText();
  const { data } = useSession();
  const projects = useProjectNames();
  const [chosen, setChosen] = useState("");
  const project = chosen || projects[0] || "default";
  const groups = data?.groups ?? [];
  useTitle(t("userInfo.title"));
  return (
    <section className="settings-page">
      <div className="bar">
        <h1>{t("userInfo.title")}</h1>
      </div>
      <dl className="summary">
        <div>
          <dt>{t("signIn.username")}</dt>
          <dd>{data?.username}</dd>
        </div>
        <div>
          <dt>{t("userInfo.issuer")}</dt>
          <dd>{data?.iss}</dd>
        </div>
        <div>
          <dt>{t("userInfo.groups")}</dt>
          <dd>{groups.length === 0 ? t("userInfo.noGroups") : groups.join(", ")}</dd>
        </div>
        <div>
          <dt>{t("userInfo.account")}</dt>
          <dd>{data?.username !== undefined && data.iss === "argocd" && <Link to={{ page: "account", name: data.username }}>{t("account.open")}</Link>}</dd>
        </div>
      </dl>
      <section className="panel" aria-labelledby="in-project">
        <div className="bar">
          <h2 id="in-project">{t("userInfo.inProject")}</h2>
          <NativeSelect aria-label={t("create.project")} size="xs" data={projects.length === 0 ? [project] : projects} value={project} onChange={(event) => setChosen(event.currentTarget.value)} />
        </div>
        <Rights rights={IN_PROJECT} object={`${project}/*`} />
      </section>
      <section className="panel" aria-labelledby="everywhere">
        <h2 id="everywhere">{t("userInfo.everywhere")}</h2>
        <Rights rights={EVERYWHERE} object="*" />
      </section>
    </section>
  );
}

function Rights({ rights, object }: { rights: Record<string, readonly string[]>; object: string }) {
  const t = useText();
  const pairs = Object.entries(rights).flatMap(([resource, actions]) => actions.map((action) => permission(resource, action, object)));
  const answers = usePermissions(pairs);
  const may = (resource: string, action: string): boolean | undefined => answers[pairs.findIndex((one) => one.resource === resource && one.action === action)];
  return (
    <dl className="rights">
      {Object.entries(rights).map(([resource, actions]) => (
        <div key={resource}>
          <dt>{resource}</dt>
          <dd>
            {actions.map((action) => {
              const allowed = may(resource, action);
              return (
                <span key={action} className={`right ${allowed === undefined ? "" : allowed ? "yes" : "no"}`}>
                  <span aria-hidden="true">{allowed === undefined ? "…" : allowed ? "✓" : "✗"}</span> {action} <span className="hidden-text">{allowed === undefined ? "" : t(allowed ? "userInfo.yes" : "userInfo.no")}</span>
                </span>
              );
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}
