import { UnstyledButton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Ago } from "../../../../../components/ago.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import { setParameters, useRoute } from "../../../../../navigation.tsx";
import type { AppObject } from "../../tree.ts";
import { fits } from "../filter.ts";
import { ObjectHealth, ObjectInfo, ObjectSync } from "../object-state.tsx";
import type { ViewProps } from "../views.tsx";
import { COLUMNS, orderOf, sortedObjects, turned } from "./sort.ts";

const ROW_PX = 36;

/** Every object as a row that can be sorted; only those in sight are in the document. */
export default function List({ objects, filter, onOpen }: ViewProps) {
  const t = useText();
  const { parameters } = useRoute();
  const scroller = useRef<HTMLDivElement>(null);
  const order = orderOf(parameters.get("order"));
  const { column, down } = order;
  const rows = useMemo(() => sortedObjects([...objects.all.values()].filter((object) => fits(object, filter)), { column, down }), [objects, filter, column, down]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12, getItemKey: (index) => rows[index]!.key });
  const [chosen, setChosen] = useState("");
  const entry = rows.some(({ key }) => key === chosen) ? chosen : rows[0]?.key;
  const focus = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return;
    setChosen(row.key);
    virtual.scrollToIndex(rows.indexOf(row));
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus());
  };
  const onKey = (event: KeyboardEvent): void => {
    const index = rows.findIndex(({ key }) => key === entry);
    const acts: Record<string, () => void> = { ArrowDown: () => focus(index + 1), ArrowUp: () => focus(index - 1), Home: () => focus(0), End: () => focus(rows.length - 1), Enter: () => rows[index] !== undefined && onOpen(rows[index].key) };
    const act = acts[event.key];
    if (act === undefined || !(event.target as HTMLElement).matches("[role=row]")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  if (rows.length === 0) return <p className="empty">{objects.all.size === 0 ? t("tree.empty") : t("views.noneFits")}</p>;
  return (
    <div className="objects" role="grid" aria-label={t("view.list")} aria-rowcount={rows.length + 1}>
      <div className="object-row head" role="row">
        {COLUMNS.map((one) => (
          <span key={one} role="columnheader" className={`in-${one}`} aria-sort={one === column ? (down ? "descending" : "ascending") : "none"}>
            <UnstyledButton onClick={() => setParameters({ order: turned(order, one) }, { replace: true })}>
              {t(`object.${one}`)} <span aria-hidden="true">{one === column ? (down ? "↓" : "↑") : ""}</span>
            </UnstyledButton>
          </span>
        ))}
      </div>
      <div ref={scroller} className="object-scroller" role="rowgroup" onKeyDown={onKey}>
        <div role="presentation" className="row-space" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => (
            <Row key={key} object={rows[index]!} index={index} top={start} isEntry={rows[index]!.key === entry} onFocus={setChosen} onOpen={onOpen} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  object: AppObject;
  index: number;
  top: number;
  isEntry: boolean;
  onFocus: (key: string) => void;
  onOpen: (key: string) => void;
}

function Row({ object, index, top, isEntry, onFocus, onOpen }: RowProps) {
  const { node, key } = object;
  return (
    <div className="object-row" role="row" aria-rowindex={index + 2} tabIndex={isEntry ? 0 : -1} onFocus={() => onFocus(key)} style={{ transform: `translateY(${top}px)` }} data-key={key}>
      <span role="gridcell" className="in-name">
        <UnstyledButton className="link" tabIndex={-1} onClick={() => onOpen(key)} title={node.name}>
          {node.name}
        </UnstyledButton>
        <ObjectInfo object={object} />
      </span>
      <span role="gridcell" className="in-kind">
        {node.kind}
      </span>
      <span role="gridcell" className="in-namespace">
        {node.namespace}
      </span>
      <span role="gridcell" className="in-sync">
        <ObjectSync object={object} />
      </span>
      <span role="gridcell" className="in-health">
        <ObjectHealth object={object} />
      </span>
      <span role="gridcell" className="in-created">
        <Ago time={node.createdAt ?? undefined} />
      </span>
    </div>
  );
}
