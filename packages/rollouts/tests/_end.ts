import type { Rollout } from "@trireme/api/argo";
import { hashOf, wanted, type ReplicaSet, type Service } from "./_imports.ts";
import type { InputPatch } from "./_scenario.ts";

/** A Rollout and what belongs to it, at one moment, of a model or of a cluster. */
export interface Seen {
  rollout: Rollout;
  sets: readonly ReplicaSet[];
  service(name: string): Service | undefined;
}

export const selectedOf = (seen: Seen, name: string): string | undefined => seen.service(name)?.spec.selector?.["rollouts-pod-template-hash"];

/**
 * Lets go on what a person or an unclear analysis holds: its sets have the sizes that they happened to have on their way,
 * and only where the way leads can be compared. An analysis that is unclear stays so, and its update is aborted.
 */
export function letGoPatches(held: Rollout): InputPatch[] {
  if (!isHalted(held)) return [];
  return [...(isUnclear(held) ? [{ status: { abort: true } }] : []), { spec: { paused: false } }];
}

const isUnclear = ({ status }: Rollout): boolean => status?.pauseConditions?.some((pause) => pause.reason === "InconclusiveAnalysisRun") === true;
const isHalted = (each: Rollout): boolean => each.spec.paused === true || isUnclear(each);

/** Which sets keep whatever size they have: of a halted canary all, of a blue-green one with an unclear analysis the old ones. */
function isHeld({ rollout: held }: Seen, hash: string): boolean {
  const { spec, status } = held;
  if (spec.strategy?.canary !== undefined) return isHalted(held);
  return isUnclear(held) && hash !== status?.stableRS && hash !== status?.currentPodHash;
}

/** Old sets that an unclear analysis keeps from being scaled down. */
export function heldBack(seen: Seen): string[] {
  if (seen.rollout.spec.strategy?.canary !== undefined) return [];
  return seen.sets.map(hashOf).filter((hash) => isHeld(seen, hash));
}

/** How it all ended, without what depends on times. */
export function endOf(seen: Seen): unknown {
  const { status } = seen.rollout;
  return {
    phase: status?.phase,
    message: status?.message,
    stable: status?.stableRS,
    current: status?.currentPodHash,
    step: status?.currentStepIndex,
    abort: status?.abort,
    full: status?.promoteFull,
    pauses: status?.pauseConditions?.map((pause) => pause.reason),
    services: ["active", "preview", "stable", "canary"].map((name) => selectedOf(seen, name)),
    sets: Object.fromEntries(seen.sets.map((set) => [hashOf(set), isHeld(seen, hashOf(set)) ? "held" : [wanted(set), set.status?.availableReplicas ?? 0]]).sort()),
  };
}
