import { nearest, type Box, type Direction } from "./nearest.ts";

const box = (name: string, left: number, top: number): Box & { name: string } => ({ name, left, top, right: left + 20, bottom: top + 20 });
/** a b c / d, and e far to the right. */
const BOXES = [box("a", 0, 0), box("b", 25, 0), box("c", 50, 0), box("d", 0, 25), box("e", 200, 10)];

test.each<[from: string, direction: Direction, to: string | undefined]>([
  ["a", "right", "b"],
  ["c", "left", "b"],
  ["a", "down", "d"],
  ["c", "down", "d"],
  ["d", "up", "a"],
  ["c", "right", "e"],
  ["a", "up", undefined],
  ["e", "right", undefined],
])("from %s to the %s is %s", (from, direction, to) => {
  expect(nearest(BOXES.find(({ name }) => name === from)!, BOXES.filter(({ name }) => name !== from), direction)?.name).toBe(to);
});
