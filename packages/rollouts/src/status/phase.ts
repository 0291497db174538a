import type { Rollout, RolloutStatus } from "@trireme/api/argo";
import { isCompleted } from "../analysis/index.ts";
import { replicasOf } from "../rollout/objects.ts";
import { timeMs } from "../rollout/times.ts";
import { ConditionType, Reason } from "./conditions.ts";

export interface Phase {
  phase: "Healthy" | "Degraded" | "Progressing" | "Paused";
  message: string;
}

/** `status.phase` and `status.message`, in Argo Rollouts' words; the first rule that fits. */
export function phaseOf(rollout: Rollout, status: RolloutStatus): Phase {
  for (const { type, reason, message } of status.conditions ?? []) {
    if (type === ConditionType.InvalidSpec) return { phase: "Degraded", message: `InvalidSpec: ${message}` };
    if (reason === Reason.RolloutAborted || reason === Reason.ProgressDeadlineExceeded) return { phase: "Degraded", message: `${reason}: ${message}` };
  }
  if (rollout.spec.paused === true) return { phase: "Paused", message: "manually paused" };
  const pause = status.pauseConditions?.[0];
  if (pause !== undefined) return { phase: "Paused", message: pause.reason };
  const progressing = waitsFor(rollout, status);
  return progressing === undefined ? { phase: "Healthy", message: "" } : { phase: "Progressing", message: progressing };
}

function waitsFor(rollout: Rollout, status: RolloutStatus): string | undefined {
  const { restartAt, strategy } = rollout.spec;
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0, currentPodHash = "", stableRS = "" } = status;
  if (restartAt !== undefined && (status.restartedAt === undefined || timeMs(restartAt) !== timeMs(status.restartedAt))) return "rollout is restarting";
  if (updatedReplicas < replicasOf(rollout)) return "more replicas need to be updated";
  if (availableReplicas < updatedReplicas) return "updated replicas are still becoming available";
  const isPromoted = stableRS !== "" && stableRS === currentPodHash;
  if (strategy?.blueGreen !== undefined) {
    const active = status.blueGreen?.activeSelector ?? "";
    if (active === "" || active !== currentPodHash) return "active service cutover pending";
    if (isPromoted) return undefined;
    const isAnalysed = strategy.blueGreen.postPromotionAnalysis === undefined || isCompleted(status.blueGreen?.postPromotionAnalysisRunStatus?.status);
    return isAnalysed ? "waiting for post-promotion verification to complete" : "waiting for analysis to complete";
  }
  if (strategy?.canary !== undefined) {
    if (strategy.canary.trafficRouting === undefined && replicas > updatedReplicas) return "old replicas are pending termination";
    if (!isPromoted) return "waiting for all steps to complete";
  }
  return undefined;
}
