import { UnstyledButton } from "@mantine/core";
import type { Node, NodeProps } from "@xyflow/react";
import { createContext, memo, useContext } from "react";
import { Status, toneOf } from "../../../../../components/status.tsx";
import { useText } from "../../../../../i18n/text.tsx";
import type { AppObject } from "../../tree.ts";
import { infoOf, ObjectHealth, ObjectSync, statesOf } from "../object-state.tsx";
import type { GraphNode } from "./grouping.ts";
import { kindMark } from "./kind-mark.ts";

export type CardNode = Node<{ node: GraphNode; isFolded: boolean }, "card">;

/** What every card of the picture needs beside its own object. */
export interface CardActions {
  /** The application, as its own card shows it. */
  application: { name: string; health: string | undefined; sync: string | undefined };
  /** The one card that the Tab key reaches. */
  entry: string;
  onOpen: (key: string) => void;
  onTurn: (id: string) => void;
  onFocus: (id: string) => void;
}

export const CardContext = createContext<CardActions | undefined>(undefined);

/** One object, a heap of objects, or the application. */
export const Card = memo(function Card({ id, data: { node, isFolded } }: NodeProps<CardNode>) {
  const actions = useContext(CardContext)!;
  const focusable = { tabIndex: actions.entry === id ? 0 : -1, onFocus: () => actions.onFocus(id), "data-card": id };
  switch (node.what) {
    case "application":
      return <ApplicationCard {...actions.application} focusable={focusable} />;
    case "object":
      return <ObjectCard object={node.object} hidden={node.hidden} isFolded={isFolded} focusable={focusable} onOpen={() => actions.onOpen(id)} onTurn={() => actions.onTurn(id)} />;
    case "group":
      return <GroupCard node={node} focusable={focusable} onTurn={() => actions.onTurn(id)} />;
  }
});

interface Focusable {
  tabIndex: number;
  onFocus: () => void;
  "data-card": string;
}

function ApplicationCard({ name, health, sync, focusable }: CardActions["application"] & { focusable: Focusable }) {
  const t = useText();
  return (
    <div className="graph-card application-card" role="group" aria-label={name} {...focusable}>
      <span className="kind-mark" aria-hidden="true">
        {kindMark("Application")}
      </span>
      <span className="card-text">
        <span className="card-name">{name}</span>
        <span className="card-line">
          <Status value={health} what={t("column.health")} />
          <Status value={sync} what={t("column.sync")} />
        </span>
      </span>
    </div>
  );
}

function ObjectCard({ object, hidden, isFolded, focusable, onOpen, onTurn }: { object: AppObject; hidden: number; isFolded: boolean; focusable: Focusable; onOpen: () => void; onTurn: () => void }) {
  const t = useText();
  const { node, children } = object;
  return (
    <div className={`graph-card ${toneOf(node.health?.status)}`} data-key={object.key}>
      <UnstyledButton className="card-open" onClick={onOpen} title={`${node.kind} ${node.namespace ?? ""}/${node.name}${node.health?.message ? `\n${node.health.message}` : ""}`} {...focusable}>
        <span className="kind-mark" aria-hidden="true">
          {kindMark(node.kind)}
        </span>
        <span className="card-text">
          <span className="card-name">{node.name}</span>
          <span className="card-line">
            <span className="card-facts">
              <span>{node.kind}</span>
              {infoOf(object).map((value) => (
                <span key={value} className="card-info">
                  {value}
                </span>
              ))}
            </span>
            <States object={object} />
          </span>
        </span>
      </UnstyledButton>
      {children.length > 0 && (
        <UnstyledButton className="card-turn" tabIndex={-1} aria-expanded={!isFolded} onClick={onTurn}>
          {hidden > 0 ? `+${hidden}` : "–"} <span className="hidden-text">{isFolded ? t("tree.expand", { name: node.name }) : t("tree.collapse", { name: node.name })}</span>
        </UnstyledButton>
      )}
    </div>
  );
}

/** One sign where all is well; the worst of what is not is said in a word. */
function States({ object }: { object: AppObject }) {
  const { node, sync, requiresPruning } = object;
  const healthy = !node.health?.status || toneOf(node.health.status) === "good";
  const synced = (!sync || toneOf(sync) === "good") && requiresPruning !== true;
  const sign = healthy && synced ? (node.health?.status ? "health" : "sync") : undefined;
  // Next to the word for an ill object there is room for no other.
  const isSyncPlain = synced || !healthy;
  return (
    <span className="card-states">
      <span className={healthy && sign !== "health" ? "hidden-text" : undefined}>
        <ObjectHealth object={object} plain={healthy} />
      </span>
      <span className={(synced && sign !== "sync") || node.health?.status === "Missing" ? "hidden-text" : undefined}>
        <ObjectSync object={object} plain={isSyncPlain} />
      </span>
    </span>
  );
}

const SHOWN_STATES = 2;

function GroupCard({ node: { id, label, by, members, isOpen }, focusable, onTurn }: { node: Extract<GraphNode, { what: "group" }>; focusable: Focusable; onTurn: () => void }) {
  const t = useText();
  const states = statesOf(members);
  const name = by === "wave" ? t("graph.wave", { wave: label }) : by === "old" ? t("graph.old", { kind: label }) : label || "–";
  return (
    <div className={`graph-card heap ${toneOf(states[0]?.[0])}`} data-heap={id}>
      <UnstyledButton className="card-open" aria-expanded={isOpen} onClick={onTurn} {...focusable}>
        <span className="kind-mark" aria-hidden="true">
          {by === "kind" || by === "old" ? kindMark(label) : by === "wave" ? "~" : "ns"}
        </span>
        <span className="card-text">
          <span className="card-name">
            {name} <small>× {members.length}</small>
          </span>
          <span className="card-line">
            {states.length === 0 ? <span>{t("graph.noHealth")}</span> : states.slice(0, SHOWN_STATES).map(([state, count]) => (
              <span key={state} className="heap-state">
                <Status value={state} /> {count}
              </span>
            ))}
          </span>
        </span>
        <span className="heap-turn" aria-hidden="true">
          {isOpen ? "–" : "+"}
        </span>
      </UnstyledButton>
    </div>
  );
}
