import type { Rollout, RolloutStatus } from "@trireme/api/argo";
import { replicasOf } from "../rollout/objects.ts";

/** All that is wanted is updated, available and serves; the generation was seen before this pass. */
export function isHealthy(rollout: Rollout, before: RolloutStatus, status: RolloutStatus): boolean {
  const replicas = replicasOf(rollout);
  const { blueGreen, canary } = rollout.spec.strategy ?? {};
  const current = status.currentPodHash ?? "";
  if ((status.updatedReplicas ?? 0) !== replicas || (status.availableReplicas ?? 0) !== replicas) return false;
  if (before.observedGeneration !== String(rollout.metadata.generation ?? 0)) return false;
  if (blueGreen !== undefined) return status.blueGreen?.activeSelector === current && (!blueGreen.previewService || status.blueGreen.previewSelector === current);
  const steps = canary?.steps?.length ?? 0;
  const didAll = steps === 0 || status.currentStepIndex === undefined || status.currentStepIndex === steps;
  return didAll && isPromoted(status) && (status.replicas ?? 0) === replicas;
}

export const isPromoted = ({ stableRS = "", currentPodHash = "" }: RolloutStatus): boolean => stableRS !== "" && stableRS === currentPodHash;

/** A sign of progress between two statuses. */
export function hasProgressed(rollout: Rollout, before: RolloutStatus, status: RolloutStatus): boolean {
  const count = (of: RolloutStatus, name: "replicas" | "updatedReplicas" | "readyReplicas" | "availableReplicas") => of[name] ?? 0;
  const old = (of: RolloutStatus) => count(of, "replicas") - count(of, "updatedReplicas");
  if (count(status, "updatedReplicas") !== count(before, "updatedReplicas") || old(status) < old(before)) return true;
  if (count(status, "readyReplicas") > count(before, "readyReplicas") || count(status, "availableReplicas") > count(before, "availableReplicas")) return true;
  if (rollout.spec.strategy?.blueGreen !== undefined) return differs(before.blueGreen?.activeSelector, status.blueGreen?.activeSelector) || differs(before.blueGreen?.previewSelector, status.blueGreen?.previewSelector);
  const hasStepped = status.currentStepIndex !== undefined && before.currentStepIndex !== undefined && status.currentStepIndex !== before.currentStepIndex;
  return hasStepped || differs(before.stableRS, status.stableRS) || differs(before.currentStepHash, status.currentStepHash);
}

const differs = (a: string | undefined, b: string | undefined): boolean => (a ?? "") !== (b ?? "");
