import { useReactFlow, useViewport } from "@xyflow/react";
import { useMemo, type PointerEvent } from "react";
import { toneOf } from "../../../../../components/status.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import type { CardNode } from "./card.tsx";
import { CARD, type Layout } from "./layout.ts";

const MOST = { width: 200, height: 150 };

/** All cards in small, and what of them is in sight; a press or a drag goes there. One path for each tone, however many cards there are. */
export function Overview({ nodes, layout, canvas }: { nodes: readonly CardNode[]; layout: Layout; canvas: HTMLElement | null }) {
  const t = useText();
  const flow = useReactFlow();
  const { x, y, zoom } = useViewport();
  const paths = useMemo(() => pathsOf(nodes), [nodes]);
  const scale = Math.min(MOST.width / layout.width, MOST.height / layout.height);
  const goTo = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    void flow.setCenter((event.clientX - box.left) / scale, (event.clientY - box.top) / scale, { zoom });
  };
  return (
    <svg
      className="graph-overview"
      role="img"
      aria-label={t("graph.map")}
      width={layout.width * scale}
      height={layout.height * scale}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        goTo(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && goTo(event)}
    >
      {[...paths].map(([tone, path]) => (
        <path key={tone} className={tone} d={path} />
      ))}
      {canvas !== null && <rect className="in-sight" x={-x / zoom} y={-y / zoom} width={canvas.clientWidth / zoom} height={canvas.clientHeight / zoom} strokeWidth={1.5 / scale} />}
    </svg>
  );
}

/** What is ill is drawn last, over what is not. */
function pathsOf(nodes: readonly CardNode[]): [tone: string, path: string][] {
  const paths = new Map<string, string[]>([["none", []], ["good", []], ["calm", []], ["busy", []], ["warn", []], ["bad", []]]);
  for (const { position, data: { node } } of nodes) {
    const tone = node.what === "object" ? toneOf(node.object.node.health?.status) : "none";
    paths.get(tone)?.push(`M${position.x} ${position.y}h${CARD.width}v${CARD.height}h${-CARD.width}z`);
  }
  return [...paths].filter(([, some]) => some.length > 0).map(([tone, some]) => [tone, some.join("")]);
}
