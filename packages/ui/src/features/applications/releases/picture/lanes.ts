import type { ReplicaSet, RolloutRelease, SteeredService } from "../../details/types.ts";

/** One set of a Rollout with what leads to it. */
export interface Lane {
  set: ReplicaSet;
  services: SteeredService[];
  /** Of the traffic, in hundredths; undefined where shares are nobody's business. */
  share: number | undefined;
  /** The share that the steps ask for, where it is another one. */
  asked: number | undefined;
}

/** The sets that something comes of: those with pods or a part to play, the newest revision last, as releases are read. */
export function lanesOf({ sets, services, weight, currentRevision }: RolloutRelease): { lanes: Lane[]; idle: SteeredService[]; others: ReplicaSet[] } {
  const all = sets ?? [];
  const steered = services ?? [];
  const counts = (set: ReplicaSet): boolean => (set.roles ?? []).length > 0 || (set.desired ?? 0) > 0 || (set.ready ?? 0) > 0 || (set.pods ?? []).length > 0 || steered.some((service) => service.set === set.name);
  const shown = all.filter(counts).toSorted((a, b) => Number(a.revision ?? 0) - Number(b.revision ?? 0));
  return {
    lanes: shown.map((set) => ({ set, services: steered.filter((service) => service.set === set.name), ...shareOf(set, weight, currentRevision) })),
    idle: steered.filter((service) => !shown.some((set) => set.name === service.set)),
    others: all.filter((set) => !counts(set)),
  };
}

/** Only the newest and the stable set share; what else still has pods is on its way out. */
function shareOf(set: ReplicaSet, weight: RolloutRelease["weight"], current: string | undefined): Pick<Lane, "share" | "asked"> {
  if (weight === undefined || weight === null) return { share: undefined, asked: undefined };
  const { actual = 0, desired = 0 } = weight;
  const of = (newest: number): number | undefined => (set.revision === current ? newest : (set.roles ?? []).includes("stable") ? 100 - newest : undefined);
  const [share, asked] = [of(actual), of(desired)];
  return { share, asked: asked === share ? undefined : asked };
}
