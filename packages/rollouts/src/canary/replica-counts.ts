/** Sizes as wanted and as available of one set; undefined: there is none. */
export interface SetSize {
  wanted: number;
  available: number;
}

export interface CanaryCounts {
  canary: number;
  stable: number;
}

/**
 * How large the new and the stable set of a canary without a traffic router are to be next. It moves towards the split
 * that is nearest to the weight without ever exceeding `replicas + maxSurge` pods or leaving fewer than
 * `replicas - maxUnavailable` available: what may be missing is scaled down first by those whose pods count least.
 */
export function basicCanaryCounts(of: {
  replicas: number;
  weight: number;
  maxWeight: number;
  maxSurge: number;
  maxUnavailable: number;
  canary: SetSize | undefined;
  /** undefined where it is the same set, or there is none. */
  stable: SetSize | undefined;
  /** Pods wanted of all other sets. */
  others: number;
}): CanaryCounts {
  const { replicas, canary, stable, others, maxSurge } = of;
  const desired = stable === undefined ? { canary: replicas, stable: 0 } : nearestSplit(of);
  const most = replicas + maxSurge;
  const counts: CanaryCounts = { canary: canary?.wanted ?? 0, stable: stable?.wanted ?? 0 };

  let room = most - others - counts.canary - counts.stable;
  if (stable !== undefined && stable.wanted < desired.stable && room > 0) {
    counts.stable = Math.min(desired.stable, stable.wanted + room);
    room -= counts.stable - stable.wanted;
  }
  if (canary !== undefined && canary.wanted < desired.canary && room > 0) counts.canary = Math.min(desired.canary, canary.wanted + room);
  // Older sets are drained before either of these two.
  if (others > 0) return counts;

  const least = replicas - of.maxUnavailable;
  const isIncreasing = canary === undefined || desired.canary >= canary.wanted;
  const total = counted(canary, !isIncreasing) + counted(stable, isIncreasing);
  if (total <= least) return counts;
  const spare = total - least;
  if (!isIncreasing) {
    if (canary!.wanted > desired.canary) counts.canary = Math.max(desired.canary, canary!.wanted - spare);
    [counts.canary, counts.stable] = withinLimits(canary, stable, counts.canary, counts.stable, most, least);
  } else if (stable !== undefined) {
    if (stable.wanted > desired.stable) counts.stable = Math.max(desired.stable, stable.wanted - spare);
    [counts.stable, counts.canary] = withinLimits(stable, canary, counts.stable, counts.canary, most, least);
  }
  return counts;
}

/**
 * Whole pods that come nearest to a weight. Between 0 and the maximum neither set is empty where there is room for two;
 * with a surge one pod more than `replicas` may come nearer still. Of two that are as near, the first wins.
 */
export function nearestSplit({ replicas, weight, maxWeight, maxSurge }: { replicas: number; weight: number; maxWeight: number; maxSurge: number }): CanaryCounts {
  if (replicas === 0) return { canary: 0, stable: 0 };
  const up = Math.ceil((replicas * weight) / maxWeight);
  const down = Math.floor((replicas * weight) / maxWeight);
  const isTied = (total: number) => (total * (weight / maxWeight)) % 1 === 0.5;
  const mayBeEmpty = weight === maxWeight || weight === 0 || (replicas === 1 && maxSurge === 0);
  const mayGoDown = down !== 0 || mayBeEmpty;
  const options: { canary: number; total: number }[] = [];
  if (up < replicas || mayBeEmpty) options.push({ canary: up, total: replicas });
  if (!isTied(replicas) && mayGoDown) options.push({ canary: down, total: replicas });
  if (maxSurge > 0) {
    options.push({ canary: up, total: replicas + 1 });
    if (!isTied(replicas + 1) && mayGoDown) options.push({ canary: down, total: replicas + 1 });
  }
  const distance = ({ canary, total }: { canary: number; total: number }) => Math.abs((canary * maxWeight) / total - weight);
  const [first, ...rest] = options;
  // Halfway to the last pod without room for one more: Argo Rollouts finds no split there and takes the canary away.
  if (first === undefined) return { canary: down, stable: replicas - down };
  const best = rest.reduce((nearest, option) => (distance(option) < distance(nearest) ? option : nearest), first);
  return { canary: best.canary, stable: best.total - best.canary };
}

/** Pods of a set that count as serving: never those that are about to go, and of the set that is being drained all that it wants. */
function counted(set: SetSize | undefined, ignoreAvailability: boolean): number {
  if (set === undefined) return 0;
  return set.wanted < set.available || ignoreAvailability ? set.wanted : set.available;
}

/** Keeps both within the most pods, without taking more available ones from the growing set than may be missing. */
function withinLimits(drained: SetSize | undefined, grown: SetSize | undefined, drain: number, grow: number, most: number, least: number): [number, number] {
  if (grown === undefined) return [drain, grow];
  const over = Math.max(0, grow + drain - most);
  const cut = grow - over;
  const serving = Math.min(drained?.available ?? 0, drain) + Math.min(grown.available, cut);
  const lost = Math.max(0, grown.available - cut);
  const kept = cut + Math.min(lost, Math.max(0, least - serving));
  return [drain - Math.max(0, kept + drain - most), kept];
}
