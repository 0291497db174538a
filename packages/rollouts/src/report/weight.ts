import type { Rollout } from "@trireme/api/argo";
import { available, hashOf, sum, type ReplicaSet } from "../rollout/objects.ts";

/** The share of the newest revision in hundredths: as the steps ask for, and as it is. */
export interface ReportedWeight {
  desired: number;
  actual: number;
}

/** Only for a canary. Without a traffic router it is the available pods that make the share. */
export function reportWeight({ spec, status = {} }: Rollout, sets: readonly ReplicaSet[]): ReportedWeight | undefined {
  const canary = spec.strategy?.canary;
  if (canary === undefined) return undefined;
  const isDone = status.currentPodHash !== undefined && status.currentPodHash === status.stableRS;
  const routed = status.canary?.weights?.canary?.weight;
  const all = sum(sets, available);
  const current = sum(sets.filter((set) => hashOf(set) === status.currentPodHash), available);
  return { desired: isDone ? 100 : desiredOf(canary.steps ?? [], status), actual: routed ?? (all === 0 ? 0 : Math.floor((current * 100) / all)) };
}

function desiredOf(steps: readonly { setWeight?: number }[], status: NonNullable<Rollout["status"]>): number {
  if (status.abort === true) return 0;
  const index = status.currentStepIndex ?? 0;
  if (status.promoteFull === true || index >= steps.length) return 100;
  return steps.slice(0, index + 1).findLast(({ setWeight }) => setWeight !== undefined)?.setWeight ?? 0;
}
