import type { RolloutStatus } from "@trireme/api/argo";
import { podTemplateHash } from "../pod-template/hash.ts";
import { created, hashOf, ready, sum } from "../rollout/objects.ts";
import type { Release } from "../rollout/release.ts";
import { ConditionType, removeCondition } from "./conditions.ts";
import { copyJson } from "../rollout/json.ts";

/** The hash that the present template stands for. */
export function currentHash({ newSet, rollout, before }: Release): string {
  return newSet === undefined ? podTemplateHash(rollout.spec.template, before.collisionCount) : hashOf(newSet);
}

/** Whether the template is another one than the status knows; never on the first sight of a Rollout. */
export function isTemplateChanged(release: Release): boolean {
  const { currentPodHash } = release.before;
  return Boolean(currentPodHash) && currentPodHash !== currentHash(release);
}

/** What every pass writes alike: counts, hashes, and what it carries over from the status before. */
export function startStatus(release: Release): void {
  const { before, sets, newSet, status } = release;
  status.currentPodHash = currentHash(release);
  setCount(status, "replicas", sum(sets, created));
  setCount(status, "updatedReplicas", created(newSet));
  setCount(status, "readyReplicas", sum(sets, ready));
  if (before.collisionCount !== undefined) status.collisionCount = before.collisionCount;
  if (before.conditions !== undefined) status.conditions = copyJson(before.conditions);
  if (before.restartedAt !== undefined && status.restartedAt === undefined) status.restartedAt = before.restartedAt;
  if (before.stableRS) status.stableRS = before.stableRS;
  if (before.promoteFull === true && status.currentPodHash !== before.stableRS) status.promoteFull = true;
  status.blueGreen ??= {};
  status.canary ??= {};
  for (const name of ["alb", "albs"] as const) if (before[name] !== undefined) Object.assign(status, { [name]: before[name] });
  removeCondition(status, ConditionType.InvalidSpec);
}

/** Go leaves zeros out. */
export function setCount(status: RolloutStatus, name: "replicas" | "updatedReplicas" | "readyReplicas" | "availableReplicas" | "HPAReplicas", value: number): void {
  if (value === 0) delete status[name];
  else status[name] = value;
}

/** A new template (or new steps) starts over: no pause, no abort, no runs, and whatever was restarting counts as restarted. */
export function resetStatus(release: Release): void {
  const { rollout, status, pause } = release;
  pause.clear = true;
  pause.removeAbort = true;
  if (rollout.spec.restartAt === undefined) delete status.restartedAt;
  else status.restartedAt = rollout.spec.restartAt;
  delete status.promoteFull;
  for (const name of ["prePromotionAnalysisRunStatus", "postPromotionAnalysisRunStatus", "scaleUpPreviewCheckPoint"] as const) delete status.blueGreen![name];
  for (const name of ["currentStepAnalysisRunStatus", "currentBackgroundAnalysisRunStatus", "stepPluginStatuses"] as const) delete status.canary![name];
  if ((rollout.spec.strategy?.canary?.steps ?? []).length > 0) status.currentStepIndex = 0;
  else delete status.currentStepIndex;
}
