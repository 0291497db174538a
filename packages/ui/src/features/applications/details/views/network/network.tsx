import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { toneOf } from "../../../../../components/status.tsx";
import { useArrows } from "../../../../../components/use-arrows.ts";
import { OuterLink } from "../../../../../components/outer-link.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import { fits, isEmptyFilter, type ObjectFilter } from "../filter.ts";
import { kindMark } from "../graph/kind-mark.ts";
import { infoOf, ObjectHealth } from "../object-state.tsx";
import type { ViewProps } from "../views.tsx";
import { waysIn, type Way } from "./paths.ts";

/** So many pods of one Service are shown before somebody asks for all. */
const SHOWN = 24;

/** How traffic comes in: from addresses over Ingresses and Services to pods, left to right. */
export default function Network({ objects, filter, onOpen }: ViewProps) {
  const t = useText();
  const arrows = useArrows<HTMLUListElement>(".way-card");
  const ways = useMemo(() => waysIn(objects), [objects]);
  const shown = isEmptyFilter(filter) ? ways : ways.flatMap((way) => narrowed(way, filter));
  if (shown.length === 0) return <p className="empty">{ways.length === 0 ? t("network.none") : t("views.noneFits")}</p>;
  return (
    <ul className="ways" aria-label={t("view.network")} {...arrows}>
      {shown.map((way) => (
        <WayIn key={way.object.key} way={way} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function WayIn({ way, onOpen }: { way: Way; onOpen: (key: string) => void }) {
  const t = useText();
  const { object, urls, hosts, to } = way;
  const [all, setAll] = useState(false);
  const shown = all ? to : toShow(to);
  const { node, key } = object;
  const isPod = node.kind === "Pod";
  return (
    <li className={isPod ? "way pod-way" : "way"}>
      <div className="way-node">
        <UnstyledButton className="way-card" data-key={key} onClick={() => onOpen(key)} title={`${node.kind} ${node.name}`}>
          <span className="kind-mark" aria-hidden="true">
            {kindMark(node.kind)}
          </span>
          <span className="card-text">
            <span className="card-name">{node.name}</span>
            <span className="card-line">
              <span className="card-facts">
                <span>{node.kind}</span>
                {isPod && infoOf(object).map((value) => <span key={value} className="card-info">{value}</span>)}
              </span>
            </span>
          </span>
          <ObjectHealth object={object} plain={node.health?.status === "Healthy"} />
        </UnstyledButton>
        {(urls.length > 0 || hosts.length > 0) && (
          <div className="way-addresses">
            {urls.map((url) => (
              <OuterLink key={url} url={url} />
            ))}
            {hosts.map((host) => (
              <code key={host}>{host}</code>
            ))}
          </div>
        )}
      </div>
      {to.length > 0 && (
        <ul className={to.every(({ object }) => object.node.kind === "Pod") ? "way-pods" : "way-targets"}>
          {shown.map((target) => (
            <WayIn key={target.object.key} way={target} onOpen={onOpen} />
          ))}
          {shown.length < to.length && (
            <li>
              <UnstyledButton className="link" onClick={() => setAll(true)}>
                {t("why.more", { count: to.length - shown.length })}
              </UnstyledButton>
            </li>
          )}
        </ul>
      )}
      {to.length === 0 && !isPod && <p className="faint way-nowhere">{t("network.nowhere")}</p>}
    </li>
  );
}

/** What is ill is always there, and of the others as many as there is room for; in their order. */
function toShow(to: readonly Way[]): readonly Way[] {
  if (to.length <= SHOWN) return to;
  const isIll = ({ object: { node } }: Way): boolean => toneOf(node.health?.status) !== "good";
  let room = SHOWN - to.filter(isIll).length;
  return to.filter((way) => isIll(way) || room-- > 0);
}

/** Only the ways on which something fits. */
function narrowed(way: Way, filter: ObjectFilter): Way[] {
  if (fits(way.object, filter)) return [way];
  const to = way.to.flatMap((target) => narrowed(target, filter));
  return to.length > 0 ? [{ ...way, to }] : [];
}
