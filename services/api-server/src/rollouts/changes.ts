import type { KubeObject } from "@trireme/api";
import { isNotFound, type KubeClient, type ObjectRef } from "@trireme/kube";
import { currentStepIndex, stepsOf } from "./steps.ts";

/** What a client patches of a Rollout: each half through its own door. */
export interface RolloutChange {
  status?: Record<string, unknown>;
  spec?: Record<string, unknown>;
}

/**
 * To the next step, or to the end of all of them: the fields that `kubectl argo rollouts promote` patches. A pause is
 * ended by taking its condition away and leaving `controllerPause`, by which the controller knows that a person did it.
 */
export function promotion(rollout: KubeObject, full: boolean): RolloutChange {
  const { spec = {}, status = {} } = rollout;
  const unpaused = spec.paused === true && { spec: { paused: false } };
  if (full) return { ...unpaused, ...(status.currentPodHash !== status.stableRS && { status: { promoteFull: true } }) };
  const index = currentStepIndex(rollout);
  const next = index === undefined ? undefined : Math.min(index + 1, Math.max(index, stepsOf(rollout).length));
  const waits = (status.pauseConditions ?? []).length > 0;
  if (waits && status.controllerPause === true && next !== undefined && status.canary?.currentStepAnalysisRunStatus?.status === "Inconclusive") return { ...unpaused, status: { pauseConditions: null, controllerPause: false, currentStepIndex: next } };
  if (waits) return { ...unpaused, status: { pauseConditions: null } };
  return { ...unpaused, ...(next !== undefined && { status: { pauseConditions: null, currentStepIndex: next } }) };
}

/** Whether a promotion resumes rather than skips. */
export function isPaused({ spec, status }: KubeObject): boolean {
  return spec?.paused === true || (status?.pauseConditions ?? []).length > 0;
}

export const abortion: RolloutChange = { status: { abort: true } };
export const retrial: RolloutChange = { status: { abort: false } };

/** `at`: RFC 3339. */
export const restartAt = (at: string): RolloutChange => ({ spec: { restartAt: at } });

/** Status first; where it has no door of its own, both halves go through one. Answers the Rollout as it is then. */
export async function change(client: KubeClient, ref: ObjectRef, rollout: KubeObject, { status, spec }: RolloutChange, signal: AbortSignal): Promise<KubeObject> {
  let now = rollout;
  let rest: Record<string, unknown> | undefined = spec && { spec };
  if (status !== undefined) {
    try {
      now = await client.patch(ref, "merge", { status }, { subresource: "status", signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
      rest = { ...rest, status };
    }
  }
  return rest === undefined ? now : client.patch(ref, "merge", rest, { signal });
}
