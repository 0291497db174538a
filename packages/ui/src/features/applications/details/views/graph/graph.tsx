import "@xyflow/react/dist/base.css";
import { ReactFlow, ReactFlowProvider, useReactFlow, ViewportPortal, type Viewport } from "@xyflow/react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Button, Select } from "@mantine/core";
import { useChoice } from "../../../../../choice.ts";
import { useText } from "../../../../../i18n/text.tsx";
import { fittingWithOwners, isEmptyFilter } from "../filter.ts";
import type { ViewProps } from "../views.tsx";
import { Card, CardContext, type CardNode } from "./card.tsx";
import { graphTree, GROUPINGS, ROOT_ID, type GraphNode } from "./grouping.ts";
import { CARD, layoutTree, type Layout } from "./layout.ts";
import { neighbour, type Direction } from "./neighbour.ts";
import { Overview } from "./overview.tsx";

const CARDS = { card: Card };
const MARGIN = 16;
const NARROWEST_ZOOM = 0.62;
const OVERVIEW_FROM = 40;
const LOWEST_PX = 180;

/** The objects of an application as a picture: each right of its owner, live. */
export default function Graph(props: ViewProps) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function Picture({ app, objects, filter, onOpen }: ViewProps) {
  const t = useText();
  const [by, setBy] = useChoice("tree-groups", GROUPINGS);
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const [entry, setEntry] = useState(ROOT_ID);
  const canvas = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const root = useMemo(() => {
    const shown = isEmptyFilter(filter) ? undefined : fittingWithOwners(objects, filter);
    return graphTree(objects, { by, turned, isShown: (object) => shown === undefined || shown.has(object) });
  }, [objects, by, turned, filter]);
  const layout = useMemo(() => layoutTree(root), [root]);
  const nodes = useMemo(() => cardNodes(root, layout, turned), [root, layout, turned]);
  const start = useStart(canvas, layout);
  const turn = (id: string): void => setTurned((before) => (before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id])));

  // Somewhere in what was there before would be nowhere in what is narrowed down to.
  const seen = useRef({ filter, by });
  useEffect(() => {
    if (seen.current.filter === filter && seen.current.by === by) return;
    seen.current = { filter, by };
    if (start.viewport !== undefined) void flow.setViewport(start.viewport);
  }, [filter, by, flow, start.viewport]);

  const { name = "" } = app.metadata;
  const { health, sync } = app.status ?? {};
  const actions = useMemo(() => ({ application: { name, health: health?.status, sync: sync?.status }, entry: layout.places.has(entry) ? entry : ROOT_ID, onOpen, onTurn: turn, onFocus: setEntry }), [name, health?.status, sync?.status, entry, layout, onOpen]);

  const onKey = (event: KeyboardEvent): void => {
    const direction = ({ ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as Record<string, Direction | undefined>)[event.key];
    const isFolding = event.key === "-" || event.key === "+";
    if (isFolding && isTurnedBy(root, actions.entry, event.key === "+")) {
      event.preventDefault();
      turn(actions.entry);
    }
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = neighbour(root, actions.entry, direction);
    event.preventDefault();
    if (next === undefined) return;
    setEntry(next);
    reveal(flow, canvas.current, layout, next);
  };

  if (objects.all.size === 0) return <p className="empty">{t("tree.empty")}</p>;
  if (nodes.length === 1) return <p className="empty">{t("views.noneFits")}</p>;
  return (
    <div className="graph" ref={canvas} style={{ height: start.height }} role="group" aria-label={t("graph.title")} onKeyDown={onKey}>
      <div className="graph-tools">
        <Select size="xs" aria-label={t("graph.groupBy")} value={by} allowDeselect={false} data={GROUPINGS.map((value) => ({ value, label: t(`graph.by.${value}`) }))} onChange={(value) => setBy(GROUPINGS.find((one) => one === value) ?? "auto")} />
        <Button.Group>
          <Button variant="default" aria-label={t("graph.smaller")} onClick={() => void flow.zoomOut()}>
            −
          </Button>
          <Button variant="default" aria-label={t("graph.larger")} onClick={() => void flow.zoomIn()}>
            +
          </Button>
          <Button variant="default" onClick={() => void flow.fitView({ padding: 0.04, maxZoom: 1 })}>
            {t("graph.fit")}
          </Button>
        </Button.Group>
      </div>
      <CardContext value={actions}>
        {start.viewport !== undefined && (
          <ReactFlow<CardNode> nodes={nodes} nodeTypes={CARDS} defaultViewport={start.viewport} minZoom={0.08} maxZoom={1.6} onlyRenderVisibleElements nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} elementsSelectable={false} zoomOnScroll={false} zoomOnDoubleClick={false} preventScrolling={false} disableKeyboardA11y proOptions={{ hideAttribution: true }}>
            <ViewportPortal>
              <svg className="graph-lines" width={layout.width} height={layout.height} aria-hidden="true">
                <path d={layout.lines} />
              </svg>
            </ViewportPortal>
          </ReactFlow>
        )}
        {start.viewport !== undefined && nodes.length > OVERVIEW_FROM && <Overview nodes={nodes} layout={layout} canvas={canvas.current} />}
      </CardContext>
    </div>
  );
}

/** Whether there is anything below a card to be shown, or to be folded away. */
function isTurnedBy(root: GraphNode, id: string, show: boolean): boolean {
  const found = root.id === id ? root : descendant(root, id);
  if (found === undefined || found.what === "application") return false;
  if (found.what === "group") return found.isOpen !== show;
  return show ? found.hidden > 0 : found.children.length > 0;
}

function descendant({ children }: GraphNode, id: string): GraphNode | undefined {
  for (const child of children) {
    const found = child.id === id ? child : descendant(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The cards in the order of the picture, with their sizes and without handles, so that only those in sight are ever drawn: what has to be measured would be drawn first, all of it. */
function cardNodes(root: GraphNode, { places }: Layout, turned: ReadonlySet<string>): CardNode[] {
  const nodes: CardNode[] = [];
  const visit = (node: GraphNode): void => {
    nodes.push({ id: node.id, type: "card", position: places.get(node.id)!, ...CARD, measured: CARD, handles: [], data: { node, isFolded: turned.has(node.id) } });
    node.children.forEach(visit);
  };
  visit(root);
  return nodes;
}

/** How tall the picture is, and where it is looked at first: all of it where that can be read, else its upper left. */
function useStart(canvas: { current: HTMLDivElement | null }, layout: Layout): { height: number; viewport: Viewport | undefined } {
  const [width, setWidth] = useState<number>();
  useLayoutEffect(() => setWidth(canvas.current?.clientWidth), [canvas]);
  const tallest = Math.max(420, Math.round(window.innerHeight * 0.72));
  const [zoom, setZoom] = useState<number>();
  const fitting = width === undefined ? undefined : Math.min(1, Math.max(NARROWEST_ZOOM, (width - 2 * MARGIN) / layout.width));
  if (zoom === undefined && fitting !== undefined) setZoom(fitting);
  const height = Math.round(Math.min(tallest, Math.max(LOWEST_PX, layout.height * (zoom ?? 1) + 2 * MARGIN + 36)));
  return { height, viewport: zoom === undefined ? undefined : { x: MARGIN, y: MARGIN + 36, zoom } };
}

/** Brings a card into sight and gives it the focus; it may not be in the document yet. */
function reveal(flow: ReturnType<typeof useReactFlow>, canvas: HTMLDivElement | null, { places }: Layout, id: string): void {
  const place = places.get(id);
  if (place === undefined || canvas === null) return;
  const { x, y, zoom } = flow.getViewport();
  const [left, top] = [place.x * zoom + x, place.y * zoom + y];
  const inSight = left >= 0 && top >= 0 && left + CARD.width * zoom <= canvas.clientWidth && top + CARD.height * zoom <= canvas.clientHeight;
  if (!inSight) void flow.setCenter(place.x + CARD.width / 2, place.y + CARD.height / 2, { zoom });
  const focus = (attempts: number): void => {
    const card = canvas.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
    if (card !== null) card.focus({ preventScroll: true });
    else if (attempts > 0) requestAnimationFrame(() => focus(attempts - 1));
  };
  requestAnimationFrame(() => focus(10));
}
