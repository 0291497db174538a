import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useText } from "../../../../../i18n/text.tsx";
import { treeRows, type TreeRow } from "../../tree.ts";
import { fittingWithOwners, isEmptyFilter } from "../filter.ts";
import { ObjectHealth, ObjectInfo, ObjectSync } from "../object-state.tsx";
import { useRowCursor } from "../use-row-cursor.ts";
import type { ViewProps } from "../views.tsx";

const ROW_PX = 33;

/** The tree as indented lines: for a phone's width, for screen readers, and for whoever likes lines. Only those in sight are in the document. */
export default function Outline({ objects, filter, onOpen }: ViewProps) {
  const t = useText();
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => {
    const shown = isEmptyFilter(filter) ? undefined : fittingWithOwners(objects, filter);
    return treeRows(objects, collapsed, (object) => shown === undefined || shown.has(object));
  }, [objects, collapsed, filter]);
  const fold = (key: string, fold: boolean): void => {
    const next = new Set(collapsed);
    if (fold) next.add(key);
    else next.delete(key);
    setCollapsed(next);
  };
  const { scroller, virtual, entry, onFocus, onKeyDown, focus } = useRowCursor({
    rows,
    rowPx: ROW_PX,
    onOpen,
    keys: {
      ArrowRight({ key, children }, index) {
        if (collapsed.has(key)) fold(key, false);
        else if (children.length > 0) focus(index + 1);
      },
      ArrowLeft({ key, children, parent }) {
        if (children.length > 0 && !collapsed.has(key)) fold(key, true);
        else focus(rows.findIndex((row) => row.key === parent?.key));
      },
    },
  });
  if (rows.length === 0) return <p className="empty">{objects.all.size === 0 ? t("tree.empty") : t("views.noneFits")}</p>;
  return (
    <div ref={scroller} className="outline" role="treegrid" aria-label={t("view.tree")} aria-rowcount={rows.length} onKeyDown={onKeyDown}>
      <div role="presentation" className="row-space" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <Line key={key} row={rows[index]!} index={index} top={start} isEntry={rows[index]!.key === entry} isCollapsed={collapsed.has(rows[index]!.key)} onFocus={onFocus} onFold={fold} onOpen={onOpen} />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  row: TreeRow;
  index: number;
  top: number;
  isEntry: boolean;
  isCollapsed: boolean;
  onFocus: (key: string) => void;
  onFold: (key: string, fold: boolean) => void;
  onOpen: (key: string) => void;
}

function Line({ row, index, top, isEntry, isCollapsed, onFocus, onFold, onOpen }: LineProps) {
  const t = useText();
  const { key, node, depth, children } = row;
  return (
    <div className="tree-row" role="row" aria-rowindex={index + 1} aria-level={depth + 1} {...(children.length > 0 && { "aria-expanded": !isCollapsed })} tabIndex={isEntry ? 0 : -1} onFocus={() => onFocus(key)} data-key={key} style={{ transform: `translateY(${top}px)` }}>
      <span role="gridcell" className="tree-name" style={{ paddingInlineStart: `${depth * 20}px` }}>
        {children.length > 0 ? (
          <UnstyledButton className="twist" tabIndex={-1} aria-label={isCollapsed ? t("tree.expand", { name: node.name }) : t("tree.collapse", { name: node.name })} onClick={() => onFold(key, !isCollapsed)}>
            {isCollapsed ? "▸" : "▾"}
          </UnstyledButton>
        ) : (
          <span className="twist" />
        )}
        <span className="kind">{node.kind}</span>
        <UnstyledButton className="link" tabIndex={-1} onClick={() => onOpen(key)}>
          {node.name}
        </UnstyledButton>
      </span>
      <span role="gridcell" className="tree-info">
        <ObjectInfo object={row} />
        {node.health?.message && <small title={node.health.message}>{node.health.message}</small>}
      </span>
      <span role="gridcell">
        <ObjectHealth object={row} />
      </span>
      <span role="gridcell">
        <ObjectSync object={row} />
      </span>
    </div>
  );
}
