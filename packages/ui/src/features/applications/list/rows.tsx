import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../api/apply-event.ts";
import { Ago } from "../../../components/ago.tsx";
import { Status } from "../../../components/status.tsx";
import { useKeys } from "../../../components/use-keys.ts";
import { useText } from "../../../i18n/text.tsx";
import { go, Link } from "../../../navigation.tsx";
import { pathOf } from "../../../routes.ts";
import { destinationOf, isBusy, repositoryName, shortRevision, sourcesOf } from "../describe.ts";

const ROW_PX = 48;

/** One row an application; only those in sight are in the document. */
export function Rows({ apps }: { apps: readonly Application[] }) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(-1);
  const rows = useVirtualizer({ count: apps.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 8, getItemKey: (index) => keyOf(apps[index]!) });
  const choose = (index: number): void => {
    const next = Math.max(0, Math.min(apps.length - 1, index));
    setChosen(next);
    rows.scrollToIndex(next);
  };
  useKeys({
    j: () => choose(chosen + 1),
    k: () => choose(chosen - 1),
    Enter: () => apps[chosen] !== undefined && go(pathOf(routeTo(apps[chosen]))),
  });
  return (
    <div className="rows" role="table" aria-label={t("list.title")} aria-rowcount={apps.length + 1}>
      <div className="row head" role="row">
        {(["health", "sync", "name", "source", "destination", "synced"] as const).map((column) => (
          <span key={column} role="columnheader" className={`cell-${column}`}>
            {t(`column.${column}`)}
          </span>
        ))}
      </div>
      <div ref={scroller} className="row-scroller" role="rowgroup">
        <div role="presentation" className="row-space" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => (
            <Row key={key} app={apps[index]!} index={index} top={start} isChosen={index === chosen} />
          ))}
        </div>
      </div>
    </div>
  );
}

function Row({ app, index, top, isChosen }: { app: Application; index: number; top: number; isChosen: boolean }) {
  const t = useText();
  const [source] = sourcesOf(app);
  const { status } = app;
  return (
    <div className={`row${isChosen ? " chosen" : ""}`} role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)` }} data-app={app.metadata.name}>
      <span role="cell" className="cell-health">
        <Status value={status?.health?.status} what={t("column.health")} />
      </span>
      <span role="cell" className="cell-sync">
        <Status value={isBusy(app) ? "Running" : status?.sync?.status} what={t("column.sync")} />
      </span>
      <span role="cell" className="cell-name">
        <Link to={routeTo(app)} title={app.metadata.name}>
          {app.metadata.name}
        </Link>
        <small>{app.spec.project || "default"}</small>
      </span>
      <span role="cell" className="cell-source">
        <span title={source?.repoURL}>{[repositoryName(source?.repoURL ?? ""), source?.path ?? source?.chart].filter(Boolean).join(" / ")}</span>
        <small>
          {source?.targetRevision || "HEAD"} {shortRevision(status?.sync?.revision)}
        </small>
      </span>
      <span role="cell" className="cell-destination">
        <span>{app.spec.destination?.namespace}</span>
        <small>{destinationOf(app)}</small>
      </span>
      <span role="cell" className="cell-synced">
        <Ago time={status?.operationState?.finishedAt} />
      </span>
    </div>
  );
}

function routeTo(app: Application) {
  return { page: "application", namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" } as const;
}
