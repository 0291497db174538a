import { Button, Checkbox, Popover, TextInput } from "@mantine/core";
import { useMemo, useRef } from "react";
import { useKeys } from "../../../../components/use-keys.ts";
import { isTextKey, useText } from "../../../../i18n/text.tsx";
import { setParameters } from "../../../../navigation.tsx";
import type { AppObjects } from "../tree.ts";
import { ASPECTS, countedObjects, isEmptyFilter, objectFilterText, type Aspect, type ObjectFilter } from "./filter.ts";

/** Narrows every view of the objects: by name, kind, health and sync. */
export function FilterBar({ objects, filter }: { objects: AppObjects; filter: ObjectFilter }) {
  const t = useText();
  const search = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => search.current?.focus() });
  return (
    <div className="view-filter" role="group" aria-label={t("views.filter")}>
      <TextInput ref={search} size="xs" type="search" aria-label={t("views.search")} placeholder={t("views.search")} value={filter.name} onChange={(event) => narrow({ ...filter, name: event.currentTarget.value })} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
      {ASPECTS.map((aspect) => (
        <OneAspect key={aspect} aspect={aspect} objects={objects} filter={filter} />
      ))}
      {!isEmptyFilter(filter) && (
        <Button variant="subtle" onClick={() => setParameters({ resource: undefined }, { replace: true })}>
          {t("list.showAll")}
        </Button>
      )}
    </div>
  );
}

function OneAspect({ aspect, objects, filter }: { aspect: Aspect; objects: AppObjects; filter: ObjectFilter }) {
  const t = useText();
  const chosen = filter[aspect];
  const values = useMemo(() => countedObjects(objects.all.values(), aspect), [objects, aspect]);
  const word = (value: string): string => {
    const key = `state.${value}`;
    return aspect !== "kind" && isTextKey(key) ? t(key) : value;
  };
  if (values.length === 0 && chosen.length === 0) return null;
  return (
    <Popover position="bottom-start" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant={chosen.length > 0 ? "light" : "default"} className="facet">
          {t(`aspect.${aspect}`)}
          {chosen.length > 0 && `: ${chosen.map(word).join(", ")}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className="facet-values">
        <ul>
          {values.map(([value, count]) => (
            <li key={value}>
              <Checkbox size="xs" label={word(value)} checked={chosen.includes(value)} onChange={(event) => narrow({ ...filter, [aspect]: event.currentTarget.checked ? [...chosen, value] : chosen.filter((one) => one !== value) })} />
              <span className="faint">{count}</span>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

const narrow = (filter: ObjectFilter): void => setParameters({ resource: objectFilterText(filter) }, { replace: true });
