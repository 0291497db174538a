import { useReactFlow, useViewport } from "@xyflow/react";
import { useMemo, type PointerEvent } from "react";
import { toneOf } from "../../../../../components/status.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import type { CardNode } from "./card.tsx";
import { CARD, type Layout } from "./layout.ts";

const MOST = { width: 200, height: 150 };
/** A picture that is far taller than wide, or the other way round, is squeezed rather than drawn as a thread. */
const LEAST = { width: 70, height: 40 };

/** All cards in small, and what of them is in sight; a press or a drag goes there. One path for each tone, however many cards there are. */
export function Overview({ nodes, layout, canvas }: { nodes: readonly CardNode[]; layout: Layout; canvas: HTMLElement | null }) {
  const t = useText();
  const flow = useReactFlow();
  const { x, y, zoom } = useViewport();
  const paths = useMemo(() => pathsOf(nodes), [nodes]);
  const scale = Math.min(MOST.width / layout.width, MOST.height / layout.height);
  const [width, height] = [Math.max(LEAST.width, layout.width * scale), Math.max(LEAST.height, layout.height * scale)];
  const goTo = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    void flow.setCenter(((event.clientX - box.left) / box.width) * layout.width, ((event.clientY - box.top) / box.height) * layout.height, { zoom });
  };
  return (
    <svg
      className="graph-overview"
      role="img"
      aria-label={t("graph.map")}
      width={width}
      height={height}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      preserveAspectRatio="none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        goTo(event);
      }}
      onPointerMove={(event) => event.buttons === 1 && goTo(event)}
    >
      {[...paths].map(([tone, path]) => (
        <path key={tone} className={tone} d={path} />
      ))}
      {canvas !== null && <rect className="in-sight" x={-x / zoom} y={-y / zoom} width={canvas.clientWidth / zoom} height={canvas.clientHeight / zoom} />}
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
