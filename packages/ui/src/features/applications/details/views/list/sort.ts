import type { AppObject } from "../../tree.ts";

export const COLUMNS = ["name", "kind", "namespace", "sync", "health", "created"] as const;
export type Column = (typeof COLUMNS)[number];

/** A column, and whether its order is turned round. */
export interface Order {
  column: Column;
  down: boolean;
}

/** Reads `?order=health` and `?order=-created`. */
export function orderOf(parameter: string | null): Order {
  const down = parameter?.startsWith("-") ?? false;
  const column = COLUMNS.find((one) => one === (down ? parameter!.slice(1) : parameter));
  return column === undefined ? { column: "kind", down: false } : { column, down };
}

/** The order after a click on a column's head. */
export const turned = (order: Order, column: Column): string => (order.column === column && !order.down ? `-${column}` : column);

/** What needs somebody stands first. */
const WORST = new Map(["Degraded", "Missing", "Unknown", "OutOfSync", "Progressing", "Suspended", "Healthy", "Synced"].map((state, index) => [state, index]));

/** Objects in that order; ties by kind, namespace and name. */
export function sortedObjects(objects: readonly AppObject[], { column, down }: Order): AppObject[] {
  const keyed = objects.map((object) => ({ object, by: valueIn(object, column), tie: `${object.node.kind}\0${object.node.namespace ?? ""}\0${object.node.name}` }));
  const direction = down ? -1 : 1;
  return keyed.sort((a, b) => direction * compare(a.by, b.by) || compare(a.tie, b.tie)).map(({ object }) => object);
}

function valueIn({ node, sync }: AppObject, column: Column): string | number {
  switch (column) {
    case "name":
      return node.name;
    case "kind":
      return node.kind;
    case "namespace":
      return node.namespace ?? "";
    case "sync":
      return WORST.get(sync ?? "") ?? WORST.size;
    case "health":
      return WORST.get(node.health?.status ?? "") ?? WORST.size;
    case "created":
      return node.createdAt ?? "";
  }
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
