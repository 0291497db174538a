import { Button, Checkbox, Popover, Select, TextInput } from "@mantine/core";
import { memo, useCallback, useMemo, useState, type ReactNode } from "react";
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
  const [open, setOpen] = useState<Facet>();
  const onOpen = useCallback((facet: Facet, isOpen: boolean): void => setOpen((now) => (isOpen ? facet : now === facet ? undefined : now)), []);
  return (
    <div className="facets" role="group" aria-label={t("list.filters")}>
      <Button variant={filter.favourites ? "light" : "default"} className="facet" aria-pressed={filter.favourites} onClick={() => setParameters({ showFavorites: filter.favourites ? undefined : "true" })}>
        {t("facet.favourites")}
      </Button>
      {FACETS.map((facet) => (
        <OneFacet key={facet} facet={facet} words={filter.facets[facet].map((value) => wordOf(facet, value, t)).join(", ")} isOpen={facet === open} onOpen={onOpen}>
          {facet === open && <Values facet={facet} apps={apps} filter={filter} marked={marked} />}
        </OneFacet>
      ))}
      <Order sort={sort} />
    </div>
  );
}

const Order = memo(function Order({ sort }: { sort: Sort }) {
  const t = useText();
  return <Select size="xs" className="sort" aria-label={t("list.sort")} value={sort} allowDeselect={false} data={SORTS.map((one) => ({ value: one, label: t(`sort.${one}`) }))} onChange={(one) => setParameters({ sort: one === "name" || one === null ? undefined : one })} />;
});

interface FacetProps {
  facet: Facet;
  /** What is chosen, as people read it. */
  words: string;
  isOpen: boolean;
  onOpen: (facet: Facet, isOpen: boolean) => void;
  children: ReactNode;
}

const OneFacet = memo(function OneFacet({ facet, words, isOpen, onOpen, children }: FacetProps) {
  const t = useText();
  return (
    <Popover opened={isOpen} onChange={(opened) => onOpen(facet, opened)} position="bottom-start" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant={words === "" ? "default" : "light"} className="facet" onClick={() => onOpen(facet, !isOpen)}>
          {t(`facet.${facet}`)}
          {words !== "" && `: ${words}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="facet-values">{children}</Popover.Dropdown>
    </Popover>
  );
});

/** More are found by searching. */
const MOST = 100;
const FEW = 8;

function Values({ facet, apps, filter, marked }: Omit<Props, "sort"> & { facet: Facet }) {
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
