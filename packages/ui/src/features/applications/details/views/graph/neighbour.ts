import type { Hanging } from "./layout.ts";

export type Direction = "left" | "right" | "up" | "down";

/** The card that an arrow key leads to: owner, first below, and the sibling (or the nearest of the same depth) before and after. */
export function neighbour(root: Hanging, id: string, direction: Direction): string | undefined {
  const levels: string[][] = [];
  const owners = new Map<string, Hanging>();
  let found: { node: Hanging; depth: number } | undefined;
  const visit = (node: Hanging, depth: number): void => {
    if (node.id === id) found = { node, depth };
    (levels[depth] ??= []).push(node.id);
    for (const child of node.children) {
      owners.set(child.id, node);
      visit(child, depth + 1);
    }
  };
  visit(root, 0);
  if (found === undefined) return undefined;
  const level = levels[found.depth]!;
  const index = level.indexOf(id);
  switch (direction) {
    case "left":
      return owners.get(id)?.id;
    case "right":
      return found.node.children[0]?.id;
    case "up":
      return level[index - 1];
    case "down":
      return level[index + 1];
  }
}
