import { UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { OuterLink } from "../../../../../components/outer-link.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import { shortImage } from "../../../describe.ts";
import { fits, isEmptyFilter, type ObjectFilter } from "../filter.ts";
import { kindMark } from "../graph/kind-mark.ts";
import { ObjectHealth } from "../object-state.tsx";
import type { ViewProps } from "../views.tsx";
import { waysIn, type Way } from "./paths.ts";

/** How traffic comes in: from addresses over Ingresses and Services to pods, left to right. */
export default function Network({ objects, filter, onOpen }: ViewProps) {
  const t = useText();
  const ways = useMemo(() => waysIn(objects), [objects]);
  const shown = isEmptyFilter(filter) ? ways : ways.flatMap((way) => narrowed(way, filter));
  if (shown.length === 0) return <p className="empty">{ways.length === 0 ? t("network.none") : t("views.noneFits")}</p>;
  return (
    <ul className="ways" aria-label={t("view.network")}>
      {shown.map((way) => (
        <WayIn key={way.object.key} way={way} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function WayIn({ way, onOpen }: { way: Way; onOpen: (key: string) => void }) {
  const t = useText();
  const { object, urls, hosts, to } = way;
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
              <span>{node.kind}</span>
              {isPod && (node.images ?? []).slice(0, 1).map((image) => <span key={image} className="card-info">{shortImage(image)}</span>)}
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
          {to.map((target) => (
            <WayIn key={target.object.key} way={target} onOpen={onOpen} />
          ))}
        </ul>
      )}
      {to.length === 0 && !isPod && <p className="faint way-nowhere">{t("network.nowhere")}</p>}
    </li>
  );
}

/** Only the ways on which something fits. */
function narrowed(way: Way, filter: ObjectFilter): Way[] {
  if (fits(way.object, filter)) return [way];
  const to = way.to.flatMap((target) => narrowed(target, filter));
  return to.length > 0 ? [{ ...way, to }] : [];
}
