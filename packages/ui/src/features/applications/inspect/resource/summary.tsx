import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Application } from "@trireme/api/argo";
import { call } from "../../../../api/client.ts";
import { Ago } from "../../../../components/ago.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { OuterLink } from "../../../../components/outer-link.tsx";
import { outerLink } from "../../../../components/safe-link.ts";
import { Status } from "../../../../components/status.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { Link, setParameters } from "../../../../navigation.tsx";
import { objectKey } from "../../details/tree.ts";
import type { ObjectName, Tree } from "../../details/types.ts";
import { applicationAddress, type ApplicationName } from "../../details/use-application.ts";
import { descendants, objectParameters, type Subject } from "../subject.ts";
import { conditionsOf, containersOf } from "./live-facts.ts";
import { useLiveManifest } from "./use-manifest.ts";

/** What people ask first: how it is, since when, what it runs, and what it belongs to. */
export function Summary({ of, subject, tree }: { of: ApplicationName; app: Application; subject: Subject; tree: Tree }) {
  const t = useText();
  const { kind, group = "", namespace = "", name, node, declared } = subject;
  const { data: manifest, error } = useLiveManifest(of, subject);
  const live = manifest === undefined || manifest === "" ? undefined : (JSON.parse(manifest) as LiveObject);
  const below = descendants(tree, objectKey(subject));
  const health = node?.health ?? declared?.health;
  return (
    <>
      <ErrorNotice error={error} />
      <dl className="facts">
        <Fact what={t("fact.kind")}>{group === "" ? kind : `${kind} (${group})`}</Fact>
        <Fact what={t("fact.name")}>{name}</Fact>
        <Fact what={t("fact.namespace")}>{namespace}</Fact>
        <Fact what={t("column.health")}>
          {health?.status && (
            <>
              <Status value={health.status} /> <span className="faint">{health.message}</span>
            </>
          )}
        </Fact>
        <Fact what={t("column.sync")}>{declared && <Status value={declared.requiresPruning === true ? "RequiresPruning" : declared.status} />}</Fact>
        <Fact what={t("fact.created")}>{node?.createdAt && <Ago time={node.createdAt} />}</Fact>
        <Fact what={t("fact.wave")}>{declared?.syncWave}</Fact>
        <Fact what={t("fact.images")}>
          {node?.images?.map((image) => (
            <code key={image}>{image}</code>
          ))}
        </Fact>
        {(node?.info ?? []).map(({ name: what, value }) => (
          <Fact key={what} what={what}>
            {value}
          </Fact>
        ))}
        <Fact what={t("fact.links")}>
          <Links of={of} subject={subject} />
        </Fact>
        <Fact what={t("fact.owner")}>{(node?.parentRefs ?? []).map((parent) => <ObjectLink key={objectKey(parent)} to={parent} />)}</Fact>
        <Fact what={t("fact.below")}>{below.length > 0 && below.slice(0, 30).map((one) => <ObjectLink key={objectKey(one)} to={one} health={one.health?.status} />)}</Fact>
        <Fact what={t("fact.labels")}>{live && Object.entries(live.metadata?.labels ?? {}).map(([key, value]) => <code key={key}>{`${key}=${value}`}</code>)}</Fact>
      </dl>
      {live !== undefined && <Containers live={live} />}
      {live !== undefined && <Conditions live={live} />}
    </>
  );
}

export interface LiveObject {
  metadata?: { labels?: Record<string, string> };
  spec?: any;
  status?: any;
}

/** One line; nothing where there is nothing to say. */
function Fact({ what, children }: { what: string; children?: ReactNode }) {
  if (children === undefined || children === null || children === false || children === "" || (Array.isArray(children) && children.length === 0)) return null;
  return (
    <div>
      <dt>{what}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ObjectLink({ to, health }: { to: ObjectName; health?: string | undefined }) {
  return (
    <button type="button" className="object-link" onClick={() => setParameters({ node: objectKey(to), tab: undefined })}>
      {health !== undefined && <Status value={health} plain />} <span className="kind">{to.kind}</span> {to.name}
    </button>
  );
}

function Containers({ live }: { live: LiveObject }) {
  const t = useText();
  const containers = containersOf(live);
  if (containers.length === 0) return null;
  const running = containers.some(({ state }) => state !== "");
  return (
    <section className="sub">
      <h3>{t("container.title")}</h3>
      <div className="table-scroll">
        <table className="grid-table">
          <thead>
            <tr>
              <th>{t("column.name")}</th>
              <th>{t("container.image")}</th>
              {running && <th>{t("container.state")}</th>}
              {running && <th>{t("container.restarts")}</th>}
            </tr>
          </thead>
          <tbody>
            {containers.map(({ name, image, init, state, reason, restarts }) => (
              <tr key={name}>
                <td>
                  {name} {init && <small>{t("container.init")}</small>}
                </td>
                <td>
                  <code>{image}</code>
                </td>
                {running && (
                  <td>
                    {state} {reason && <small>{reason}</small>}
                  </td>
                )}
                {running && <td data-label={t("container.restarts")}>{restarts}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Conditions({ live }: { live: LiveObject }) {
  const t = useText();
  const conditions = conditionsOf(live);
  if (conditions.length === 0) return null;
  return (
    <section className="sub">
      <h3>{t("condition.title")}</h3>
      <div className="table-scroll">
        <table className="grid-table">
          <tbody>
            {conditions.map(({ type, status, reason, message, lastTransitionTime }) => (
              <tr key={type}>
                <th scope="row">{type}</th>
                <td>{status}</td>
                <td>
                  {reason} <small>{message}</small>
                </td>
                <td className="faint">
                  <Ago time={lastTransitionTime} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface DeepLink {
  url?: string;
  title?: string;
  description?: string;
}

/** What the cluster's ingresses and the settings' deep links say; only addresses that a browser may open. */
function Links({ of, subject }: { of: ApplicationName; subject: Subject }) {
  const t = useText();
  const { data } = useQuery({
    queryKey: ["resource", of.namespace, of.name, objectKey(subject), "links"],
    enabled: subject.node?.uid !== undefined,
    queryFn: ({ signal }) => call<{ items?: DeepLink[] | null }>("GET", applicationAddress(of, "/resource/links", objectParameters(subject)), undefined, signal),
  });
  const external = (subject.node?.networkingInfo?.externalURLs ?? []).map((url): DeepLink => ({ url }));
  const own = subject.group === "argoproj.io" && subject.kind === "Application" ? [<Link key="application" to={{ page: "application", namespace: subject.namespace ?? "", name: subject.name }}>{t("fact.application")}</Link>] : [];
  return [...own, ...[...external, ...(data?.items ?? [])].filter(({ url }) => outerLink(url) !== undefined).map((link, index) => <OuterLink key={index} {...link} />)];
}
