import type { Rollout } from "@trireme/api/argo";
import { copyJson, mergePatch } from "../rollout/json.ts";
import { timeText } from "../rollout/times.ts";
import type { Write } from "../snapshot.ts";
import { ConditionType, Reason, setCondition } from "./conditions.ts";
import { phaseOf } from "./phase.ts";

/** The status of a Rollout whose new set the server refused; undefined where it says so already. */
export function createErrorStatus(rollout: Rollout, message: string, now: number): Write | undefined {
  const status = copyJson(rollout.status ?? {});
  setCondition(status, { type: ConditionType.Progressing, status: "False", reason: Reason.ReplicaSetCreateError, message }, timeText(now));
  status.observedGeneration = String(rollout.metadata.generation ?? 0);
  Object.assign(status, phaseOf(rollout, status));
  const patch = mergePatch({ status: rollout.status ?? {} }, { status });
  return patch === undefined ? undefined : { verb: "patch", base: rollout, patch, type: "merge", subresource: "status" };
}
