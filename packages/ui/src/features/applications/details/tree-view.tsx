import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { ErrorNotice } from "../../../components/error-notice.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { objectKey, treeRows, type TreeRow } from "./tree.ts";
import type { Tree } from "./types.ts";

interface Props {
  app: Application;
  tree: Tree | undefined;
  error: unknown;
  onOpen: (key: string) => void;
}

/** Everything that the application consists of, each object below its owner. */
export function TreeView({ app, tree, error, onOpen }: Props) {
  const t = useText();
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => treeRows(tree ?? {}, app.status?.resources ?? [], collapsed), [tree, app.status?.resources, collapsed]);
  const toggle = (key: string): void => {
    const next = new Set(collapsed);
    if (!next.delete(key)) next.add(key);
    setCollapsed(next);
  };
  return (
    <section className="panel tree" aria-label={t("tree.title")}>
      <h2>{t("tree.title")}</h2>
      {tree === undefined && <ErrorNotice error={error} />}
      {rows.length === 0 && tree !== undefined && <p className="empty">{t("tree.empty")}</p>}
      <div role="treegrid" aria-label={t("tree.title")}>
        {rows.map((row) => (
          <Line key={objectKey(row.node)} row={row} isCollapsed={collapsed.has(objectKey(row.node))} onToggle={toggle} onOpen={onOpen} />
        ))}
      </div>
    </section>
  );
}

function Line({ row: { node, depth, children, sync, requiresPruning }, isCollapsed, onToggle, onOpen }: { row: TreeRow; isCollapsed: boolean; onToggle: (key: string) => void; onOpen: (key: string) => void }) {
  const t = useText();
  const key = objectKey(node);
  return (
    <div className="tree-row" role="row" aria-level={depth + 1} {...(children > 0 && { "aria-expanded": !isCollapsed })} data-key={key}>
      <span role="gridcell" className="tree-name" style={{ paddingInlineStart: `${depth * 20}px` }}>
        {children > 0 ? (
          <UnstyledButton className="twist" aria-label={isCollapsed ? t("tree.expand", { name: node.name }) : t("tree.collapse", { name: node.name })} onClick={() => onToggle(key)}>
            {isCollapsed ? "▸" : "▾"}
          </UnstyledButton>
        ) : (
          <span className="twist" />
        )}
        <span className="kind">{node.kind}</span>
        <UnstyledButton className="link" onClick={() => onOpen(key)}>
          {node.name}
        </UnstyledButton>
      </span>
      <span role="gridcell" className="tree-info">
        {(node.info ?? []).filter(({ value }) => value !== "0").map(({ name, value }) => (
          <small key={name} title={name}>
            {value}
          </small>
        ))}
        {node.health?.message && <small title={node.health.message}>{node.health.message}</small>}
      </span>
      <span role="gridcell">{node.health?.status && <Status value={node.health.status} what={t("column.health")} />}</span>
      <span role="gridcell">{requiresPruning === true ? <Status value="RequiresPruning" what={t("column.sync")} /> : sync && <Status value={sync} what={t("column.sync")} />}</span>
    </div>
  );
}
