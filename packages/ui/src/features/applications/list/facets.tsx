import { Button, Checkbox, Popover, Select, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { isTextKey, useText, type Text } from "../../../i18n/text.tsx";
import { setParameters } from "../../../navigation.tsx";
import { counted, FACETS, parameterOf, SORTS, type Facet, type Filter, type Sort } from "./filter.ts";

interface Props {
  apps: readonly Application[];
  filter: Filter;
  marked: ReadonlySet<string>;
  sort: Sort;
}

/** What the list can be narrowed to, each with how many there are, and its order. */
export function Facets({ apps, filter, marked, sort }: Props) {
  const t = useText();
  return (
    <div className="facets" role="group" aria-label={t("list.filters")}>
      <Button variant={filter.favourites ? "light" : "default"} className="facet" aria-pressed={filter.favourites} onClick={() => setParameters({ showFavorites: filter.favourites ? undefined : "true" })}>
        {t("facet.favourites")}
      </Button>
      {FACETS.map((facet) => (
        <OneFacet key={facet} facet={facet} apps={apps} filter={filter} marked={marked} />
      ))}
      <Select size="xs" className="sort" aria-label={t("list.sort")} value={sort} allowDeselect={false} data={SORTS.map((one) => ({ value: one, label: t(`sort.${one}`) }))} onChange={(one) => setParameters({ sort: one === "name" || one === null ? undefined : one })} />
    </div>
  );
}

type FacetProps = Omit<Props, "sort"> & { facet: Facet };

function OneFacet({ facet, ...rest }: FacetProps) {
  const t = useText();
  const [opened, setOpened] = useState(false);
  const chosen = rest.filter.facets[facet];
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant={chosen.length > 0 ? "light" : "default"} className="facet" onClick={() => setOpened(!opened)}>
          {t(`facet.${facet}`)}
          {chosen.length > 0 && `: ${chosen.map((value) => wordOf(facet, value, t)).join(", ")}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="facet-values">
        <Values facet={facet} {...rest} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** More are found by searching. */
const MOST = 100;
const FEW = 8;

function Values({ facet, apps, filter, marked }: FacetProps) {
  const t = useText();
  const [search, setSearch] = useState("");
  const chosen = filter.facets[facet];
  const values = useMemo(() => counted(apps, facet, filter, marked), [apps, facet, filter, marked]);
  const found = values.filter(([value]) => wordOf(facet, value, t).toLowerCase().includes(search.trim().toLowerCase()));
  const set = (next: readonly string[]): void => setParameters({ [facet]: parameterOf(facet, next) });
  return (
    <>
      {values.length > FEW && <TextInput size="xs" type="search" aria-label={t("facet.search")} placeholder={t("facet.search")} value={search} onChange={(event) => setSearch(event.currentTarget.value)} data-autofocus />}
      <ul>
        {found.slice(0, MOST).map(([value, count]) => (
          <li key={value}>
            <Checkbox size="xs" label={wordOf(facet, value, t)} checked={chosen.includes(value)} onChange={(event) => set(event.currentTarget.checked ? [...chosen, value] : chosen.filter((one) => one !== value))} />
            <span className="faint">{count}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="faint">{t("list.none.short")}</p>}
      {found.length > MOST && <p className="faint">{t("facet.more", { count: found.length - MOST })}</p>}
      {chosen.length > 0 && (
        <Button variant="subtle" onClick={() => set([])}>
          {t("facet.clear")}
        </Button>
      )}
    </>
  );
}

/** A value as people read it. */
export function wordOf(facet: Facet, value: string, t: Text): string {
  const key = `state.${value}`;
  return (facet === "sync" || facet === "health") && isTextKey(key) ? t(key) : value || "–";
}
