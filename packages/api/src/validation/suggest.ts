/** Longest names that are compared; longer ones are no typing mistakes of each other. */
const MAX_LENGTH = 64;

/** The candidate that a mistyped name most probably means; `undefined` where none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const folded = fold(name);
  let best: { candidate: string; cost: number } | undefined;
  for (const candidate of candidates) {
    if (candidate === name || candidate.length > MAX_LENGTH) continue;
    const cost = fold(candidate) === folded ? 0.5 : distance(name.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || cost < best.cost) best = { candidate, cost };
  }
  return best !== undefined && best.cost <= Math.max(1, Math.floor(name.length / 3)) ? best.candidate : undefined;
}

/** Case, separators and a plural's s are the commonest slips. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, "").replace(/s$/, "");
}

/** Insertions, deletions, replacements and swapped neighbours between two texts. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      next[j] = cost;
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
