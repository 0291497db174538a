import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useRef } from "react";
import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../api/apply-event.ts";
import { Ago } from "../../../components/ago.tsx";
import { Status } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { Link } from "../../../navigation.tsx";
import { destinationOf, isBusy, repositoryName, shortRevision, sourcesOf } from "../describe.ts";
import type { Choices } from "./choices.ts";
import { ChooseBox, Star } from "./marks.tsx";
import { useCursor, type Cursor } from "./use-cursor.ts";

const ROW_PX = 48;

/** What each way of showing the applications is given. */
export interface ShownProps {
  apps: readonly Application[];
  choices: Choices;
  marked: ReadonlySet<string>;
  /** Stays the same. */
  onMark: (key: string) => void;
}

/** One row an application; only those in sight are in the document. */
export function Rows({ apps, choices, marked, onMark }: ShownProps) {
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: apps.length, getScrollElement: () => list.current, estimateSize: () => ROW_PX, overscan: 4, getItemKey: (index) => keyOf(apps[index]!) });
  const cursor = useCursor({ apps, columns: 1, list, scrollTo: (index) => rows.scrollToIndex(index), onChoose: choices.toggle, onMark });
  const all = apps.every((app) => choices.chosen.has(keyOf(app)));
  return (
    <div className="rows" role="table" aria-label={t("list.title")} aria-rowcount={apps.length + 1}>
      <div className="row head" role="row">
        <span role="columnheader" className="cell-choose">
          <label className="choose-box">
            <input type="checkbox" checked={all} onChange={() => choices.choose(all ? [] : apps.map(keyOf))} aria-label={t("bulk.chooseAll", { count: apps.length })} />
          </label>
        </span>
        {(["health", "sync", "name", "source", "destination", "synced"] as const).map((column) => (
          <span key={column} role="columnheader" className={`cell-${column}`}>
            {t(`column.${column}`)}
          </span>
        ))}
        <span role="columnheader" className="cell-star">
          <span className="hidden-text">{t("facet.favourites")}</span>
        </span>
      </div>
      <div ref={list} className="row-scroller" role="rowgroup">
        <div role="presentation" className="row-space" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ key, index, start }) => (
            <Row key={key} app={apps[index]!} index={index} top={start} onLink={key === cursor.at ? cursor.onLink : undefined} isChosen={choices.chosen.has(String(key))} isMarked={marked.has(String(key))} onChoose={choices.toggle} onMark={onMark} />
          ))}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  app: Application;
  index: number;
  top: number;
  /** Where the cursor is. */
  onLink: Cursor["onLink"] | undefined;
  isChosen: boolean;
  isMarked: boolean;
  onChoose: (key: string) => void;
  onMark: (key: string) => void;
}

const Row = memo(function Row({ app, index, top, onLink, isChosen, isMarked, onChoose, onMark }: RowProps) {
  const t = useText();
  const [source] = sourcesOf(app);
  const { status } = app;
  const name = app.metadata.name ?? "";
  const key = keyOf(app);
  return (
    <div className={`row${isChosen ? " chosen" : ""}${onLink === undefined ? "" : " cursor"}`} role="row" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)` }} data-app={name} data-key={key}>
      <span role="cell" className="cell-choose">
        <ChooseBox name={name} on={isChosen} onToggle={() => onChoose(key)} />
      </span>
      <span role="cell" className="cell-health">
        <Status value={status?.health?.status} what={t("column.health")} />
      </span>
      <span role="cell" className="cell-sync">
        <Status value={isBusy(app) ? "Running" : status?.sync?.status} what={t("column.sync")} />
      </span>
      <span role="cell" className="cell-name">
        <Link ref={onLink} to={routeTo(app)} title={name}>
          {name}
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
      <span role="cell" className="cell-star">
        <Star name={name} on={isMarked} onToggle={() => onMark(key)} />
      </span>
    </div>
  );
});

export function routeTo(app: Application) {
  return { page: "application", namespace: app.metadata.namespace ?? "", name: app.metadata.name ?? "" } as const;
}
