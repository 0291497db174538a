import { useDeferredValue, useMemo } from "react";
import type { Application } from "@trireme/api/argo";
import { Ago } from "../../../../components/ago.tsx";
import { ErrorNotice } from "../../../../components/error-notice.tsx";
import { onDemand, type OnDemand } from "../../../../components/on-demand.tsx";
import { useKeys } from "../../../../components/use-keys.ts";
import { useText } from "../../../../i18n/text.tsx";
import { Link, setParameters, useRoute } from "../../../../navigation.tsx";
import { objectsOf, type AppObjects } from "../tree.ts";
import type { Tree } from "../types.ts";
import type { ApplicationName } from "../use-application.ts";
import { FilterBar } from "./filter-bar.tsx";
import { objectFilterOf, type ObjectFilter } from "./filter.ts";
import { VIEWS, viewOf, type View } from "./view.ts";

/** What a view of an application's objects is given. */
export interface ViewProps {
  of: ApplicationName;
  app: Application;
  tree: Tree;
  objects: AppObjects;
  filter: ObjectFilter;
  /** Shows one object. */
  onOpen: (key: string) => void;
}

const SPACE = <div className="view-space" />;
const SHOWN: Record<View, OnDemand<ViewProps>> = {
  tree: onDemand(() => import("./tree/tree-view.tsx"), SPACE),
  network: onDemand(() => import("./network/network.tsx"), SPACE),
  pods: onDemand(() => import("./pods/pods.tsx"), SPACE),
  list: onDemand(() => import("./list/list.tsx"), SPACE),
  timeline: onDemand(() => import("./timeline/timeline.tsx"), SPACE),
};

/** Loads what a view needs while its objects are asked for. */
export const preloadView = (name: string | null): void => SHOWN[viewOf(name)].preload();

interface Props extends Pick<ViewProps, "of" | "app" | "onOpen"> {
  tree: Tree | undefined;
  /** Since when it may be old. Milliseconds since the epoch. */
  staleSince: number | undefined;
  error: unknown;
}

/** What an application consists of, in the way that the address names. */
export function Views({ of, app, tree, staleSince, error, onOpen }: Props) {
  const t = useText();
  const { route, parameters } = useRoute();
  const view = viewOf(parameters.get("view"));
  const Shown = SHOWN[view];
  const text = parameters.get("resource");
  const filter = useMemo(() => objectFilterOf(text), [text]);
  const deferred = useDeferredValue(filter);
  const resources = app.status?.resources;
  const objects = useMemo(() => objectsOf(tree ?? {}, resources ?? []), [tree, resources]);
  useKeys(Object.fromEntries(VIEWS.map((name, index) => [String(index + 1), () => setParameters({ view: parameterOf(name) })])));
  const query = (name: View): string => {
    const changed = new URLSearchParams(parameters);
    changed.delete("view");
    if (parameterOf(name) !== undefined) changed.set("view", name);
    return changed.size === 0 ? "" : `?${changed}`;
  };
  return (
    <section className="panel views" aria-label={t("views.title")}>
      <div className="views-bar">
        <nav className="view-names" aria-label={t("views.choose")}>
          {VIEWS.map((name, index) => route.page === "application" && (
            <Link key={name} to={route} query={query(name)} aria-current={name === view ? "true" : undefined} aria-keyshortcuts={String(index + 1)}>
              {t(`view.${name}`)}
            </Link>
          ))}
        </nav>
        {view !== "timeline" && <FilterBar objects={objects} filter={filter} />}
      </div>
      {staleSince !== undefined && (
        <p role="status" className="notice">
          {t("views.stale")} <Ago time={staleSince} />
        </p>
      )}
      {tree === undefined && <ErrorNotice error={error} />}
      {tree !== undefined && <Shown of={of} app={app} tree={tree} objects={objects} filter={deferred} onOpen={onOpen} />}
    </section>
  );
}

const parameterOf = (view: View): string | undefined => (view === VIEWS[0] ? undefined : view);
