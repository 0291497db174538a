import { isMap } from "../types.ts";
import { Directive } from "./directives.ts";

/** Whether two items of a list are the same one: by their merge key, or by value where there is none. */
export function sameKey(a: unknown, b: unknown, mergeKey: string): boolean {
  return keyOf(a, mergeKey) === keyOf(b, mergeKey);
}

function keyOf(item: unknown, mergeKey: string): unknown {
  return mergeKey !== "" && isMap(item) ? item[mergeKey] : item;
}

/**
 * A merged list in order: items that the patch names as the patch orders them; items of the server alone keep
 * their order, each before the patch's items that it stood in front of.
 */
export function itemsByOrder(merged: readonly unknown[], patchOrder: readonly unknown[], serverOrder: readonly unknown[], mergeKey: string): unknown[] {
  const patchRank = ranks(patchOrder, mergeKey);
  const serverRank = ranks(serverOrder, mergeKey);
  const rankIn = (rank: Map<unknown, number>, item: unknown): number => rank.get(keyOf(item, mergeKey)) ?? -1;
  const patched = merged.filter((item) => rankIn(patchRank, item) >= 0);
  const serverOnly = merged.filter((item) => rankIn(patchRank, item) < 0);
  const ordered = sorted(patched, (item) => rankIn(patchRank, item));
  const server = sorted(serverOnly, (item) => rankIn(serverRank, item));

  const out: unknown[] = [];
  let i = 0;
  let j = 0;
  while (i < server.length || j < ordered.length) {
    if (i >= server.length) out.push(ordered[j++]);
    else if (j >= ordered.length) out.push(server[i++]);
    else {
      const l = rankIn(serverRank, server[i]);
      const r = rankIn(serverRank, ordered[j]);
      out.push(l >= 0 && r >= 0 && l < r ? server[i++] : ordered[j++]);
    }
  }
  return out;
}

/** Directives to delete an item come after all others. */
function sorted(items: readonly unknown[], rank: (item: unknown) => number): unknown[] {
  const deletes = items.filter(isDelete);
  const others = items.filter((item) => !isDelete(item));
  const placed = others.map((item, index) => ({ item, index, rank: rank(item) }));
  placed.sort((a, b) => (a.rank < 0 || b.rank < 0 ? a.index - b.index : a.rank - b.rank || a.index - b.index));
  return [...placed.map(({ item }) => item), ...deletes];
}

function isDelete(item: unknown): boolean {
  return isMap(item) && item[Directive.Patch] === "delete";
}

function ranks(items: readonly unknown[], mergeKey: string): Map<unknown, number> {
  const rank = new Map<unknown, number>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item, mergeKey);
    if (!rank.has(key)) rank.set(key, index);
  }
  return rank;
}
