import { SegmentedControl, UnstyledButton } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import { useChoice } from "../../../../../choice.ts";
import { Status, toneOf } from "../../../../../components/status.tsx";
import { useArrows } from "../../../../../components/use-arrows.ts";
import { isTextKey, useLocale, useText } from "../../../../../i18n/text.tsx";
import type { AppObject } from "../../tree.ts";
import type { Host } from "../../types.ts";
import { fits } from "../filter.ts";
import { statesOf } from "../object-state.tsx";
import type { ViewProps } from "../views.tsx";
import { isPod, podsBy, POD_GROUPS } from "./hosts.ts";
import { PodFacts } from "./pod-facts.tsx";

const RESOURCES = ["cpu", "memory"] as const;
/** Of what an amount in thousandths is told. */
const UNIT = { cpu: 1000, memory: 1000 * 2 ** 30 };

/** What is pointed at, and where it stands. */
interface Pointed {
  key: string;
  at: DOMRect;
}

/** Where the pods are: by node, with what is asked of each node, or by workload. */
export default function PodsView({ objects, tree, filter, onOpen }: ViewProps) {
  const t = useText();
  const [by, setBy] = useChoice("pods-by", POD_GROUPS);
  const [pointed, setPointed] = useState<Pointed>();
  const facts = useId();
  const arrows = useArrows<HTMLUListElement>(".pod-cell");
  const groups = useMemo(() => podsBy(objects, tree.hosts ?? [], by, (object) => fits(object, filter)), [objects, tree.hosts, by, filter]);
  const hasPods = useMemo(() => [...objects.all.values()].some(isPod), [objects]);
  const about = pointed === undefined ? undefined : objects.all.get(pointed.key);
  return (
    <>
      <SegmentedControl size="xs" aria-label={t("pods.by")} value={by} onChange={(value) => setBy(POD_GROUPS.find((one) => one === value) ?? "node")} data={POD_GROUPS.map((value) => ({ value, label: t(`pods.by.${value}`) }))} />
      {groups.length === 0 && <p className="empty">{hasPods ? t("views.noneFits") : t("pods.none")}</p>}
      <ul className="hosts" {...arrows} onKeyUp={(event) => event.key === "Escape" && setPointed(undefined)}>
        {groups.map(({ title, host, owner, pods, parts }) => (
          <li key={title} className="host" data-host={title}>
            <h3>
              {owner === undefined ? (
                title || (by === "node" ? t("pods.nowhere") : t("pods.nobodys"))
              ) : (
                <UnstyledButton className="link" onClick={() => onOpen(owner.key)}>
                  <span className="kind">{owner.node.kind}</span> {owner.node.name}
                </UnstyledButton>
              )}
            </h3>
            <small className="host-states">
              {t("pods.count", { count: pods.length })}
              {statesOf(pods).map(([state, count]) => toneOf(state) !== "good" && (
                <span key={state} className="heap-state">
                  <Status value={state} /> {count}
                </span>
              ))}
            </small>
            {host !== undefined && <Load host={host} />}
            <ul className="host-parts">
              {parts.map((part) => (
                <li key={part.title} data-part={part.title}>
                  <small>{part.title || (by === "node" ? t("pods.nobodys") : t("pods.nowhere"))}</small>
                  <ul className="host-pods">
                    {part.pods.map((pod) => (
                      <PodCell key={pod.key} pod={pod} describedBy={pointed?.key === pod.key ? facts : undefined} onPoint={setPointed} onOpen={onOpen} />
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {about !== undefined && <PodFacts id={facts} pod={about} at={pointed!.at} />}
    </>
  );
}

interface CellProps {
  pod: AppObject;
  describedBy: string | undefined;
  onPoint: (pointed: Pointed | undefined) => void;
  onOpen: (key: string) => void;
}

function PodCell({ pod: { key, node }, describedBy, onPoint, onOpen }: CellProps) {
  const t = useText();
  const state = node.health?.status ?? "Unknown";
  const word = `state.${state}`;
  const tone = toneOf(state);
  const point = ({ currentTarget }: { currentTarget: HTMLElement }): void => onPoint({ key, at: currentTarget.getBoundingClientRect() });
  const leave = (): void => onPoint(undefined);
  return (
    <li>
      <UnstyledButton className={`pod-cell ${tone}`} data-key={key} data-state={state} aria-label={`${node.name}: ${isTextKey(word) ? t(word) : state}`} aria-describedby={describedBy} onMouseEnter={point} onMouseLeave={leave} onFocus={point} onBlur={leave} onClick={() => onOpen(key)}>
        {tone === "good" ? "" : tone === "busy" ? "…" : "!"}
      </UnstyledButton>
    </li>
  );
}

/** What is asked of a node by this application and by others, of what it has. */
function Load({ host }: { host: Host }) {
  const t = useText();
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return (
    <dl className="loads">
      {RESOURCES.map((resource) => {
        const { requestedByApp = 0, requestedByNeighbors = 0, capacity = 0 } = (host.resourcesInfo ?? []).find(({ resourceName }) => resourceName === resource) ?? {};
        if (capacity <= 0) return null;
        const share = (amount: number): number => Math.min(100, (100 * amount) / capacity);
        const told = (amount: number): string => number.format(amount / UNIT[resource]);
        const text = t("pods.load", { app: Math.round(share(requestedByApp)), others: Math.round(share(requestedByNeighbors)) });
        return (
          <div key={resource}>
            <dt>{t(`pods.${resource}`)}</dt>
            <dd>
              <span className="load" role="img" aria-label={text} title={text}>
                <i className="mine" style={{ width: `${share(requestedByApp)}%` }} />
                <i style={{ width: `${share(requestedByNeighbors)}%` }} />
              </span>
              <span>{t(`pods.amount.${resource}`, { asked: told(requestedByApp + requestedByNeighbors), capacity: told(capacity) })}</span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
