import { Button, TextInput } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import type { Application } from "@trireme/api/argo";
import { useLostSince } from "../../../api/connection.ts";
import { applicationPermission, isAllowed, permission, useControlPlane } from "../../../api/permissions.ts";
import { keyOf } from "../../../api/apply-event.ts";
import { useChoice } from "../../../choice.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { onDemand } from "../../../components/on-demand.tsx";
import { useKeys } from "../../../components/use-keys.ts";
import { useTitle } from "../../../components/use-title.ts";
import { useText } from "../../../i18n/text.tsx";
import { Link, setParameters, useRoute } from "../../../navigation.tsx";
import { useApplications } from "../use-applications.ts";
import { BulkBar } from "./bulk/bar.tsx";
import type { Plan } from "./bulk/dialog.tsx";
import { ACTION, type Operation } from "./bulk/operation.ts";
import { useChoices } from "./choices.ts";
import { Facets } from "./facets.tsx";
import { useFavourites } from "./favourites.ts";
import { filterOf, fitting, NARROWING, prepareSearch, sorted, sortOf, type Filter } from "./filter.ts";
import { Rows } from "./rows.tsx";
import { LIST_VIEWS, type ListView } from "./view.ts";

const SPACE = <div className="list-space" />;
const CreateApplication = onDemand(() => import("../create/create.tsx"));
const Tiles = onDemand(() => import("./tiles.tsx"), SPACE);
const Summary = onDemand(() => import("./summary.tsx"), SPACE);
const BulkDialog = onDemand(() => import("./bulk/dialog.tsx"));

/** All applications; what is searched and filtered, and how it is shown, is in the address. */
export function ApplicationsPage() {
  const t = useText();
  const { parameters } = useRoute();
  const { data, error } = useApplications();
  const { marked, mark } = useFavourites();
  const view = useView();
  const query = parameters.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(query)), [query]);
  const sort = sortOf(parameters);
  // The first by name are nobody's first in another order.
  const items = data?.partial === true && sort !== "name" ? undefined : data?.items;
  const isWhole = data !== undefined && data.partial !== true;
  const apps = useMemo(() => sorted(items?.values() ?? [], sort), [items, sort]);
  const shown = useMemo(() => apps.filter(fitting(filter, marked)), [apps, filter, marked]);
  const { apps: chosen, ...choices } = useChoices(items);
  const { plan, propose, close } = usePlan();
  const lostSince = useLostSince();
  const search = useRef<HTMLInputElement>(null);
  const create = (): void => setParameters({ new: "true" });
  const onMark = useStable(mark);
  const onDo = useStable((operation: Operation, app: Application) => propose(operation, [app]));
  useTitle(t("list.title"));
  useEffect(() => prepareSearch(apps), [apps]);
  useKeys({ "/": () => search.current?.focus(), n: create, Escape: () => choices.choose([]) });
  const given = { apps: shown, choices, marked, onMark };
  return (
    <section className={`list-page${lostSince === undefined ? "" : " stale"}`}>
      <div className="bar">
        <h1>{t("list.title")}</h1>
        <TextInput ref={search} className="search" type="search" aria-label={t("list.search")} placeholder={t("list.search")} value={filter.search} onChange={(event) => setParameters({ search: event.currentTarget.value }, { replace: true })} onKeyDown={leave} />
        <Views view={view} />
        <ActionButton size="sm" onClick={create} needs={permission("applications", "create")}>
          {t("list.new")}
        </ActionButton>
      </div>
      <Facets apps={apps} filter={filter} marked={marked} sort={sort} />
      <ErrorNotice error={error} />
      {isWhole && shown.length === 0 && <Nothing filter={filter} total={apps.length} />}
      {shown.length > 0 && view === "list" && <Rows {...given} />}
      {shown.length > 0 && view === "tiles" && <Tiles {...given} onDo={onDo} />}
      {shown.length > 0 && view === "summary" && <Summary apps={shown} />}
      {chosen.length > 0 && <BulkBar chosen={chosen.length} shown={shown.length} onDo={(operation) => propose(operation, chosen)} onAll={() => choices.choose(shown.map(keyOf))} onNone={() => choices.choose([])} />}
      {isWhole && apps.length > 0 && <p className="count" role="status">{shown.length === apps.length ? t("list.count", { count: apps.length }) : t("list.countOf", { count: shown.length, total: apps.length })}</p>}
      {parameters.has("new") && <CreateApplication onClose={() => setParameters({ new: undefined })} />}
      {plan !== undefined && <BulkDialog plan={plan} onClose={close} onDone={(left) => plan.apps.length > 1 && choices.choose(left)} />}
    </section>
  );
}

/** What was searched for stays; a browser of its own would empty the field. */
function leave(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== "Escape" && event.key !== "Enter") return;
  event.preventDefault();
  event.currentTarget.blur();
}

/** As the address says, else as the reader looked at it last. */
function useView(): ListView {
  const { parameters } = useRoute();
  const [last, setLast] = useChoice("applications-view", LIST_VIEWS);
  const named = LIST_VIEWS.find((view) => view === parameters.get("view"));
  useEffect(() => {
    if (named !== undefined && named !== last) setLast(named);
  }, [named, last, setLast]);
  return named ?? last;
}

function Views({ view }: { view: ListView }) {
  const t = useText();
  const { parameters } = useRoute();
  const query = (name: ListView): string => {
    const changed = new URLSearchParams(parameters);
    changed.set("view", name);
    return `?${changed}`;
  };
  return (
    <nav className="list-views" aria-label={t("views.choose")}>
      {LIST_VIEWS.map((name) => (
        <Link key={name} to={{ page: "applications" }} query={query(name)} aria-current={name === view ? "true" : undefined}>
          {t(`list.view.${name}`)}
        </Link>
      ))}
    </nav>
  );
}

/** What is about to be done with which applications; the server is asked at once what of it is allowed. */
function usePlan(): { plan: Plan | undefined; propose: (operation: Operation, apps: readonly Application[]) => void; close: () => void } {
  const controlPlane = useControlPlane();
  const [plan, setPlan] = useState<Plan>();
  const propose = (operation: Operation, apps: readonly Application[]): void => {
    // Where it cannot be asked the server has the last word all the same.
    const allowed = apps.map((app) => isAllowed(applicationPermission(app, ACTION[operation], controlPlane)).catch(() => true));
    void Promise.all(allowed).then((answers) => setPlan({ operation, apps, allowed: answers }));
  };
  return { plan, propose, close: () => setPlan(undefined) };
}

/** The same function all the time, which does what the latest one does. */
function useStable<A extends unknown[]>(action: (...args: A) => void): (...args: A) => void {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  return useCallback((...args: A) => latest.current(...args), []);
}

function Nothing({ filter, total }: { filter: Filter; total: number }) {
  const t = useText();
  if (total === 0) return <p className="empty">{t("list.none")}</p>;
  return (
    <p className="empty">
      {filter.search === "" ? t("list.noneFits") : t("list.noneFound", { search: filter.search })}{" "}
      <Button variant="subtle" onClick={() => setParameters(Object.fromEntries(NARROWING.map((name) => [name, undefined])))}>
        {t("list.showAll")}
      </Button>
    </p>
  );
}
