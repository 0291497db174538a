import { Button, TextInput } from "@mantine/core";
import { lazy, Suspense, useDeferredValue, useMemo, useRef } from "react";
import { permission } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { useKeys } from "../../../components/use-keys.ts";
import { useTitle } from "../../../components/use-title.ts";
import { useText } from "../../../i18n/text.tsx";
import { setParameters, useRoute } from "../../../navigation.tsx";
import { useApplications } from "../use-applications.ts";
import { Facets } from "./facets.tsx";
import { FACETS, filtered, filterOf, type Filter } from "./filter.ts";
import { Rows } from "./rows.tsx";

const CreateApplication = lazy(() => import("../create/create.tsx"));

/** All applications; what is searched and filtered is in the address. */
export function ApplicationsPage() {
  const t = useText();
  const { parameters } = useRoute();
  const { data, error } = useApplications();
  const query = parameters.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(query)), [query]);
  const deferred = useDeferredValue(filter);
  const apps = useMemo(() => [...(data?.items.values() ?? [])], [data]);
  const shown = useMemo(() => filtered(apps, deferred), [apps, deferred]);
  const search = useRef<HTMLInputElement>(null);
  const create = (): void => setParameters({ new: "true" });
  useTitle(t("list.title"));
  useKeys({ "/": () => search.current?.focus(), n: create });
  return (
    <section className="list-page">
      <div className="bar">
        <h1>{t("list.title")}</h1>
        <TextInput ref={search} className="search" type="search" aria-label={t("list.search")} placeholder={t("list.search")} value={filter.search} onChange={(event) => setParameters({ search: event.currentTarget.value }, { replace: true })} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
        <ActionButton size="sm" onClick={create} needs={permission("applications", "create")}>
          {t("list.new")}
        </ActionButton>
      </div>
      <Facets apps={apps} filter={filter} />
      <ErrorNotice error={error} />
      {data !== undefined && (shown.length > 0 ? <Rows apps={shown} /> : <Nothing filter={filter} total={apps.length} />)}
      {data !== undefined && apps.length > 0 && <p className="count">{shown.length === apps.length ? t("list.count", { count: apps.length }) : t("list.countOf", { count: shown.length, total: apps.length })}</p>}
      <Suspense>{parameters.has("new") && <CreateApplication onClose={() => setParameters({ new: undefined })} />}</Suspense>
    </section>
  );
}

function Nothing({ filter, total }: { filter: Filter; total: number }) {
  const t = useText();
  if (total === 0) return <p className="empty">{t("list.none")}</p>;
  return (
    <p className="empty">
      {filter.search === "" ? t("list.noneFits") : t("list.noneFound", { search: filter.search })}{" "}
      <Button variant="subtle" onClick={() => setParameters(Object.fromEntries(["search", ...FACETS].map((name) => [name, undefined])))}>
        {t("list.showAll")}
      </Button>
    </p>
  );
}
