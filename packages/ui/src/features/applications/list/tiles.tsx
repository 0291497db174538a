import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useRef } from "react";
import type { Application } from "@trireme/api/argo";
import { keyOf } from "../../../api/apply-event.ts";
import { applicationPermission, useControlPlane } from "../../../api/permissions.ts";
import { ActionButton } from "../../../components/action-button.tsx";
import { Ago } from "../../../components/ago.tsx";
import { Status, toneOf } from "../../../components/status.tsx";
import { useText } from "../../../i18n/text.tsx";
import { Link } from "../../../navigation.tsx";
import { destinationOf, isBusy, repositoryName, shortRevision, sourcesOf } from "../describe.ts";
import type { Operation } from "./bulk/operation.ts";
import { ChooseBox, Star } from "./marks.tsx";
import { routeTo, type ShownProps } from "./rows.tsx";
import { useCursor, type Cursor } from "./use-cursor.ts";

const TILE_PX = { width: 300, height: 186, gap: 12 };

/** One tile an application, with what is done most; only those in sight are in the document. */
export default function Tiles({ apps, choices, marked, onMark, onDo }: ShownProps & { onDo: (operation: Operation, app: Application) => void }) {
  const t = useText();
  const list = useRef<HTMLDivElement>(null);
  const { ref, width } = useElementSize<HTMLUListElement>();
  const columns = Math.max(1, Math.floor((width + TILE_PX.gap) / (TILE_PX.width + TILE_PX.gap)));
  const lines = useVirtualizer({ count: Math.ceil(apps.length / columns), getScrollElement: () => list.current, estimateSize: () => TILE_PX.height + TILE_PX.gap, overscan: 3 });
  const cursor = useCursor({ apps, columns, list, scrollTo: (index) => lines.scrollToIndex(Math.floor(index / columns)), onChoose: choices.toggle, onMark });
  return (
    <div ref={list} className="tile-scroller">
      <ul ref={ref} className="tile-space" aria-label={t("list.title")} style={{ height: lines.getTotalSize() }}>
        {width > 0 &&
          lines.getVirtualItems().flatMap(({ index: line, start }) =>
            apps.slice(line * columns, (line + 1) * columns).map((app, column) => {
              const key = keyOf(app);
              return <Tile key={key} app={app} left={`${(100 * column) / columns}%`} top={start} share={`calc((100% - ${(columns - 1) * TILE_PX.gap}px) / ${columns})`} shift={(column * TILE_PX.gap) / columns} onLink={key === cursor.at ? cursor.onLink : undefined} isChosen={choices.chosen.has(key)} isMarked={marked.has(key)} onChoose={choices.toggle} onMark={onMark} onDo={onDo} />;
            }),
          )}
      </ul>
    </div>
  );
}

interface TileProps {
  app: Application;
  left: string;
  top: number;
  share: string;
  shift: number;
  onLink: Cursor["onLink"] | undefined;
  isChosen: boolean;
  isMarked: boolean;
  onChoose: (key: string) => void;
  onMark: (key: string) => void;
  onDo: (operation: Operation, app: Application) => void;
}

const Tile = memo(function Tile({ app, left, top, share, shift, onLink, isChosen, isMarked, onChoose, onMark, onDo }: TileProps) {
  const t = useText();
  const controlPlane = useControlPlane();
  const [source] = sourcesOf(app);
  const { status } = app;
  const name = app.metadata.name ?? "";
  const key = keyOf(app);
  return (
    <li className={`tile ${toneOf(status?.health?.status)}${isChosen ? " chosen" : ""}${onLink === undefined ? "" : " cursor"}`} style={{ top, left: `calc(${left} + ${shift}px)`, width: share, height: TILE_PX.height }} data-app={name} data-key={key}>
      <div className="tile-head">
        <ChooseBox name={name} on={isChosen} onToggle={() => onChoose(key)} />
        <Link ref={onLink} to={routeTo(app)} title={name}>
          {name}
        </Link>
        <Star name={name} on={isMarked} onToggle={() => onMark(key)} />
      </div>
      <p className="tile-states">
        <Status value={status?.health?.status} what={t("column.health")} />
        <Status value={isBusy(app) ? "Running" : status?.sync?.status} what={t("column.sync")} />
      </p>
      <dl>
        <dt>{t("facet.proj")}</dt>
        <dd>{app.spec.project || "default"}</dd>
        <dt>{t("column.source")}</dt>
        <dd title={source?.repoURL}>
          {[repositoryName(source?.repoURL ?? ""), source?.path ?? source?.chart].filter(Boolean).join(" / ")} <small>{shortRevision(status?.sync?.revision) || source?.targetRevision || "HEAD"}</small>
        </dd>
        <dt>{t("column.destination")}</dt>
        <dd>
          {app.spec.destination?.namespace} <small>{destinationOf(app)}</small>
        </dd>
      </dl>
      <div className="tile-foot">
        <ActionButton variant="default" size="compact-xs" aria-label={t("bulk.one.sync", { name })} onClick={() => onDo("sync", app)} needs={applicationPermission(app, "sync", controlPlane)}>
          {t("app.sync")}
        </ActionButton>
        <ActionButton variant="default" size="compact-xs" aria-label={t("bulk.one.refresh", { name })} onClick={() => onDo("refresh", app)}>
          {t("app.refresh")}
        </ActionButton>
        <small>
          <Ago time={status?.operationState?.finishedAt} />
        </small>
      </div>
    </li>
  );
});
