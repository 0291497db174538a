import { neighbour } from "./neighbour.ts";

const tree = { id: "app", children: [{ id: "a", children: [{ id: "a1", children: [] }] }, { id: "b", children: [{ id: "b1", children: [] }, { id: "b2", children: [] }] }] };

test.each([
  ["app", "right", "a"],
  ["a", "down", "b"],
  ["a1", "down", "b1"],
  ["b1", "up", "a1"],
  ["b2", "left", "b"],
  ["b2", "down", undefined],
  ["app", "left", undefined],
  ["gone", "down", undefined],
] as const)("from %s, %s leads to %s", (id, direction, next) => expect(neighbour(tree, id, direction)).toBe(next));
