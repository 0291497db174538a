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
}

/** The pods of an application by the node that they run on, or by the workload that owns them; by name, the homeless last. */
export function podsBy({ all }: AppObjects, hosts: readonly Host[], by: PodGroup, isShown: (object: AppObject) => boolean): Pods[] {
  const groups = new Map<string, Pods>();
  for (const object of all.values()) {
    if (object.node.kind !== "Pod" || (object.node.group ?? "") !== "" || !isShown(object)) continue;
    const top = by === "owner" ? workloadOf(object) : undefined;
    const title = by === "node" ? nodeNameOf(object.node) : top === undefined ? "" : `${top.node.kind} ${top.node.name}`;
    const host = by === "node" ? hosts.find(({ name }) => name === title) : undefined;
    const group = groups.get(title) ?? { title, pods: [], ...(host && { host }), ...(top && { owner: top }) };
    group.pods.push(object);
    groups.set(title, group);
  }
  return [...groups.values()].sort((a, b) => (a.title === "" ? 1 : b.title === "" ? -1 : a.title < b.title ? -1 : 1));
}

/** The outermost owner that is shown. */
function workloadOf(object: AppObject): AppObject | undefined {
  let at = object.parent;
  while (at?.parent !== undefined) at = at.parent;
  return at;
}

/** As the tree tells it of a pod. */
const nodeNameOf = ({ info }: TreeNode): string => (info ?? []).find(({ name }) => name === "Node")?.value ?? "";
