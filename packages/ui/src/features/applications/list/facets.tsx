import { Button, Checkbox, Menu, Select } from "@mantine/core";
import { useMemo } from "react";
import type { Application } from "@trireme/api/argo";
import { isTextKey, useText } from "../../../i18n/text.tsx";
import { setParameters } from "../../../navigation.tsx";
import { counted, FACETS, SORTS, type Facet, type Filter } from "./filter.ts";

/** What the list can be narrowed to, each with how many there are, and its order. */
export function Facets({ apps, filter }: { apps: readonly Application[]; filter: Filter }) {
  const t = useText();
  return (
    <div className="facets" role="group" aria-label={t("list.filters")}>
      {FACETS.map((facet) => (
        <OneFacet key={facet} facet={facet} apps={apps} chosen={filter.facets[facet]} />
      ))}
      <Select size="xs" className="sort" aria-label={t("list.sort")} value={filter.sort} allowDeselect={false} data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))} onChange={(sort) => setParameters({ sort: sort === "name" || sort === null ? undefined : sort })} />
    </div>
  );
}

function OneFacet({ facet, apps, chosen }: { facet: Facet; apps: readonly Application[]; chosen: readonly string[] }) {
  const t = useText();
  const values = useMemo(() => counted(apps, facet), [apps, facet]);
  const set = (value: string, on: boolean): void => setParameters({ [facet]: (on ? [...chosen, value] : chosen.filter((one) => one !== value)).join(",") });
  const word = (value: string): string => {
    const key = `state.${value}`;
    return (facet === "sync" || facet === "health") && isTextKey(key) ? t(key) : value || "–";
  };
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Button variant={chosen.length > 0 ? "light" : "default"} className="facet">
          {t(`facet.${facet}`)}
          {chosen.length > 0 && `: ${chosen.map(word).join(", ")}`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="facet-values">
        {values.map(([value, count]) => (
          <Menu.Item key={value} role="menuitemcheckbox" aria-checked={chosen.includes(value)} leftSection={<Checkbox.Indicator checked={chosen.includes(value)} size="xs" />} rightSection={<span className="faint">{count}</span>} onClick={() => set(value, !chosen.includes(value))}>
            {word(value)}
          </Menu.Item>
        ))}
        {values.length === 0 && <Menu.Item disabled>{t("list.none.short")}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
