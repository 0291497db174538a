import type { AppObject, AppObjects } from "../../tree.ts";

export const GROUPINGS = ["auto", "kind", "namespace", "wave", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the picture shows: the application, its objects, and heaps of siblings that are alike. */
export type GraphNode = { id: string; children: GraphNode[] } & (
  | { what: "application" }
  /** `hidden`: how many objects below it are folded away. */
  | { what: "object"; object: AppObject; hidden: number }
  | { what: "group"; label: string; by: "kind" | "namespace" | "wave" | "old"; members: readonly AppObject[]; isOpen: boolean }
);

export interface GraphOptions {
  by: Grouping;
  /** Objects that are folded, and heaps that are open. */
  turned: ReadonlySet<string>;
  isShown?: (object: AppObject) => boolean;
}

export const ROOT_ID = "application";
/** More siblings of one kind than this are one heap. */
const HEAP = 8;
/** As many sets without pods are: what was deployed before. */
const OLD_SETS = 3;

/** The picture's tree. Siblings that are many and alike are one heap until it is opened. */
export function graphTree({ roots }: AppObjects, { by, turned, isShown = () => true }: GraphOptions): GraphNode {
  const objectNode = (object: AppObject): GraphNode => {
    const shown = object.children.filter(isShown);
    const folded = shown.length > 0 && turned.has(object.key);
    return { id: object.key, what: "object", object, hidden: folded ? countBelow(object, isShown) : 0, children: folded ? [] : nodesOf(shown, object.key, by === "none" ? "none" : "auto") };
  };
  const nodesOf = (siblings: readonly AppObject[], parent: string, how: Grouping): GraphNode[] => {
    const heaps = new Map<string, AppObject[]>();
    for (const object of siblings) {
      const heap = heapOf(object, how, isShown);
      const members = heaps.get(heap);
      if (members === undefined) heaps.set(heap, [object]);
      else members.push(object);
    }
    return [...heaps].flatMap(([heap, members]): GraphNode[] => {
      const separator = heap.indexOf(":");
      const alike = heap.slice(0, separator) as "" | "kind" | "namespace" | "wave" | "old";
      if (alike === "" || members.length < (how !== "auto" ? 2 : alike === "old" ? OLD_SETS : HEAP + 1)) return members.map(objectNode);
      const id = `${parent}>${heap}`;
      const isOpen = turned.has(id);
      return [{ id, what: "group", by: alike, label: heap.slice(separator + 1), members, isOpen, children: isOpen ? members.map(objectNode) : [] }];
    });
  };
  return { id: ROOT_ID, what: "application", children: nodesOf(roots.filter(isShown), ROOT_ID, by) };
}

/** The name of the heap that an object may lie on; an empty one is none. */
function heapOf(object: AppObject, how: Grouping, isShown: (object: AppObject) => boolean): string {
  switch (how) {
    case "none":
      return ":";
    case "namespace":
      return `namespace:${object.node.namespace ?? ""}`;
    case "wave":
      return `wave:${object.wave ?? 0}`;
    case "kind":
      return `kind:${object.node.kind}`;
    case "auto":
      return object.node.kind === "ReplicaSet" && !object.children.some(isShown) ? "old:ReplicaSet" : `kind:${object.node.kind}`;
  }
}

function countBelow(object: AppObject, isShown: (object: AppObject) => boolean): number {
  return object.children.filter(isShown).reduce((sum, child) => sum + 1 + countBelow(child, isShown), 0);
}
