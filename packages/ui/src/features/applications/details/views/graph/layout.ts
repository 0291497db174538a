/** A tree to be laid out. */
export interface Hanging {
  id: string;
  children: readonly Hanging[];
}

/** Where a node stands: its upper left corner, in pixels. */
export interface Place {
  x: number;
  y: number;
}

export interface Layout {
  /** By the node's id, parents before their children. */
  places: ReadonlyMap<string, Place>;
  width: number;
  height: number;
  /** One SVG path of all lines from owners to what hangs below them. */
  lines: string;
}

export const CARD = { width: 256, height: 52 } as const;
const ACROSS = CARD.width + 44;
const DOWN = CARD.height + 10;
/** Between families. */
const APART = 8;
const BEND = 8;

/**
 * A tidy tree from left to right. An owner stands at the height of the first thing below it, so that a long family
 * reads from the top like a list, and every node has a line of its own. Linear in the number of nodes.
 */
export function layoutTree<T extends Hanging>(root: T): Layout {
  const places = new Map<string, Place>();
  const lines: string[] = [];
  let bottom = -DOWN;
  let deepest = 0;
  let lowest = 0;
  const place = (node: Hanging, depth: number, isFirst: boolean): Place => {
    // A first child shares its owner's line.
    if (!isFirst) bottom += DOWN;
    const at = { x: depth * ACROSS, y: bottom };
    places.set(node.id, at);
    deepest = Math.max(deepest, depth);
    lowest = bottom;
    for (const [index, child] of node.children.entries()) {
      lines.push(line(at, place(child, depth + 1, index === 0)));
    }
    if (node.children.length > 1) bottom += APART;
    return at;
  };
  place(root, 0, false);
  return { places, width: deepest * ACROSS + CARD.width, height: lowest + CARD.height, lines: lines.join("") };
}

/** Out of the owner's right side, down, and into the left side of what it owns, with rounded corners. */
function line(from: Place, to: Place): string {
  const x = from.x + CARD.width;
  const y = from.y + CARD.height / 2;
  const end = to.y + CARD.height / 2;
  if (end === y) return `M${x} ${y}H${to.x}`;
  const turn = x + (to.x - x) / 2;
  return `M${turn - BEND} ${y}q${BEND} 0 ${BEND} ${BEND}V${end - BEND}q0 ${BEND} ${BEND} ${BEND}H${to.x}`;
}
