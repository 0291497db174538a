import { useLayoutEffect, useRef, useState } from "react";
import { Ago } from "../../../../../components/ago.tsx";
import { Status } from "../../../../../components/status.tsx";
import { useLocale, useText } from "../../../../../i18n/text.tsx";
import { shortImage } from "../../../describe.ts";
import type { AppObject } from "../../tree.ts";
import { infoValue, workloadOf } from "./hosts.ts";

const APART = 6;

/** What a pod is, beside what is pointed at: a glance, while the pod itself is one click away. */
export function PodFacts({ id, pod, at }: { id: string; pod: AppObject; at: DOMRect }) {
  const t = useText();
  const number = new Intl.NumberFormat(useLocale(), { maximumFractionDigits: 2 });
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number }>();
  useLayoutEffect(() => {
    const { offsetWidth, offsetHeight } = box.current!;
    const below = at.bottom + APART;
    setPlace({ left: Math.max(APART, Math.min(at.left, window.innerWidth - offsetWidth - APART)), top: below + offsetHeight > window.innerHeight ? Math.max(APART, at.top - APART - offsetHeight) : below });
  }, [at, pod]);
  const { node } = pod;
  const owner = workloadOf(pod);
  const amount = (name: string, unit: number): string => number.format(Number(infoValue(node, name)) / unit);
  const asked = [amount("PodRequestsCPU", 1000) !== "0" && t("pods.cores", { count: amount("PodRequestsCPU", 1000) }), amount("PodRequestsMEM", 1000 * 2 ** 30) !== "0" && t("pods.gibibytes", { count: amount("PodRequestsMEM", 1000 * 2 ** 30) })].filter((one) => one !== false);
  const rows = [
    [t("container.image"), (node.images ?? []).map(shortImage).join(", ")],
    [t("pods.containers"), infoValue(node, "Containers")],
    [t("container.restarts"), infoValue(node, "Restart Count")],
    [t("pods.asksFor"), asked.join(", ")],
    [t("pods.node"), infoValue(node, "Node")],
    [t("fact.owner"), owner === undefined ? "" : `${owner.node.kind} ${owner.node.name}`],
  ] as const;
  const reason = infoValue(node, "Status Reason");
  return (
    <div ref={box} id={id} role="tooltip" className="pod-facts" style={place ?? { left: 0, top: 0, visibility: "hidden" }}>
      <strong>{node.name}</strong>
      <p>
        <Status value={node.health?.status} /> {reason !== "" && reason !== "Running" && <span>{reason}</span>}
      </p>
      {node.health?.message && <p className="faint">{node.health.message}</p>}
      <dl>
        {rows.map(([label, value]) => value !== "" && (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t("object.created")}</dt>
          <dd>
            <Ago time={node.createdAt ?? undefined} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
