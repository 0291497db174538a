import type { Rollout, RolloutStatus } from "@trireme/api/argo";
import { stepText } from "../canary/steps.ts";
import { pauseSeconds } from "../rollout/defaults.ts";
import { available, wanted, type ReplicaSet } from "../rollout/objects.ts";
import { timeMs, timeText } from "../rollout/times.ts";

/** What has to happen next. */
export interface Waiting {
  /** Has a line in docs/errors.md. */
  reason: string;
  message: string;
  since?: string;
  /** When it goes on by itself. */
  until?: string;
  blocker?: { kind: string; name: string };
}

/** What a Rollout waits for; undefined for one that is done. `current` is the set of the template as it is now. */
export function waitingFor(rollout: Rollout, current: ReplicaSet | undefined): Waiting | undefined {
  const status = rollout.status ?? {};
  if (Number(status.observedGeneration ?? 0) < (rollout.metadata.generation ?? 0)) return { reason: "SpecNotObserved", message: "the controller has not seen the newest spec yet" };
  if (status.phase === "Healthy") return undefined;
  return fromConditions(status) ?? fromPauses(rollout, status) ?? fromRestart(rollout, status) ?? fromAnalysis(rollout, status) ?? fromPods(current) ?? fromStrategy(rollout, status);
}

function fromConditions(status: RolloutStatus): Waiting | undefined {
  for (const { type, reason, message, lastUpdateTime } of status.conditions ?? []) {
    const since = lastUpdateTime === undefined ? {} : { since: lastUpdateTime };
    if (type === "InvalidSpec") return { reason: "InvalidSpec", message, ...since };
    if (reason === "RolloutAborted") return { reason: "RolloutAborted", message, ...(status.abortedAt === undefined ? since : { since: status.abortedAt }) };
    if (reason === "ProgressDeadlineExceeded") return { reason: "ProgressDeadlineExceeded", message, ...since };
  }
  return undefined;
}

function fromPauses(rollout: Rollout, status: RolloutStatus): Waiting | undefined {
  if (rollout.spec.paused === true) return { reason: "PausedByPerson", message: "spec.paused is set: it goes on when that is taken back" };
  const pause = status.pauseConditions?.[0];
  if (pause === undefined) return status.controllerPause === true ? { reason: "Resuming", message: "it was resumed; the controller is about to go on" } : undefined;
  const since = pause.startTime;
  switch (pause.reason) {
    case "CanaryPauseStep": {
      const step = rollout.spec.strategy?.canary?.steps?.[status.currentStepIndex ?? 0];
      const seconds = step?.pause?.duration === undefined ? undefined : pauseSeconds(step.pause.duration);
      const what = step === undefined ? "a pause" : `step ${(status.currentStepIndex ?? 0) + 1}, ${stepText(step)}`;
      return { reason: "PauseStep", message: seconds === undefined ? `${what}: it goes on when somebody promotes it` : `${what}: it goes on by itself`, since, ...after(since, seconds) };
    }
    case "BlueGreenPause": {
      const { autoPromotionEnabled, autoPromotionSeconds = 0 } = rollout.spec.strategy?.blueGreen ?? {};
      const seconds = autoPromotionEnabled !== false && autoPromotionSeconds > 0 ? autoPromotionSeconds : undefined;
      return { reason: "PauseBeforePromotion", message: seconds === undefined ? "the new set is ready: it becomes active when somebody promotes it" : "the new set is ready: it becomes active by itself", since, ...after(since, seconds) };
    }
    default: {
      const run = [status.blueGreen?.prePromotionAnalysisRunStatus, status.blueGreen?.postPromotionAnalysisRunStatus, status.canary?.currentStepAnalysisRunStatus, status.canary?.currentBackgroundAnalysisRunStatus].find((each) => each?.status === "Inconclusive");
      return { reason: "AnalysisInconclusive", message: `${pause.reason}: somebody has to decide, by promoting or aborting`, since, ...(run !== undefined && { blocker: { kind: "AnalysisRun", name: run.name } }) };
    }
  }
}

function after(since: string | undefined, seconds: number | undefined): { until?: string } {
  return since === undefined || seconds === undefined || seconds < 0 ? {} : { until: timeText(timeMs(since) + seconds * 1000) };
}

function fromRestart({ spec }: Rollout, status: RolloutStatus): Waiting | undefined {
  if (spec.restartAt === undefined || (status.restartedAt !== undefined && timeMs(spec.restartAt) === timeMs(status.restartedAt))) return undefined;
  return { reason: "PodsRestarting", message: `pods from before ${spec.restartAt} are being replaced`, since: spec.restartAt };
}

/** Only runs that hold the update up: one in the background does not. */
function fromAnalysis({ spec }: Rollout, status: RolloutStatus): Waiting | undefined {
  const isStep = spec.strategy?.canary?.steps?.[status.currentStepIndex ?? 0]?.analysis !== undefined;
  const runs = [status.blueGreen?.prePromotionAnalysisRunStatus, status.blueGreen?.postPromotionAnalysisRunStatus, isStep ? status.canary?.currentStepAnalysisRunStatus : undefined];
  const run = runs.find((each) => each !== undefined && ["", "Pending", "Running"].includes(each.status));
  return run && { reason: "AnalysisRunning", message: `AnalysisRun ${run.name} is measuring`, blocker: { kind: "AnalysisRun", name: run.name } };
}

function fromPods(current: ReplicaSet | undefined): Waiting | undefined {
  if (current === undefined || available(current) >= wanted(current)) return undefined;
  const name = current.metadata.name ?? "";
  return { reason: "PodsNotAvailable", message: `${available(current)} of ${wanted(current)} pods of ${name} are available`, blocker: { kind: "ReplicaSet", name } };
}

function fromStrategy({ spec }: Rollout, status: RolloutStatus): Waiting {
  const blueGreen = spec.strategy?.blueGreen;
  const message = status.message ?? "";
  if (blueGreen !== undefined && status.blueGreen?.activeSelector !== status.currentPodHash) return { reason: "ServiceNotSwitched", message, blocker: { kind: "Service", name: blueGreen.activeService } };
  if (spec.strategy?.canary !== undefined && (status.replicas ?? 0) > (status.updatedReplicas ?? 0) && (spec.strategy.canary.steps?.length ?? 0) === (status.currentStepIndex ?? 0)) return { reason: "OldPodsTerminating", message };
  return { reason: "StepsLeft", message };
}
