import { Status } from "../../../../components/status.tsx";
import { useText } from "../../../../i18n/text.tsx";
import { shortImage } from "../../describe.ts";
import type { AppObject } from "../tree.ts";

type Stated = Pick<AppObject, "node" | "sync" | "requiresPruning">;

/** How an object is; nothing where its kind has no health. `plain`: the sign alone, with the word for whoever cannot see it. */
export function ObjectHealth({ object: { node }, plain = false }: { object: Stated; plain?: boolean }) {
  const t = useText();
  return node.health?.status ? <Status value={node.health.status} what={t("column.health")} plain={plain} /> : null;
}

/** Whether an object is as Git declares it; nothing where Git does not. */
export function ObjectSync({ object: { sync, requiresPruning }, plain = false }: { object: Stated; plain?: boolean }) {
  const t = useText();
  const state = requiresPruning === true ? "RequiresPruning" : sync;
  return state ? <Status value={state} what={t("column.sync")} plain={plain} /> : null;
}

/** What stands elsewhere, or is no word for people. */
const UNTOLD = new Set(["Status Reason", "Node", "PodRequestsCPU", "PodRequestsMEM"]);

/** Replicas, revision, restarts; of a pod what it runs too. */
export function infoOf({ node: { info, images, kind } }: Pick<AppObject, "node">): string[] {
  const values = (info ?? []).filter(({ name, value }) => value !== "0" && !UNTOLD.has(name)).map(({ name, value }) => (name === "Restart Count" ? `↻ ${value}` : value));
  return [...new Set([...values, ...(kind === "Pod" ? (images ?? []).slice(0, 1).map(shortImage) : [])])];
}

export function ObjectInfo({ object }: { object: Pick<AppObject, "node"> }) {
  return infoOf(object).map((value) => <small key={value}>{value}</small>);
}

const WORST = ["Degraded", "Missing", "Unknown", "Progressing", "Suspended", "Healthy"];

/** How many of some objects are in each state, the worst first. */
export function statesOf(members: readonly AppObject[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { node } of members) if (node.health?.status) counts.set(node.health.status, (counts.get(node.health.status) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => WORST.indexOf(a) - WORST.indexOf(b));
}
