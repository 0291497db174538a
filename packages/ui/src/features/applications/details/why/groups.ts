import type { WhyReason } from "../types.ts";

/** Reasons that say the same of several objects, told as one. */
export interface WhyGroup {
  key: string;
  /** The first of them speaks for all. */
  reason: WhyReason;
  all: readonly WhyReason[];
}

/** Of which the objects are what counts, and not what each of them says. */
const COUNTED = new Set(["Missing", "Drifted", "RequiresPruning", "Progressing", "Degraded", "Suspended"]);

/** Told in the order in which the heaviest of each stands. */
export function groupsOf(reasons: readonly WhyReason[]): WhyGroup[] {
  const groups = new Map<string, WhyReason[]>();
  for (const [index, reason] of reasons.entries()) {
    const key = COUNTED.has(reason.reason) ? `${reason.reason}/${reason.cause ?? ""}/${reason.values?.["image"] ?? ""}` : `${reason.reason}/${index}`;
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  return [...groups].map(([key, all]) => ({ key, reason: all[0]!, all }));
}
