import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { Ago } from "../../../../../components/ago.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import { setParameters, useRoute } from "../../../../../navigation.tsx";
import type { AppObject } from "../../tree.ts";
import { fits } from "../filter.ts";
import { ObjectHealth, ObjectInfo, ObjectSync } from "../object-state.tsx";
import { useRowCursor } from "../use-row-cursor.ts";
import type { ViewProps } from "../views.tsx";
import { COLUMNS, orderOf, sortedObjects, turned } from "./sort.ts";

const ROW_PX = 36;

/** Every object as a row that can be sorted; only those in sight are in the document. */
export default function List({ objects, filter, onOpen }: ViewProps) {
  const t = useText();
  const { parameters } = useRoute();
  const order = orderOf(parameters.get("order"));
  const { column, down } = order;
  const rows = useMemo(() => sortedObjects([...objects.all.values()].filter((object) => fits(object, filter)), { column, down }), [objects, filter, column, down]);
  const { scroller, virtual, entry, onFocus, onKeyDown } = useRowCursor({ rows, rowPx: ROW_PX, onOpen });
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
      <div ref={scroller} className="object-scroller" role="rowgroup" onKeyDown={onKeyDown}>
        <div role="presentation" className="row-space" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => (
            <Row key={key} object={rows[index]!} index={index} top={start} isEntry={rows[index]!.key === entry} onFocus={onFocus} onOpen={onOpen} />
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
