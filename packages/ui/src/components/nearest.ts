export type Direction = "left" | "right" | "up" | "down";

/** Where something stands: the sides of its box. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Of boxes the one that an arrow key leads to from another: the nearest in that direction, where beside the way counts as far as along it. */
export function nearest<T extends Box>(from: Box, boxes: readonly T[], direction: Direction): T | undefined {
  const isAcross = direction === "left" || direction === "right";
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  const middle = (box: Box, across: boolean): number => (across ? box.left + box.right : box.top + box.bottom) / 2;
  let found: { box: T; distance: number } | undefined;
  for (const box of boxes) {
    const along = sign * (middle(box, isAcross) - middle(from, isAcross));
    const reach = isAcross ? from.right - from.left : from.bottom - from.top;
    // What overlaps in that direction stands beside it, and not there.
    if (along < reach / 2) continue;
    const distance = along + Math.abs(middle(box, !isAcross) - middle(from, !isAcross));
    if (found === undefined || distance < found.distance) found = { box, distance };
  }
  return found?.box;
}
