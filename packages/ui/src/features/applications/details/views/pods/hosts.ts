import type { AppObject, AppObjects } from "../../tree.ts";
import type { Host, TreeNode } from "../../types.ts";

export const POD_GROUPS = ["node", "owner"] as const;
export type PodGroup = (typeof POD_GROUPS)[number];

export interface Pods {
  /** The node's name, or the owner's kind and name; empty: on no node yet, or nobody's. */
  title: string;
  host?: Host;
  owner?: AppObject;
  pods: AppObject[];
  /** The same pods the other way: of a node by workload, of a workload by node. */
  parts: { title: string; pods: AppObject[] }[];
}

/** The pods of an application by the node that they run on, or by the workload that owns them; by name, the homeless last. */
export function podsBy({ all }: AppObjects, hosts: readonly Host[], by: PodGroup, isShown: (object: AppObject) => boolean): Pods[] {
  const groups = new Map<string, Pods>();
  for (const object of all.values()) {
    if (!isPod(object) || !isShown(object)) continue;
    const top = by === "owner" ? workloadOf(object) : undefined;
    const title = titleOf(object, by);
    const host = by === "node" ? hosts.find(({ name }) => name === title) : undefined;
    const group = groups.get(title) ?? { title, pods: [], parts: [], ...(host && { host }), ...(top && { owner: top }) };
    group.pods.push(object);
    const part = titleOf(object, by === "node" ? "owner" : "node");
    const known = group.parts.find((one) => one.title === part);
    if (known === undefined) group.parts.push({ title: part, pods: [object] });
    else known.pods.push(object);
    groups.set(title, group);
  }
  for (const { parts } of groups.values()) parts.sort(byTitle);
  return [...groups.values()].sort(byTitle);
}

export const isPod = ({ node: { kind, group = "" } }: AppObject): boolean => kind === "Pod" && group === "";

/** In order; the homeless last. Numbers in names count as such. */
const byTitle = (a: { title: string }, b: { title: string }): number => (a.title === "" ? 1 : b.title === "" ? -1 : a.title.localeCompare(b.title, "en", { numeric: true }));

function titleOf(pod: AppObject, by: PodGroup): string {
  if (by === "node") return infoValue(pod.node, "Node");
  const top = workloadOf(pod);
  return top === undefined ? "" : `${top.node.kind} ${top.node.name}`;
}

/** The outermost owner that is shown. */
export function workloadOf(object: AppObject): AppObject | undefined {
  let at = object.parent;
  while (at?.parent !== undefined) at = at.parent;
  return at;
}

/** What the tree tells of a pod beside its state; empty where it does not. */
export const infoValue = ({ info }: TreeNode, name: string): string => (info ?? []).find((one) => one.name === name)?.value ?? "";
