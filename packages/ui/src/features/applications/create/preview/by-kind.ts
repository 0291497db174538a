import type { PreviewedObject } from "./use-preview.ts";

/** In the order in which they are told. */
export const STATES: readonly PreviewedObject["state"][] = ["New", "Modified", "Same", "RequiresPruning", "Hook"];

/** Objects by their kind, kinds by their name; within one, what needs a look first. */
export function byKind(objects: readonly PreviewedObject[]): { kind: string; objects: PreviewedObject[] }[] {
  const groups = Map.groupBy(objects, ({ kind }) => kind);
  const rank = ({ problem, owner, state }: PreviewedObject): number => (problem ? 0 : owner ? 1 : 2 + Math.max(0, ORDER.indexOf(state)));
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, some]) => ({ kind, objects: some.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)) }));
}

const ORDER: readonly PreviewedObject["state"][] = ["Modified", "RequiresPruning", "New", "Same", "Hook"];
