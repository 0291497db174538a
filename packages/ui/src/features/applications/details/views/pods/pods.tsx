import { SegmentedControl, UnstyledButton } from "@mantine/core";
import { useMemo } from "react";
import { useChoice } from "../../../../../choice.ts";
import { toneOf } from "../../../../../components/status.tsx";
import { isTextKey, useText } from "../../../../../i18n/text.tsx";
import type { AppObject } from "../../tree.ts";
import type { Host } from "../../types.ts";
import { fits } from "../filter.ts";
import type { ViewProps } from "../views.tsx";
import { podsBy, POD_GROUPS } from "./hosts.ts";

const RESOURCES = ["cpu", "memory"] as const;

/** Where the pods are: by node, with what is asked of each node, or by workload. */
export default function PodsView({ objects, tree, filter, onOpen }: ViewProps) {
  const t = useText();
  const [by, setBy] = useChoice("pods-by", POD_GROUPS);
  const groups = useMemo(() => podsBy(objects, tree.hosts ?? [], by, (object) => fits(object, filter)), [objects, tree.hosts, by, filter]);
  return (
    <>
      <SegmentedControl size="xs" aria-label={t("pods.by")} value={by} onChange={(value) => setBy(POD_GROUPS.find((one) => one === value) ?? "node")} data={POD_GROUPS.map((value) => ({ value, label: t(`pods.by.${value}`) }))} />
      {groups.length === 0 && <p className="empty">{t("pods.none")}</p>}
      <ul className="hosts">
        {groups.map(({ title, host, pods }) => (
          <li key={title} className="host" data-host={title}>
            <h3>{title || (by === "node" ? t("pods.nowhere") : t("pods.nobodys"))}</h3>
            <small>{t("pods.count", { count: pods.length })}</small>
            {host !== undefined && <Load host={host} />}
            <ul className="host-pods">
              {pods.map((pod) => (
                <PodCell key={pod.key} pod={pod} onOpen={onOpen} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}

function PodCell({ pod: { key, node }, onOpen }: { pod: AppObject; onOpen: (key: string) => void }) {
  const t = useText();
  const state = node.health?.status ?? "Unknown";
  const word = `state.${state}`;
  const label = `${node.name}: ${isTextKey(word) ? t(word) : state}`;
  return (
    <li>
      <UnstyledButton className={`pod-cell ${toneOf(state)}`} data-key={key} aria-label={label} title={`${label}${node.health?.message ? `\n${node.health.message}` : ""}`} onClick={() => onOpen(key)}>
        {toneOf(state) === "good" ? "" : toneOf(state) === "busy" ? "…" : "!"}
      </UnstyledButton>
    </li>
  );
}

/** What is asked of a node by this application and by others, of what it has. */
function Load({ host }: { host: Host }) {
  const t = useText();
  return (
    <dl className="loads">
      {RESOURCES.map((resource) => {
        const { requestedByApp = 0, requestedByNeighbors = 0, capacity = 0 } = (host.resourcesInfo ?? []).find(({ resourceName }) => resourceName === resource) ?? {};
        if (capacity <= 0) return null;
        const share = (amount: number): number => Math.min(100, (100 * amount) / capacity);
        const text = t("pods.load", { app: Math.round(share(requestedByApp)), others: Math.round(share(requestedByNeighbors)) });
        return (
          <div key={resource}>
            <dt>{t(`pods.${resource}`)}</dt>
            <dd>
              <span className="load" role="img" aria-label={text} title={text}>
                <i className="mine" style={{ width: `${share(requestedByApp)}%` }} />
                <i style={{ width: `${share(requestedByNeighbors)}%` }} />
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
